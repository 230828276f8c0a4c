// @ts-check
/** Every argument that breaks a rule is a typed error that names it, and sends no request. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { AgentAPI } from "neuron-agent-api";
import { callOf } from "../support/calls.mjs";
import { startRecorder } from "../support/recorder.mjs";
import { rejection, wrong } from "../support/rejection.mjs";

/** @type {import("../support/recorder.mjs").Recorder} */
let server;
before(async () => {
  server = await startRecorder();
  AgentAPI.IO.SetHost(server.host, false);
});
after(async () => {
  assert.deepEqual(server.requests, [], "a call with a bad argument sent a request");
  await server.stop();
});

const subscribe = (/** @type {unknown[]} */ ...values) =>
  callOf(AgentAPI, "Xmpp.SendPresenceSubscription", values);
const BOB = "bob@example.org";
const LONE_SURROGATE = "\uD83D";

/** Values that are no string. A wrapped string is an object. */
const NO_STRINGS = {
  "a number": 7,
  NaN: NaN,
  "a boolean": true,
  "an object": { to: BOB },
  "an array": [BOB],
  "a symbol": Symbol("to"),
  "a bigint": 7n,
  "a function": () => BOB,
  "a String object": new String(BOB),
  "a Date": new Date(0),
  "a null-prototype object": Object.create(null),
  "a hostile object": {
    toString() {
      throw new Error("never called");
    },
    valueOf: 1,
  },
  "a Proxy": new Proxy(
    {},
    {
      get() {
        throw new Error("never called");
      },
    },
  ),
};

for (const [label, value] of Object.entries(NO_STRINGS)) {
  for (const [position, parameter] of ["To", "CustomXml", "Language", "Id"].entries()) {
    test(`${parameter} must not be ${label}`, async () => {
      /** @type {unknown[]} */
      const values = [BOB, null, null, null];
      values[position] = value;
      const error = await rejection(subscribe(...values));
      assert.equal(error.code, "invalid-argument");
      assert.equal(error.parameter, parameter);
      assert.match(error.message, /must be a string, not .*example/);
    });
  }
}

/** @type {[parameter: string, values: unknown[], part: string][]} */
const NAMED_ROWS = [
  ["To", [{}], "is missing"],
  ["To", [{ To: "bob" }], 'has no "@"'],
  ["Message", [{ To: BOB, Message: 7 }], "must be a string, not a number"],
  ["Parameters.to", [{ to: BOB }], "is unknown; expected To, Message, Subject, Language, Id."],
  ["Parameters.Symbol(id)", [{ To: BOB, [Symbol("id")]: 1 }], "is unknown"],
  ["Parameters.__proto__", [JSON.parse('{ "__proto__": {} }')], "is unknown"],
  ["Options", [{ To: BOB, Message: "" }, 5], "object"],
  ["Options.timeoutMs", [{ To: BOB, Message: "" }, { timeoutMs: 0 }], "2147483647"],
  ["Options.signal", [{ To: BOB, Message: "" }, { signal: {} }], "AbortSignal"],
  ["To", [[BOB, ""]], "not an array"],
  [
    "Subject",
    [BOB, "", { timeoutMs: 5 }],
    "must be a string, not an object with options; that is argument 6.",
  ],
  ["Message", [{ To: BOB, Message: { signal: null } }], "not an object with options; that is argument 2."],
  ["To", [new Map([["To", BOB]])], "not an object"],
  ["To", [new Proxy({}, { ownKeys: () => assert.fail("a secret") })], "not an object"],
];

for (const [parameter, values, part] of NAMED_ROWS) {
  test(`among arguments by their names, ${parameter} ${part}`, async () => {
    const error = await rejection(callOf(AgentAPI, "Xmpp.SendTextMessage", values));
    assert.equal(error.code, "invalid-argument");
    assert.equal(error.parameter, parameter);
    assert.ok(error.message.includes(part), error.message);
  });
}

const SIGNER = ["ed25519", "urn:nf:iot:e2e:1.0", "key", "key password", "password"];

for (const [place, properties, part] of /** @type {[string, unknown, string][]} */ ([
  ["[LAST].value", { FIRST: "Ada", LAST: 7 }, "must be a string, not a number"],
  ["[LAST].value", [["LAST", ""]], "is missing"],
  ["[LAST].value", new Map([["LAST", null]]), "is missing"],
  [".LAST", { FIRST: "Ada", LAST: 7n }, "must be a value of JSON, not a bigint"],
  ["[LAST].value", { LAST: new Map() }, "must be a string, not an array"],
  ["[0].name", [["", "Ada"]], "is missing"],
  ["[0].value", [["x".repeat(61), ""]], "is missing"],
])) {
  test(`a property that breaks a rule is told by its name: Properties${place} ${part}`, async () => {
    const error = await rejection(callOf(AgentAPI, "Legal.ApplyId", [...SIGNER, properties]));
    assert.equal(error.code, "invalid-argument");
    assert.equal(error.parameter, `Properties${place}`);
    assert.ok(error.message.includes(part), error.message);
  });
}

/** @type {[parameter: string, values: unknown[], part: string][]} */
const ROWS = [
  ["To", [], "is missing"],
  ["To", [undefined], "is missing"],
  ["To", [null], "is missing"],
  ["To", [""], "is missing"],
  ["To", ["bob"], 'has no "@"'],
  ["To", ["@example.org"], 'nothing before "@"'],
  ["To", ["bob@"], "no domain"],
  ["To", ["bob@example.org/"], 'nothing after "/"'],
  ["To", ["b b@example.org"], "space"],
  ["To", ["a@b@c"], "host name"],
  ["To", [`${"a".repeat(1024)}@b`], "1023"],
  ["To", [`a@${"b.".repeat(600)}c`], "1023"],
  ["To", [`a@b/${"c".repeat(1024)}`], "1023"],
  ["To", [`bob${LONE_SURROGATE}@example.org`], "surrogate"],
  ["CustomXml", [BOB, "<a>"], "not closed"],
  ["CustomXml", [BOB, "</presence><presence>"], "does not match"],
  ["CustomXml", [BOB, "<!DOCTYPE a><a/>"], "DOCTYPE"],
  ["CustomXml", [BOB, "<?php ?>"], "processing instruction"],
  ["CustomXml", [BOB, "<p:a/>"], "undeclared prefix"],
  ["CustomXml", [BOB, "<a b='' b=''/>"], "duplicate attribute"],
  ["CustomXml", [BOB, "a\u0001"], "forbidden character"],
  ["CustomXml", [BOB, "<a>".repeat(65) + "</a>".repeat(65)], "nested too deep"],
  ["CustomXml", [BOB, "x".repeat(2 ** 20 + 1)], "1 MiB"],
  ["CustomXml", [BOB, `<a>${LONE_SURROGATE}</a>`], "surrogate"],
  ["Language", [BOB, null, "english language"], "not a language tag"],
  ["Language", [BOB, null, "en_US"], "not a language tag"],
  ["Language", [BOB, null, LONE_SURROGATE], "surrogate"],
  ["Id", [BOB, null, null, " "], "visible"],
  ["Id", [BOB, null, null, "x".repeat(1024)], "1023"],
  ["Id", [BOB, null, null, "a\u0000b"], "control character"],
  ["Id", [BOB, null, null, "a\nb"], "control character"],
  ["Id", [BOB, null, null, LONE_SURROGATE], "surrogate"],
  ["To", [{ To: BOB, Id: "1" }], "must be a string, not an object."],
  ["CustomXml", [BOB, { timeoutMs: 5 }], "must be a string, not an object with options; that is argument 5."],
  ["CustomXml", [BOB, { "a password": 5 }], "must be a string, not an object."],
  ["CustomXml", [BOB, new Uint8Array(5)], "must be a string, not bytes."],
  ["CustomXml", [BOB, {}], "not an object."],
  ["Options", [BOB, null, null, null, "fast"], "object"],
  ["Options", [BOB, null, null, null, []], "object"],
  ["Options", [BOB, null, null, null, { timeout: 5 }], "timeoutMs"],
  ["Options.timeoutMs", [BOB, null, null, null, { timeoutMs: 0 }], "2147483647"],
  ["Options.timeoutMs", [BOB, null, null, null, { timeoutMs: 2 ** 31 }], "2147483647"],
  ["Options.timeoutMs", [BOB, null, null, null, { timeoutMs: "5" }], "2147483647"],
  ["Options.signal", [BOB, null, null, null, { signal: {} }], "AbortSignal"],
];

for (const [parameter, values, part] of ROWS) {
  test(`${parameter}: ${part} (${JSON.stringify(values).slice(0, 60)})`, async () => {
    const error = await rejection(subscribe(...values));
    assert.equal(error.code, "invalid-argument");
    assert.equal(error.parameter, parameter);
    assert.equal(error.operation, "Xmpp.SendPresenceSubscription");
    assert.ok(error.message.startsWith(`Xmpp.SendPresenceSubscription: ${parameter} `), error.message);
    assert.ok(error.message.includes(part), error.message);
    if (!parameter.includes(".")) assert.match(error.message, /example|expected/, "shows a right value");
  });
}

test("the message shows a valid value", async () => {
  const shown = async (/** @type {unknown[]} */ ...values) => (await rejection(subscribe(...values))).message;
  assert.match(await shown(), /"bob@example\.org"/);
  assert.match(await shown(BOB, "<a>"), /"<a xmlns='urn:example'\/>"/);
  assert.match(await shown(BOB, null, "?"), /"sv-SE"/);
  assert.match(await shown(BOB, null, null, "\n"), /"sub-1"/);
});

for (const seconds of [undefined, null, 0, -1, 3601, 1.5, NaN, Infinity, "600", 600n, {}]) {
  test(`Seconds must not be ${String(seconds)}`, async () => {
    for (const call of [
      AgentAPI.Account.Login("alice", "pw", wrong(seconds)),
      AgentAPI.Account.Refresh(wrong(seconds)),
    ]) {
      const error = await rejection(call);
      assert.equal(error.code, "invalid-argument");
      assert.equal(error.parameter, "Seconds");
    }
  });
}

for (const [parameter, ...values] of [
  ["UserName"],
  ["UserName", "alice@example.org", "pw", 60],
  ["UserName", "a:b", "pw", 60],
  ["UserName", 7, "pw", 60],
  ["Password", "alice"],
  ["Password", "alice", "", 60],
  ["Password", "alice", 7, 60],
  ["Password", "alice", LONE_SURROGATE, 60],
]) {
  test(`Login${JSON.stringify(values)} names ${parameter}`, async () => {
    const error = await rejection(callOf(AgentAPI, "Account.Login", values));
    assert.equal(error.code, "invalid-argument");
    assert.equal(error.parameter, parameter);
  });
}

for (const [method, parameter, ...values] of /** @type {[string, string, ...unknown[]][]} */ ([
  ["SetHost", "Host", "https://example.org"],
  ["SetHost", "Host", "example.org/path"],
  ["SetHost", "Host", 7],
  ["SetHost", "Host", "a\r\nb"],
  ["SetHost", "Host", LONE_SURROGATE],
  ["SetHost", "Secure", "example.org", "yes"],
  ["AllowInsecure", "Allowed"],
  ["AllowInsecure", "Allowed", 1],
])) {
  test(`IO.${method}(${JSON.stringify(values)}) throws and names ${parameter}`, () => {
    const host = AgentAPI.IO.GetHost();
    assert.throws(() => callOf(AgentAPI, `IO.${method}`, values), { code: "invalid-argument", parameter });
    assert.equal(AgentAPI.IO.GetHost(), host, "the host stays as it was");
  });
}
