// @ts-check
/** `Things.Concentrator`, and what all methods of things have in common, with a double of the client. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { AgentAPI } from "neuron-agent-api";
import { createThings, Things } from "neuron-agent-api/things";
import { pause } from "../support/client.mjs";
import { createDevice, element, FULL_JID, failed, JID, result } from "../support/device.mjs";
import { rejection, thrown, wrong } from "../support/rejection.mjs";

/** @param {any} answer */
function deviceWith(answer) {
  const device = createDevice();
  device.answer = () => answer;
  return { device, Concentrator: createThings(device.client).Concentrator };
}

const NODE = element("nodeInfo", {
  ...{ id: "Thermometer", src: "House", nodeType: "Thermometer", displayName: "In the hall", state: "None" },
  ...{ hasChildren: "false", isReadable: "true", parentId: "Climate", lastChanged: "2026-11-26T12:00:00Z" },
});

const NODE_INFO = {
  ...{ id: "Thermometer", src: "House", nodeType: "Thermometer", displayName: "In the hall", state: "None" },
  ...{ hasChildren: false, childrenOrdered: false, isReadable: true, isControllable: false },
  ...{ hasCommands: false, sniffable: false, parentId: "Climate", lastChanged: "2026-11-26T12:00:00Z" },
  ...{ Parameters: [], Messages: [] },
};

const SOURCE = element("dataSource", { src: "House", name: "The house", hasChildren: "true" });
const DATA_SOURCE = { src: "House", name: "The house", hasChildren: true };

const TOKENS = ["d 1", "s&", "u"];
const NAMED_TOKENS = { DeviceToken: "d 1", ServiceToken: "s&", UserToken: "u" };
const WRITTEN_TOKENS = 'dt="d 1" st="s&amp;" ut="u"';

/**
 * Each method: the arguments between the address and the tokens, under their names, the request, the answer, and
 * what it is read as.
 *
 * @type {[name: keyof typeof Things.Concentrator, given: Record<string, unknown>, xml: string, answer: any, read: unknown][]}
 */
const METHODS = [
  [
    "GetCapabilities",
    {},
    "<getCapabilities",
    element("strings", { value: [element("value", { value: "getNode" }), element("value", { value: "x" })] }),
    { getNode: true, x: true },
  ],
  [
    "GetAllDataSources",
    { Language: "sv" },
    '<getAllDataSources xml:lang="sv"',
    element("dataSources", { dataSource: [SOURCE, SOURCE] }),
    [DATA_SOURCE, DATA_SOURCE],
  ],
  [
    "GetRootDataSources",
    { Language: "sv" },
    '<getRootDataSources xml:lang="sv"',
    element("dataSources", { dataSource: SOURCE }),
    [DATA_SOURCE],
  ],
  [
    "GetChildDataSources",
    { Language: "sv", SourceId: "House" },
    '<getChildDataSources xml:lang="sv" src="House"',
    element("dataSources"),
    [],
  ],
  [
    "ContainsNode",
    { Language: "sv", NodeId: "<1>", SourceId: "a\nb", Partition: "'\"&" },
    '<containsNode xml:lang="sv" id="&lt;1&gt;" src="a&#10;b" pt="\'&quot;&amp;"',
    element("bool", { value: "true" }),
    true,
  ],
  [
    "GetNode",
    { Language: "sv", Parameters: true, Messages: false, NodeId: "1", SourceId: "House", Partition: "p" },
    '<getNode xml:lang="sv" id="1" src="House" pt="p" parameters="true"',
    NODE,
    NODE_INFO,
  ],
  [
    "GetRootNodes",
    { Language: "sv", Parameters: true, Messages: true, SourceId: "House" },
    '<getRootNodes xml:lang="sv" src="House" parameters="true" messages="true"',
    element("nodeInfos", { nodeInfo: NODE }),
    [NODE_INFO],
  ],
  [
    "GetChildNodes",
    { Language: "sv", Parameters: false, Messages: true, NodeId: "1", SourceId: "House", Partition: "p" },
    '<getChildNodes xml:lang="sv" id="1" src="House" pt="p" messages="true"',
    element("nodeInfos", { nodeInfo: [NODE, NODE] }),
    [NODE_INFO, NODE_INFO],
  ],
];

for (const [name, given, start, answer, read] of METHODS) {
  test(`${name} sends its request, and reads the answer`, async () => {
    const xml = `${start.replace(/^<\w+/, '$& xmlns="urn:nf:iot:concentrator:1.0"')} ${WRITTEN_TOKENS}/>`;
    const { device, Concentrator } = deviceWith(result(answer));
    const method = /** @type {(...args: unknown[]) => Promise<unknown>} */ (Concentrator[name]);
    assert.deepEqual([method.name, method.length], [name, Object.keys(given).length + 5]);
    for (const args of [
      [FULL_JID, ...Object.values(given), ...TOKENS],
      [{ JID: FULL_JID, ...given, ...NAMED_TOKENS }],
    ]) {
      assert.deepEqual(await method(...args, { timeoutMs: 1000 }), read);
    }
    const query = ["InformationQuery", FULL_JID, "get", xml];
    assert.deepEqual(device.calls, [query, query]);
  });

  test(`${name} refuses an answer without its element`, async () => {
    const { Concentrator } = deviceWith(result(element("other")));
    const method = /** @type {(...args: unknown[]) => Promise<unknown>} */ (Concentrator[name]);
    const error = await rejection(method({ JID, ...given }));
    assert.equal(error.code, "bad-response");
    assert.equal(error.operation, `Things.Concentrator.${name}`);
    assert.ok(error.message.includes(`no element ${answer.__name}`), error.message);
  });
}

test("one capability is one, and none is none", async () => {
  const one = deviceWith(result(element("strings", { value: element("value", { value: "getNode" }) })));
  assert.deepEqual(await one.Concentrator.GetCapabilities(JID), { getNode: true });
  const none = deviceWith(result(element("strings")));
  assert.deepEqual(await none.Concentrator.GetCapabilities(JID), {});
});

test("parameters and messages of a node are read by their types", async () => {
  const parameter = (/** @type {string} */ type, /** @type {string} */ value) =>
    element(type, { id: "p", name: "P", value });
  const { Concentrator } = deviceWith(
    result({
      ...NODE,
      boolean: [parameter("boolean", "true"), parameter("boolean", "yes")],
      double: parameter("double", "-1.5e3"),
      long: [parameter("long", "42"), parameter("long", "9007199254740993")],
      string: parameter("string", "1"),
      message: element("message", {
        type: "Warning",
        timestamp: "2026-11-26T12:00:00Z",
        eventId: "Battery",
        value: "Low",
      }),
      // A list of all children, as newer brokers have it.
      __ordered: [parameter("boolean", "true")],
    }),
  );
  const { Parameters, Messages } = await Concentrator.GetNode({ JID, NodeId: "1", Parameters: true });
  assert.deepEqual(
    Parameters.map(({ type, value }) => [type, value]),
    [
      ["boolean", true],
      ["boolean", "yes"],
      ["double", -1500],
      ["long", 42],
      ["long", "9007199254740993"],
      ["string", "1"],
    ],
  );
  assert.deepEqual(Messages, [
    { type: "Warning", timestamp: "2026-11-26T12:00:00Z", eventId: "Battery", text: "Low" },
  ]);
});

test("the resource that is available is asked, and no other", async () => {
  const { device, Concentrator } = deviceWith(result(element("bool", { value: "false" })));
  assert.equal(await Concentrator.ContainsNode(JID, null, "1"), false);
  assert.deepEqual(
    device.calls.map(([name, jid]) => [name, jid]),
    [
      ["PresenceProbe", JID],
      ["InformationQuery", FULL_JID],
    ],
  );
  // A device may be a domain of its own.
  await Concentrator.ContainsNode("house.example.org", null, "1");
  assert.deepEqual(device.calls.at(-1)?.slice(0, 2), ["InformationQuery", "house.example.org"]);

  for (const presence of [
    { jid: FULL_JID, type: "unavailable" },
    { jid: JID, type: "unavailable" },
    { jid: JID, type: "" },
  ]) {
    device.calls.length = 0;
    device.presence = () => presence;
    const error = await rejection(Concentrator.ContainsNode(JID, null, "1"));
    assert.equal(error.code, "unavailable");
    assert.match(
      error.message,
      /^Things\.Concentrator\.ContainsNode: no resource of the device is available\./,
    );
    assert.equal(device.calls.length, 1);
  }
});

test("what breaks a rule is named, and nothing is sent", async () => {
  const { device, Concentrator } = deviceWith(result());
  const unreadable = new Proxy(
    {},
    {
      ownKeys() {
        throw new Error("of the proxy");
      },
    },
  );
  /** @type {[parameter: string, rule: RegExp, args: any[]][]} */
  const cases = [
    ["JID", /is missing/, []],
    ["JID", /is missing/, [""]],
    ["JID", /must be a string/, [7]],
    ["JID", /is not a JID/, ["a@b@c"]],
    ["JID", /is not a JID/, ["house@example.org/"]],
    ["JID", /is not a JID/, [`${"a".repeat(3071)}@b`]],
    ["Language", /BCP 47/, [JID, "not a language"]],
    ["NodeId", /is missing/, [JID, "en"]],
    ["NodeId", /must be a string/, [JID, "en", null, null, 7]],
    ["NodeId", /XML can't hold/, [JID, "en", null, null, "\0"]],
    ["NodeId", /XML can't hold/, [JID, "en", null, null, "\ud800"]],
    ["Parameters", /true or false/, [JID, "en", "yes", null, "1"]],
    ["UserToken", /XML can't hold/, [{ JID, NodeId: "1", UserToken: "\x01" }]],
    ["Parameters.nodeId", /is unknown; expected JID, Language, .*UserToken\./, [{ JID, nodeId: "1" }]],
    ["JID", /must be a string/, [unreadable]],
    ["Options", /unknown option onProgress/, [{ JID, NodeId: "1" }, { onProgress() {} }]],
    ["Options.timeoutMs", /whole number of milliseconds/, [{ JID, NodeId: "1" }, { timeoutMs: 0 }]],
    ["Options.signal", /AbortSignal/, [{ JID, NodeId: "1" }, { signal: {} }]],
    ["Options.encoding", /"json" or "xml"/, [{ JID, NodeId: "1" }, { encoding: "yaml" }]],
  ];
  for (const [parameter, rule, args] of cases) {
    const method = /** @type {(...args: unknown[]) => Promise<unknown>} */ (Concentrator.GetNode);
    const error = await rejection(method(...args));
    assert.deepEqual([error.code, error.parameter], ["invalid-argument", parameter], error.message);
    assert.match(error.message, rule);
    assert.ok(error.message.startsWith(`Things.Concentrator.GetNode: ${parameter} `), error.message);
  }
  assert.deepEqual(device.calls, []);
});

test("an address that the client refuses is that of the caller", async () => {
  const { device, Concentrator } = deviceWith(result());
  device.presence = () => {
    const operation = "Xmpp.PresenceProbe";
    const message = `${operation}: BareJid is not a JID (RFC 7622).`;
    throw failed("invalid-argument", { operation, parameter: "BareJid", message });
  };
  const error = await rejection(Concentrator.GetCapabilities("house@example..org"));
  assert.deepEqual([error.code, error.parameter], ["invalid-argument", "JID"]);
  assert.equal(error.message, "Things.Concentrator.GetCapabilities: JID is not a JID (RFC 7622).");
  device.answer = () => {
    const operation = "Xmpp.InformationQuery";
    throw failed("invalid-argument", {
      operation,
      parameter: "To",
      message: `${operation}: To is not a JID.`,
    });
  };
  const full = await rejection(Concentrator.GetCapabilities("house@example..org/sensors"));
  assert.deepEqual([full.code, full.parameter], ["invalid-argument", "JID"]);
  assert.equal(full.message, "Things.Concentrator.GetCapabilities: JID is not a JID.");
  device.presence = () => {
    throw failed("network");
  };
  assert.equal((await rejection(Concentrator.GetCapabilities(JID))).code, "network");
});

test("an error of the device is one, with the code that fits its condition", async () => {
  const stanzas = (/** @type {string} */ name, content = {}) => ({
    ...element(name, content),
    __ns: "urn:ietf:params:xml:ns:xmpp-stanzas",
  });
  const text = stanzas("text", { value: "The device d-secret-token says no." });
  for (const [response, code, condition, sentence] of /** @type {[any, string, string, RegExp][]} */ ([
    // As the local broker answers.
    [
      {
        errorText: "No such node.",
        ErrorElement: element("error", { type: "cancel", "item-not-found": stanzas("item-not-found") }),
      },
      "not-found",
      "item-not-found",
      /\(item-not-found\): No such node\.$/,
    ],
    // The condition by itself.
    [{ ErrorElement: stanzas("forbidden") }, "forbidden", "forbidden", /\(forbidden\)\.$/],
    [
      { Stanza: element("iq", { error: element("error", { conflict: stanzas("conflict"), text }) }) },
      "refused",
      "conflict",
      /\(conflict\): The device … says no\.$/,
    ],
    [{ errorText: "x".repeat(1000) }, "refused", "undefined-condition", /: x{300}$/],
    // What is no condition may be anything, such as a token.
    [
      { ErrorElement: element("error", { conflict: stanzas("d-secret-token"), gone: stanzas("gone") }) },
      ...["refused", "gone", /\(gone\)\.$/],
    ],
    [
      { ErrorElement: stanzas("d-secret-token") },
      ...["refused", "undefined-condition", /\(undefined-condition\)\.$/],
    ],
    [
      { ErrorElement: stanzas("constructor") },
      ...["refused", "undefined-condition", /\(undefined-condition\)\.$/],
    ],
    [{}, "refused", "undefined-condition", /\(undefined-condition\)\.$/],
  ])) {
    const { Concentrator } = deviceWith({ ok: false, ...response });
    const error = await rejection(Concentrator.GetCapabilities(JID, "d-secret-token"));
    assert.equal(error.code, code);
    assert.equal(Reflect.get(error, "condition"), condition);
    assert.match(error.message, sentence);
  }
});

test("an error of the broker that quotes a token does not show it", async () => {
  const device = createDevice();
  device.answer = () => {
    const operation = "Xmpp.InformationQuery";
    const message = `${operation}: the XML <getCapabilities dt="s7 secret-token"/> is refused.`;
    const more = { operation, status: 400, statusText: "No secret-token", alternatives: ["s7", "other"] };
    throw failed("bad-request", { message, ...more });
  };
  const { Concentrator } = createThings(device.client);
  // Each of several tokens is a secret, also by itself.
  const error = await rejection(Concentrator.GetCapabilities(JID, "s7 secret-token"));
  assert.deepEqual([error.code, error.status], ["bad-request", 400]);
  assert.equal(
    error.message,
    'Things.Concentrator.GetCapabilities: the XML <getCapabilities dt="… …"/> is refused.',
  );
  assert.equal(error.operation, "Things.Concentrator.GetCapabilities");
  assert.deepEqual([error.statusText, error.statusMessage], ["No …", "No …"]);
  assert.deepEqual(error.alternatives, ["…", "other"]);
  assert.doesNotMatch(`${error.stack} ${JSON.stringify(error)}`, /s7|secret/);

  device.answer = () => ({ ok: false, errorText: "The token secret-token is not known." });
  const refusal = await rejection(Concentrator.GetCapabilities(JID, "s7 secret-token"));
  assert.match(refusal.message, /: The token … is not known\.$/);
});

test("an error of the client is one of the operation, with its cause", async () => {
  const device = createDevice();
  const cause = new TypeError("unreachable");
  device.answer = () => {
    throw Object.assign(failed("network", { ambiguous: true, attempts: 2 }), { cause });
  };
  const error = await rejection(createThings(device.client).Concentrator.GetCapabilities(FULL_JID));
  assert.equal(error.message, "Things.Concentrator.GetCapabilities: network");
  assert.deepEqual([error.operation, error.code], ["Things.Concentrator.GetCapabilities", "network"]);
  assert.deepEqual([error.ambiguous, error.attempts, error.cause], [true, 2, cause]);
});

test("an answer that is no stanza can't be read", async () => {
  for (const Stanza of [undefined, "<iq/>", element("iq", { strings: "<strings/>" })]) {
    const { Concentrator } = deviceWith({ ok: true, Stanza });
    assert.equal((await rejection(Concentrator.GetCapabilities(JID))).code, "bad-response");
  }
});

test("the options are those of all requests, which share the deadline", async () => {
  const device = createDevice();
  /** @type {any} */
  let seen;
  device.answer = (_, options) => {
    seen = options;
    return result(element("strings"));
  };
  const { signal } = new AbortController();
  const { Concentrator } = createThings(device.client);
  await Concentrator.GetCapabilities({ JID }, { signal, encoding: "xml", timeoutMs: 5000 });
  assert.deepEqual([seen.signal, seen.encoding], [signal, "xml"]);
  assert.ok(seen.timeoutMs > 0 && seen.timeoutMs <= 5000, seen.timeoutMs);
  // The probe takes a part of it.
  const presence = device.presence();
  device.presence = async () => {
    await pause(20);
    return presence;
  };
  await Concentrator.GetCapabilities(JID);
  assert.ok(seen.timeoutMs > 29_000 && seen.timeoutMs <= 29_985, seen.timeoutMs);
});

test("things are those of a client", async () => {
  for (const client of [undefined, null, {}, { Xmpp: AgentAPI.Xmpp }, 7]) {
    const error = thrown(() => createThings(wrong(client)));
    assert.deepEqual([error.code, error.parameter], ["invalid-argument", "Client"]);
  }
  for (const [options, parameter] of [
    [{ onOther() {} }, "Options"],
    [{ onMessage: 7 }, "Options.onMessage"],
    [7, "Options"],
  ]) {
    const error = thrown(() => createThings(createDevice().client, wrong(options)));
    assert.deepEqual([error.code, error.parameter], ["invalid-argument", parameter]);
  }
  const { client } = createDevice();
  const onMessage = () => {};
  for (const options of [{ onMessage }, { onMessage }, null]) createThings(client, options);
  const another = thrown(() => createThings(client, { onMessage: () => {} }));
  assert.deepEqual([another.code, another.parameter], ["invalid-argument", "Options.onMessage"]);
  assert.match(another.message, /must be the function that this client already has\./);
  assert.deepEqual(Object.keys(Things), ["Concentrator", "Sensor"]);
  assert.equal(Object.keys(Things.Concentrator).length, 8);
  assert.equal(Object.keys(Things.Sensor).length, 4);
});

/** What an attacker may have put on `Object.prototype`. @type {Record<string, unknown>} */
const POLLUTION = {
  ...{
    DeviceToken: "evil",
    ServiceToken: "evil",
    NodeId: "evil",
    SourceId: "evil",
    Id: "evil",
    Fields: ["evil"],
  },
  ...{ Momentary: true, From: new Date(0), Language: "sv", Parameters: true, JID: "evil@example.org/evil" },
  ...{ encoding: "xml", timeoutMs: 1, signal: AbortSignal.abort(), onMessage() {}, onProgress() {} },
  ...{ cause: "evil", condition: "evil", parameter: "BareJid", operation: "evil", status: 418, attempts: 7 },
  ...{ ErrorElement: { __name: "gone" }, errorText: "evil", get: () => "evil", "item-not-found": "evil" },
};

test("a polluted `Object.prototype` decides nothing", async () => {
  const device = createDevice();
  const { Concentrator, Sensor } = createThings(device.client);
  /** @type {any} */
  let seen;
  device.answer = (xml, options) => {
    seen = { ...options };
    if (xml.startsWith("<getNode")) return { ok: false, Stanza: element("iq") };
    return result(element(xml.startsWith("<req") ? "resp" : "strings"));
  };
  for (const [name, value] of Object.entries(POLLUTION)) {
    // As an assignment would do it, and not in the way of the test runner's own loops.
    const property = { value, configurable: true, writable: true, enumerable: false, __proto__: null };
    Object.defineProperty(Object.prototype, name, property);
  }
  /** @type {Error[]} */
  const errors = [];
  let id;
  try {
    await Concentrator.GetCapabilities({ JID: FULL_JID });
    await Sensor.ReadStandaloneDevice({ JID: FULL_JID, Peak: true });
    id = device.id;
    for (const call of [
      Concentrator.GetNode({ JID: FULL_JID, NodeId: "1" }),
      Concentrator.GetNode(wrong({ JID: FULL_JID })),
      Concentrator.GetCapabilities(wrong({})),
      Sensor.ReadStandaloneDevice({ JID: FULL_JID }),
      Sensor.ReadStandaloneDevice({ JID: FULL_JID, Peak: true }, { signal: AbortSignal.abort("own") }),
    ]) {
      await call.catch((/** @type {any} */ error) => errors.push(error));
    }
  } finally {
    for (const name of Object.keys(POLLUTION)) Reflect.deleteProperty(Object.prototype, name);
  }
  assert.deepEqual(device.queries, [
    '<getCapabilities xmlns="urn:nf:iot:concentrator:1.0"/>',
    `<req xmlns="urn:nf:iot:sd:1.0" id="${id}" p="true"/>`,
    '<getNode xmlns="urn:nf:iot:concentrator:1.0" id="1"/>',
  ]);
  assert.deepEqual([seen.encoding, seen.signal, seen.timeoutMs > 1000], [undefined, undefined, true]);
  assert.deepEqual(
    errors.map((error) => [error.message, Reflect.get(error, "parameter"), error.cause]),
    [
      [
        "Things.Concentrator.GetNode: the device refuses this (undefined-condition).",
        ...[undefined, undefined],
      ],
      ["Things.Concentrator.GetNode: NodeId is missing.", "NodeId", undefined],
      ["Things.Concentrator.GetCapabilities: JID is missing.", "JID", undefined],
      [
        "Things.Sensor.ReadStandaloneDevice: Momentary or another category (Peak, Status, Computed, Identity, History) must be true.",
        ...["Momentary", undefined],
      ],
      ["Things.Sensor.ReadStandaloneDevice: the signal has fired.", undefined, "own"],
    ],
  );
});
