// @ts-check
/** `Things.Sensor` with a double of the client: what is read, and that every readout ends. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { createAgentAPI } from "neuron-agent-api";
import { createThings, parseSensorData } from "neuron-agent-api/things";
import { pause, until } from "../support/client.mjs";
import { createDevice, element, FULL_JID, failed, JID, result } from "../support/device.mjs";
import { rejection, thrown, wrong } from "../support/rejection.mjs";

/** @typedef {import("neuron-agent-api/things").SensorField} SensorField */

const NODE = { JID, Momentary: true, NodeId: "Meter", SourceId: "House" };

const quantity = (/** @type {string} */ n, /** @type {string} */ v) =>
  element("q", { n, v, u: "kW", m: "true" });

/** A part of sensor data: one field at one point in time. @param {string} n @param {object} [more] */
const resp = (n, more) =>
  element("resp", { ts: element("ts", { v: "2026-11-26T12:00:00Z", q: quantity(n, "1.50") }), ...more });

const ACCEPTED = result(element("accepted"));

const namesOf = (/** @type {{ Fields: SensorField[] }} */ { Fields }) => Fields.map(({ name }) => name);

/** Waits until the device was asked. @param {ReturnType<typeof createDevice>} device */
const isAsked = (device) => until(() => device.id, "the request");

/** Waits until a device has been told that nobody waits any more, if it is. */
const laterTurn = () => pause(5);

/** Nothing of a readout is left. @param {ReturnType<typeof createDevice>} device */
async function assertIdle(device) {
  await laterTurn();
  assert.deepEqual([device.handlers.size, device.sessionListeners.size], [0, 0]);
  // Those of the test runner itself are not of this kind.
  assert.equal(process.getActiveResourcesInfo().filter((name) => name === "Timeout").length, TIMERS);
}
const TIMERS = process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;

test("data in the answer is complete at once", async () => {
  const device = createDevice();
  device.answer = () => result(resp("Power"));
  const data = await createThings(device.client).Sensor.ReadConcentratorNode(NODE);
  assert.deepEqual(data, {
    id: device.id,
    jid: FULL_JID,
    Fields: [
      {
        type: "quantity",
        value: 1.5,
        unit: "kW",
        name: "Power",
        text: "1.50",
        timestamp: "2026-11-26T12:00:00Z",
        categories: ["momentary"],
        quality: [],
        isControllable: false,
      },
    ],
    Errors: [],
  });
  assert.match(device.id, /^[\da-f]{32}$/);
  assert.deepEqual(
    device.calls.map(([name]) => name),
    ["PresenceProbe", "RegisterEventHandler", "InformationQuery", "UnregisterEventHandler"],
  );
  assert.deepEqual(device.calls[1].slice(1), [null, "urn:nf:iot:sd:1.0", null]);
  await assertIdle(device);
});

test("a request says what is wanted, one by one or by names", async () => {
  const device = createDevice();
  const { Sensor } = createThings(device.client);
  const [from, to] = [new Date(0), "2026-11-26T13:00:00+01:00"];
  await Sensor.ReadConcentratorNode(
    ...[
      FULL_JID,
      "sv",
      true,
      false,
      true,
      null,
      undefined,
      true,
      ["<T>", "b"],
      from,
      to,
      "2027-01-01T00:00Z",
    ],
    ...["1", "House", "p", "d", "s", "u"],
  );
  const attributes = 'xml:lang="sv" m="true" s="true" h="true" from="1970-01-01T00:00:00.000Z"';
  const times = 'to="2026-11-26T12:00:00.000Z" when="2027-01-01T00:00:00.000Z" dt="d" st="s" ut="u"';
  const content = '<nd id="1" src="House" pt="p"/><f n="&lt;T&gt;"/><f n="b"/>';
  assert.equal(
    device.queries[0],
    `<req xmlns="urn:nf:iot:sd:1.0" id="${device.id}" ${attributes} ${times}>${content}</req>`,
  );
  const all = { Momentary: true, Peak: true, Status: true, Computed: true, Identity: true, History: true };
  await Sensor.ReadStandaloneDevice({ JID: FULL_JID, ...all });
  assert.equal(device.queries[1], `<req xmlns="urn:nf:iot:sd:1.0" id="${device.id}" all="true"/>`);
  await Sensor.ReadStandaloneDevice(FULL_JID, null, false, true);
  assert.equal(device.queries[2], `<req xmlns="urn:nf:iot:sd:1.0" id="${device.id}" p="true"/>`);
});

test("what breaks a rule is named, and nothing is sent", async () => {
  const device = createDevice();
  const { Sensor } = createThings(device.client);
  /** @type {[parameter: string, rule: RegExp, given: object, options?: object][]} */
  const cases = [
    ["Momentary", /another category/, { Momentary: false }],
    ["Fields", /array of names/, { Fields: "Temperature" }],
    ["Fields", /array of names/, { Fields: [""] }],
    ["Fields", /array of names/, { Fields: [7] }],
    ["From", /time zone/, { From: "2026-11-26T12:00:00" }],
    ["From", /time zone/, { From: new Date(Number.NaN) }],
    ["To", /time zone/, { To: 7 }],
    ["When", /time zone/, { When: "tomorrow" }],
    ["To", /must not be before From/, { From: new Date(1), To: new Date(0) }],
    ["NodeId", /is missing/, { NodeId: "" }],
    ["Options.onProgress", /must be a function/, {}, { onProgress: 7 }],
    ["Options.signal", /must be an AbortSignal/, {}, { signal: { aborted: false } }],
  ];
  for (const [parameter, rule, given, options] of cases) {
    const error = await rejection(Sensor.ReadConcentratorNode(wrong({ ...NODE, ...given }), wrong(options)));
    assert.deepEqual([error.code, error.parameter], ["invalid-argument", parameter], error.message);
    assert.match(error.message, rule);
  }
  const loop = async () => {
    for await (const _ of Sensor.ReadStandaloneDevice(wrong(7))) assert.fail("there is no field");
  };
  assert.equal((await rejection(loop())).parameter, "JID");
  assert.deepEqual(device.calls, []);
  await assertIdle(device);
});

test("every type of field is read, of several nodes and points in time", () => {
  const field = (/** @type {string} */ name, /** @type {object} */ more) =>
    element(name, { n: name, ...more });
  const data = parseSensorData(
    element("resp", {
      id: "1",
      more: "true",
      ts: element("ts", { v: "t0", s: field("s", { v: "own" }) }),
      nd: [
        element("nd", {
          id: "A",
          src: "House",
          ts: [
            element("ts", {
              v: "t1",
              // In the order in which a name comes first.
              q: [field("q", { v: "21.50", u: "°C" }), field("q", { v: "-1e3" }), field("q", { v: "INF" })],
              b: [field("b", { v: "1" }), field("b", { v: "false" })],
              i: field("i", { v: "-7" }),
              l: [field("l", { v: "42" }), field("l", { v: "9007199254740993" })],
              e: field("e", { v: "Low", t: "Level" }),
            }),
            element("ts", {
              v: "t2",
              d: field("d", { v: "2026-11-26" }),
              dt: field("dt", { v: "2026-11-26T12:00:00Z" }),
              dr: field("dr", { v: "PT1H" }),
              t: field("t", { v: "12:00:00" }),
              err: [element("err", { value: "No power." }), element("err")],
              // A list of all children, as newer brokers have it.
              __ordered: [field("d", { v: "2026-11-26" })],
            }),
          ],
        }),
        element("nd", { id: "B", pt: "p", ts: element("ts", { v: "t3", s: field("s", { v: "" }) }) }),
        element("nd", { id: "C" }),
      ],
    }),
  );
  assert.deepEqual([data.id, data.more], ["1", true]);
  assert.deepEqual(
    data.Fields.map(({ type, value, timestamp, node }) => [type, value, timestamp, node?.id]),
    [
      ["string", "own", "t0", undefined],
      ["quantity", 21.5, "t1", "A"],
      ["quantity", -1000, "t1", "A"],
      ["quantity", Infinity, "t1", "A"],
      ["boolean", true, "t1", "A"],
      ["boolean", false, "t1", "A"],
      ["int", -7, "t1", "A"],
      ["long", 42, "t1", "A"],
      ["long", "9007199254740993", "t1", "A"],
      ["enumeration", "Low", "t1", "A"],
      ["date", "2026-11-26", "t2", "A"],
      ["dateTime", "2026-11-26T12:00:00Z", "t2", "A"],
      ["duration", "PT1H", "t2", "A"],
      ["time", "12:00:00", "t2", "A"],
      ["string", "", "t3", "B"],
    ],
  );
  const [, temperature, unitless] = data.Fields;
  assert.ok(temperature.type === "quantity" && unitless.type === "quantity");
  assert.deepEqual([temperature.unit, temperature.text, unitless.unit], ["°C", "21.50", ""]);
  const battery = data.Fields.find(({ type }) => type === "enumeration");
  assert.equal(battery?.type === "enumeration" && battery.enumeration, "Level");
  assert.deepEqual(data.Fields[1].node, { id: "A", src: "House" });
  assert.deepEqual(data.Fields.at(-1)?.node, { id: "B", pt: "p" });
  const node = { id: "A", src: "House" };
  assert.deepEqual(data.Errors, [
    { text: "No power.", timestamp: "t2", node },
    { text: "", timestamp: "t2", node },
  ]);
  assert.deepEqual(parseSensorData(element("resp")), { id: "", more: false, Fields: [], Errors: [] });
  assert.equal(thrown(() => parseSensorData(element("req"))).parameter, "Element");
  assert.equal(thrown(() => parseSensorData(wrong(null))).parameter, "Element");
});

test("categories, quality and control are words", () => {
  const flags = { m: "true", p: "1", s: "false", h: "true", ar: "true", so: "true", pf: "0", ctr: "true" };
  const ts = element("ts", { v: "t", q: element("q", { n: "a", v: "1", ...flags }) });
  const [field] = parseSensorData(element("resp", { ts })).Fields;
  assert.deepEqual(field.categories, ["momentary", "peak", "historical"]);
  assert.deepEqual(field.quality, ["automatic readout", "signed"]);
  assert.equal(field.isControllable, true);
});

test("a value that is not of its type, and a type that is not known, keep their text", () => {
  const ts = element("ts", {
    q: [element("q", { n: "a", v: "1,5" }), element("q", { n: "b" })],
    i: element("i", { n: "c", v: "2147483648" }),
    l: element("l", { n: "d", v: "1.0" }),
    b: element("b", { n: "e", v: "yes" }),
    constructor: element("constructor", { n: "f", v: "7" }),
    geo: element("geo", { v: "8" }),
  });
  const { Fields } = parseSensorData(element("resp", { ts }));
  assert.deepEqual(
    Fields.map((field) => [field.name, field.type, field.value, field.type === "unknown" && field.problem]),
    [
      ["a", "unknown", "1,5", "not a number"],
      ["b", "unknown", "", "there is no value"],
      ["c", "unknown", "2147483648", "not a whole number of 32 bits"],
      ["d", "unknown", "1.0", "not a whole number"],
      ["e", "unknown", "yes", "neither true nor false"],
      ["f", "unknown", "7", "the type constructor is not known"],
      ["", "unknown", "8", "the type geo is not known"],
    ],
  );
  assert.ok(Fields.every(({ timestamp }) => timestamp === ""));
});

test("data comes in the answer and in messages, in order, until it is complete", async () => {
  const device = createDevice();
  /** @type {unknown[]} */
  const progress = [];
  device.answer = () => {
    const { id } = device;
    // The answer may be overtaken by messages.
    device.push(resp("2", { id, more: "1" }));
    device.push(resp("of another readout", { id: "other", more: "true" }));
    device.push(element("resp", { problem: "nested too deep", raw: "<resp>" }));
    return result(element("accepted", { queued: "true" }), element("started"), resp("1", { more: "true" }));
  };
  const readout = createThings(device.client).Sensor.ReadConcentratorNode(NODE, {
    onProgress: (event) => progress.push(event),
  });
  await isAsked(device);
  await nextTurn();
  const { id } = device;
  device.push(element("started", { id }));
  device.push(element("unheard", { id }));
  device.push(resp("3", { id, more: "true" }));
  device.push(resp("4", { id, more: "false" }));
  device.push(resp("too late", { id }));
  assert.deepEqual(namesOf(await readout), ["1", "2", "3", "4"]);
  assert.deepEqual(progress, [
    { state: "queued", fieldCount: 0, errorCount: 0 },
    { state: "started", fieldCount: 0, errorCount: 0 },
    { state: "reading", fieldCount: 1, errorCount: 0 },
    { state: "reading", fieldCount: 2, errorCount: 0 },
    { state: "reading", fieldCount: 2, errorCount: 0 },
    { state: "reading", fieldCount: 3, errorCount: 0 },
    { state: "done", fieldCount: 4, errorCount: 0 },
  ]);
  assert.equal(device.queries.length, 1, "a complete readout is not cancelled");
  await assertIdle(device);
});

test("`done` ends a readout, with data or without", async () => {
  const device = createDevice();
  device.answer = () => ACCEPTED;
  const { Sensor } = createThings(device.client);
  const empty = Sensor.ReadConcentratorNode(NODE);
  await isAsked(device);
  device.push(element("done", { id: device.id }));
  assert.deepEqual(namesOf(await empty), []);
  await assertIdle(device);
});

test("errors of a device are no failure", async () => {
  const device = createDevice();
  const ts = element("ts", { v: "t", err: element("err", { value: "No power." }) });
  device.answer = () => result(element("resp", { ts }));
  const { Fields, Errors } = await createThings(device.client).Sensor.ReadStandaloneDevice(JID, null, true);
  assert.deepEqual([Fields, Errors], [[], [{ text: "No power.", timestamp: "t" }]]);
});

test("a loop gets each field when it comes", async () => {
  const device = createDevice();
  device.answer = () => result(resp("1", { more: "true" }));
  const readout = createThings(device.client).Sensor.ReadConcentratorNode(NODE);
  const fields = readout[Symbol.asyncIterator]();
  assert.equal((await fields.next()).value.name, "1");
  const second = fields.next();
  device.push(resp("2", { id: device.id, more: "true" }));
  assert.equal((await second).value.name, "2");
  device.push(resp("3", { id: device.id }));
  assert.equal((await fields.next()).value.name, "3");
  assert.deepEqual(await fields.next(), { value: undefined, done: true });
  // All of it is there for another loop, and as a promise.
  const names = [];
  for await (const { name } of readout) names.push(name);
  assert.deepEqual(names, ["1", "2", "3"]);
  assert.deepEqual(namesOf(await readout), names);
  await assertIdle(device);
});

test("leaving a loop ends the readout, and tells the device", async () => {
  const device = createDevice();
  device.answer = () => result(resp("1", { more: "true" }));
  const readout = createThings(device.client).Sensor.ReadConcentratorNode({ ...NODE, DeviceToken: "d" });
  for await (const { name } of readout) {
    assert.equal(name, "1");
    break;
  }
  const error = await rejection(readout);
  assert.equal(error.code, "aborted");
  await laterTurn();
  assert.equal(device.queries[1], `<cancel xmlns="urn:nf:iot:sd:1.0" id="${device.id}" dt="d"/>`);
  await assertIdle(device);
});

test("leaving a loop is no failure that nobody handles, however early that is", async () => {
  const device = createDevice();
  device.answer = () => result(resp("1", { more: "true" }));
  let hasData = false;
  const readout = createThings(device.client).Sensor.ReadConcentratorNode(NODE, {
    onProgress: () => (hasData = true),
  });
  await until(() => hasData);
  // The runner fails a test that leaves a rejection unhandled.
  for await (const _ of readout) break;
  await assertIdle(device);
});

test("a loop over a readout that fails gets what came before, and then the error", async () => {
  const device = createDevice();
  device.answer = () => result(resp("1", { more: "true" }));
  const controller = new AbortController();
  const { signal } = controller;
  const readout = createThings(device.client).Sensor.ReadConcentratorNode(NODE, { signal });
  /** @type {string[]} */
  const names = [];
  const loop = async () => {
    for await (const { name } of readout) {
      names.push(name);
      controller.abort("enough");
    }
  };
  const error = await rejection(loop());
  assert.deepEqual([error.code, error.cause, names], ["aborted", "enough", ["1"]]);
  await assertIdle(device);
});

test("a device that never finishes is given up in time", async () => {
  const device = createDevice();
  device.answer = () => ACCEPTED;
  const readout = createThings(device.client).Sensor.ReadConcentratorNode(NODE, { timeoutMs: 20 });
  const error = await rejection(readout);
  assert.equal(error.code, "timeout");
  assert.match(error.message, /^Things\.Sensor\.ReadConcentratorNode: .* within 20 ms\.$/);
  await laterTurn();
  assert.match(device.queries[1], /^<cancel /);
  await assertIdle(device);
});

test("a readout takes 30 seconds unless its caller says otherwise", async (context) => {
  const timers = context.mock.method(globalThis, "setTimeout");
  await createThings(createDevice().client).Sensor.ReadConcentratorNode(NODE);
  assert.deepEqual(
    timers.mock.calls.map(({ arguments: [, delay] }) => delay),
    [30_000],
  );
});

for (const [label, stall] of /** @type {[string, (device: any) => void][]} */ ([
  ["the probe", (device) => (device.client.Xmpp.PresenceProbe = () => new Promise(() => {}))],
  ["the registration", (device) => (device.client.Xmpp.RegisterEventHandler = () => new Promise(() => {}))],
  ["the query", (device) => (device.answer = () => new Promise(() => {}))],
  ["the messages", (device) => (device.answer = () => ACCEPTED)],
])) {
  test(`an abort during ${label} ends the readout at once`, async () => {
    const device = createDevice();
    stall(device);
    const controller = new AbortController();
    const { signal } = controller;
    const readout = createThings(device.client).Sensor.ReadConcentratorNode(NODE, { signal });
    readout.catch(() => {});
    await nextTurn();
    controller.abort(new Error("enough"));
    const error = await rejection(readout);
    assert.equal(error.code, "aborted");
    assert.match(String(error.cause), /enough/);
    await laterTurn();
    // Whether it was asked or not is unknown during the query.
    const isCancelled = device.queries.some((xml) => xml.startsWith("<cancel"));
    assert.equal(isCancelled, ["the query", "the messages"].includes(label));
    assert.equal(process.getActiveResourcesInfo().filter((name) => name === "Timeout").length, TIMERS);
  });
}

test("an abort reaches the request that is under way", async () => {
  const device = createDevice();
  /** @type {any} */
  let seen;
  device.answer = (_, options) => {
    seen = options;
    return new Promise(() => {});
  };
  const controller = new AbortController();
  const { signal } = controller;
  const readout = createThings(device.client).Sensor.ReadConcentratorNode(NODE, { signal });
  await isAsked(device);
  assert.equal(seen.signal.aborted, false);
  assert.ok(seen.timeoutMs > 0 && seen.timeoutMs <= 30_000);
  controller.abort();
  await rejection(readout);
  assert.equal(seen.signal.aborted, true);
});

test("a signal is not listened to any longer than needed", async () => {
  /** @type {string[]} */
  const log = [];
  const signal = /** @type {any} */ ({
    aborted: false,
    addEventListener: (/** @type {string} */ type) => log.push(`add ${type}`),
    removeEventListener: (/** @type {string} */ type) => log.push(`remove ${type}`),
  });
  await createThings(createDevice().client).Sensor.ReadConcentratorNode(NODE, { signal });
  assert.deepEqual(log, ["add abort", "remove abort"]);
});

test("with a signal that has fired nothing is sent", async () => {
  const device = createDevice();
  const signal = AbortSignal.abort("no");
  const error = await rejection(createThings(device.client).Sensor.ReadConcentratorNode(NODE, { signal }));
  assert.deepEqual([error.code, error.cause, error.attempts], ["aborted", "no", 0]);
  assert.deepEqual(device.calls, []);
  await assertIdle(device);
});

test("a resource that is unavailable is not read", async () => {
  const device = createDevice();
  device.presence = () => ({ jid: FULL_JID, type: "unavailable" });
  const error = await rejection(createThings(device.client).Sensor.ReadConcentratorNode(NODE));
  assert.equal(error.code, "unavailable");
  assert.deepEqual(device.calls, [["PresenceProbe", JID]]);
  await assertIdle(device);
});

test("an error that the device answers ends the readout", async () => {
  const device = createDevice();
  device.answer = () => ({ ok: false, errorText: "No such node." });
  const error = await rejection(createThings(device.client).Sensor.ReadConcentratorNode(NODE));
  assert.match(error.message, /No such node\./);
  assert.equal(device.queries.length, 1, "there is nothing to cancel");
  await assertIdle(device);
});

test("an answer that says nothing of the readout can't be read", async () => {
  const device = createDevice();
  device.answer = () => result(element("other"));
  const error = await rejection(createThings(device.client).Sensor.ReadConcentratorNode(NODE));
  assert.equal(error.code, "bad-response");
  await assertIdle(device);
});

test("a device can't fill the memory", async () => {
  const device = createDevice();
  const fields = Array.from({ length: 50_001 }, () => quantity("a", "1"));
  const part = { more: "true", ts: element("ts", { v: "t", q: fields }) };
  device.answer = () => result(element("resp", part));
  const readout = createThings(device.client).Sensor.ReadConcentratorNode(NODE);
  await isAsked(device);
  device.push(element("resp", { ...part, id: device.id }));
  const error = await rejection(readout);
  assert.equal(error.code, "bad-response");
  assert.match(error.message, /more than 100000 fields/);
  device.answer = () => result(element("resp", { ts: element("ts", { v: "t", q: [...fields, ...fields] }) }));
  const begun = createThings(device.client).Sensor.StartReadoutConcentratorNode(NODE);
  assert.match((await rejection(begun)).message, /StartReadout.* more than 100000 fields/);
});

for (const type of ["lost", "logged-out", "logged-in"]) {
  test(`a session that is ${type} ends the readouts, because their handler ends with it`, async () => {
    const device = createDevice();
    device.answer = () => ACCEPTED;
    const { Sensor } = createThings(device.client);
    const readouts = [Sensor.ReadConcentratorNode(NODE), Sensor.ReadStandaloneDevice(JID, null, true)];
    for (const readout of readouts) readout.catch(() => {});
    await until(() => device.queries.length === 2);
    device.session("refreshed");
    await nextTurn();
    assert.equal(device.sessionListeners.size, 2, "a refresh changes nothing");
    device.session(type);
    for (const readout of readouts) assert.equal((await rejection(readout)).code, "not-logged-in");
    await assertIdle(device);
    assert.equal(device.queries.length, 2, "nothing is cancelled in another session");
  });
}

test("a client that is disposed ends its readouts", async (context) => {
  context.mock.timers.enable({ apis: ["setInterval"] });
  const device = createDevice();
  device.answer = () => ACCEPTED;
  const readout = createThings(device.client).Sensor.ReadConcentratorNode(NODE);
  readout.catch(() => {});
  await isAsked(device);
  context.mock.timers.tick(1000);
  assert.equal(device.sessionListeners.size, 1, "a look leaves nothing");
  device.client.Account.OnSessionChange = () => {
    throw failed("disposed");
  };
  context.mock.timers.tick(1000);
  const error = await rejection(readout);
  assert.deepEqual([error.code, error.operation], ["disposed", "Things.Sensor.ReadConcentratorNode"]);
  await assertIdle(device);
});

test("a client says that it is disposed in the way in which a readout looks", async () => {
  const client = createAgentAPI();
  client.dispose();
  assert.equal(thrown(() => client.Account.OnSessionChange(() => {})).code, "disposed");
  const error = await rejection(createThings(client).Sensor.ReadStandaloneDevice(JID, null, true));
  assert.deepEqual([error.code, error.operation], ["disposed", "Things.Sensor.ReadStandaloneDevice"]);
});

for (const isAbortedFirst of [true, false]) {
  const order = isAbortedFirst ? "after" : "before";
  test(`a session that changes right ${order} an abort gets no tokens of the one before it`, async () => {
    const device = createDevice();
    device.answer = () => ACCEPTED;
    const controller = new AbortController();
    const { signal } = controller;
    const { Sensor } = createThings(device.client);
    const readout = Sensor.ReadConcentratorNode({ ...NODE, DeviceToken: "d" }, { signal });
    readout.catch(() => {});
    await isAsked(device);
    // As the client does it: listeners are told later.
    const change = () => void Promise.resolve().then(() => device.session("logged-out"));
    if (isAbortedFirst) controller.abort();
    change();
    controller.abort();
    assert.equal((await rejection(readout)).code, "aborted");
    await assertIdle(device);
    assert.equal(device.queries.length, 1);
  });
}

test("a session that changes before the device was asked ends the readout", async () => {
  const device = createDevice();
  const presence = device.presence();
  device.presence = async () => {
    device.session("logged-in");
    return presence;
  };
  const error = await rejection(createThings(device.client).Sensor.ReadConcentratorNode(NODE));
  assert.deepEqual([error.code, error.attempts], ["not-logged-in", 0]);
  assert.deepEqual(device.queries, []);
  await assertIdle(device);
});

test("readouts at the same time share a handler, and each gets its own data", async () => {
  const device = createDevice();
  device.answer = () => ACCEPTED;
  // Made twice for the same client.
  const readouts = [0, 1].map(() => createThings(device.client).Sensor.ReadConcentratorNode(NODE));
  await until(() => device.queries.length === 2);
  const ids = device.queries.map((xml) => /id="([^"]*)"/.exec(xml)?.[1]);
  assert.notEqual(ids[0], ids[1]);
  device.push(resp("of the second", { id: ids[1] }));
  assert.deepEqual(namesOf(await readouts[1]), ["of the second"]);
  assert.equal(device.handlers.size, 1, "the first still waits");
  device.push(resp("of the first", { id: ids[0] }));
  assert.deepEqual(namesOf(await readouts[0]), ["of the first"]);
  await assertIdle(device);
  const names = device.calls.map(([name]) => name).filter((name) => name.endsWith("EventHandler"));
  assert.deepEqual(names, ["RegisterEventHandler", "UnregisterEventHandler"]);
});

test("a handler is registered after an earlier one was removed, never before", async () => {
  const device = createDevice();
  const { client } = device;
  /** @type {() => void} */
  let finish = () => {};
  const unregister = client.Xmpp.UnregisterEventHandler;
  client.Xmpp.UnregisterEventHandler = async (...args) => {
    await new Promise((resolve) => (finish = () => resolve(undefined)));
    return unregister(...args);
  };
  const { Sensor } = createThings(client);
  await Sensor.ReadConcentratorNode(NODE);
  const second = Sensor.ReadConcentratorNode(NODE);
  await nextTurn();
  assert.equal(device.calls.filter(([name]) => name === "RegisterEventHandler").length, 1);
  client.Xmpp.UnregisterEventHandler = unregister;
  finish();
  await second;
  await assertIdle(device);
});

for (const name of /** @type {const} */ (["RegisterEventHandler", "UnregisterEventHandler"])) {
  test(`${name} that is not answered takes little of a readout's time`, async (context) => {
    context.mock.timers.enable({ apis: ["setTimeout"] });
    const device = createDevice();
    const { Xmpp } = device.client;
    // As the client ends a call.
    const stall = (/** @type {any[]} */ ...args) =>
      new Promise((_, reject) => {
        setTimeout(() => reject(failed("timeout")), args.at(-1)?.timeoutMs ?? 30_000);
      });
    Object.assign(Xmpp, { [name]: stall });
    const { Sensor } = createThings(device.client);
    const first = Sensor.ReadConcentratorNode(NODE, { timeoutMs: 20_000 });
    first.catch(() => {});
    await nextTurn();
    const second = Sensor.ReadConcentratorNode(NODE, { timeoutMs: 20_000 });
    second.catch(() => {});
    await nextTurn();
    context.mock.timers.tick(5000);
    if (name === "RegisterEventHandler") {
      const errors = [await rejection(first), await rejection(second)];
      for (const { code, operation } of errors) {
        assert.deepEqual([code, operation], ["timeout", "Things.Sensor.ReadConcentratorNode"]);
      }
    } else {
      await first;
      await second;
    }
  });
}

test("a readout whose device was never asked says so", async () => {
  const device = createDevice();
  device.presence = () => new Promise(() => {});
  const error = await rejection(
    createThings(device.client).Sensor.ReadConcentratorNode(NODE, { timeoutMs: 20 }),
  );
  assert.deepEqual([error.code, error.attempts], ["timeout", 0]);
  assert.match(error.message, /: the device could not be asked within 20 ms\.$/);
  await assertIdle(device);
});

test("a request that the device may have got is cancelled, and its failure is the readout's", async () => {
  for (const ambiguous of [true, undefined]) {
    const device = createDevice();
    device.answer = () => {
      throw failed("network", { ambiguous });
    };
    const error = await rejection(createThings(device.client).Sensor.ReadConcentratorNode(NODE));
    assert.deepEqual([error.code, error.operation], ["network", "Things.Sensor.ReadConcentratorNode"]);
    assert.match(error.message, /^Things\.Sensor\.ReadConcentratorNode: /);
    await assertIdle(device);
    assert.equal(device.queries.length, ambiguous ? 2 : 1);
    if (ambiguous) assert.match(device.queries[1], /^<cancel /);
  }
});

test("a handler that can't be registered or removed harms no later readout", async () => {
  const device = createDevice();
  const { Xmpp } = device.client;
  const { RegisterEventHandler, UnregisterEventHandler } = Xmpp;
  const fail = async () => {
    throw failed("network");
  };
  Xmpp.RegisterEventHandler = fail;
  const { Sensor } = createThings(device.client);
  const both = [Sensor.ReadConcentratorNode(NODE), Sensor.ReadConcentratorNode(NODE)];
  for (const { code, operation } of await Promise.all(both.map(rejection))) {
    assert.deepEqual([code, operation], ["network", "Things.Sensor.ReadConcentratorNode"]);
  }
  assert.equal(device.sessionListeners.size, 0);
  Object.assign(Xmpp, { RegisterEventHandler, UnregisterEventHandler: fail });
  await Sensor.ReadConcentratorNode(NODE);
  Object.assign(Xmpp, { UnregisterEventHandler });
  await Sensor.ReadConcentratorNode(NODE);
  await assertIdle(device);
});

test("without a WebSocket, only a device that answers at once can be read", async () => {
  const device = createDevice({ hasSocket: false });
  const { Sensor } = createThings(device.client);
  device.answer = () => result(resp("1"));
  assert.deepEqual(namesOf(await Sensor.ReadConcentratorNode(NODE)), ["1"]);
  device.answer = () => ACCEPTED;
  const error = await rejection(Sensor.ReadConcentratorNode(NODE));
  assert.equal(error.code, "unsupported");
  assert.match(error.message, /createThings\(Client, \{ onMessage \}\)/);
  await laterTurn();
  assert.match(device.queries.at(-1) ?? "", /^<cancel /);
  await assertIdle(device);
});

test("without a WebSocket messages are polled, and all others are passed on", async (context) => {
  context.mock.method(console, "error", () => {});
  const device = createDevice({ hasSocket: false });
  /** @type {unknown[]} */
  const others = [];
  const onMessage = (/** @type {any} */ message) => {
    others.push(message.id);
    throw new Error("of the caller");
  };
  const { Sensor } = createThings(device.client, { onMessage });
  device.answer = () => {
    const { id } = device;
    device.queue.push(
      { id: "a", Content: [element("body")] },
      { id: "b", Content: [resp("1", { id, more: "1" })] },
    );
    device.queue.push(
      { id: "c", Content: [] },
      { id: "d", Content: [element("x"), element("done", { id })] },
    );
    return ACCEPTED;
  };
  const [first, second] = [Sensor.ReadConcentratorNode(NODE), Sensor.ReadConcentratorNode(NODE)];
  assert.deepEqual(namesOf(await first), ["1"]);
  assert.deepEqual(namesOf(await second), ["1"]);
  assert.deepEqual(others.sort(), ["a", "a", "c", "c"]);
  await assertIdle(device);
  device.client.Xmpp.PopMessages = async () => {
    throw failed("network");
  };
  const error = await rejection(Sensor.ReadConcentratorNode(NODE));
  assert.deepEqual([error.code, error.operation], ["network", "Things.Sensor.ReadConcentratorNode"]);
  await assertIdle(device);
});

for (const [label, fail] of /** @type {[string, () => any][]} */ ([
  [
    "throws",
    () => {
      throw new Error("of the caller");
    },
  ],
  ["rejects with", async () => Promise.reject(new Error("of the caller"))],
])) {
  test(`what a function of the caller ${label} is reported, and harms nothing`, async (context) => {
    const report = context.mock.method(console, "error", () => {});
    const device = createDevice({ hasSocket: false });
    device.answer = () => {
      device.queue.push({ id: "a", Content: [] }, { id: "b", Content: [resp("1", { id: device.id })] });
      return ACCEPTED;
    };
    const { Sensor } = createThings(device.client, { onMessage: fail });
    await Sensor.ReadConcentratorNode(NODE, { onProgress: fail });
    await assertIdle(device);
    // For the message, and for the states `accepted` and `done`.
    assert.deepEqual(
      report.mock.calls.map(({ arguments: [error] }) => error.message),
      ["of the caller", "of the caller", "of the caller"],
    );
  });
}

test("a readout that is begun only tells how far it is", async () => {
  const device = createDevice();
  const { Sensor } = createThings(device.client);
  device.answer = () => result(element("accepted", { queued: "true" }));
  const begun = await Sensor.StartReadoutConcentratorNode({ ...NODE, Id: "<'1'>" });
  assert.deepEqual(begun, { id: "<'1'>", jid: FULL_JID, state: "queued", Fields: [], Errors: [] });
  assert.match(
    device.queries[0],
    /^<req xmlns="urn:nf:iot:sd:1\.0" id="&lt;'1'&gt;" m="true"><nd id="Meter"/,
  );
  device.answer = () => result(resp("1"));
  const done = await Sensor.StartReadoutStandaloneDevice(JID, null, true);
  assert.deepEqual([done.state, namesOf(done)], ["done", ["1"]]);
  assert.match(done.id, /^[\da-f]{32}$/);
  assert.equal(device.calls.filter(([name]) => name === "RegisterEventHandler").length, 0);
  device.answer = () => ({ ok: false });
  assert.equal(
    (await rejection(Sensor.StartReadoutStandaloneDevice({ JID, Momentary: true }))).code,
    "refused",
  );
});
