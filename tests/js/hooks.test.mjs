// @ts-check
/**
 * The events of requests and sessions that listeners and the console get, with exactly the
 * documented properties.
 */

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { clientFor, logIn, pause, until } from "../support/client.mjs";
import { json, startRecorder, text } from "../support/recorder.mjs";
import { rejection, wrong } from "../support/rejection.mjs";

const BOB = "bob@example.org";
const ROSTER = json({ RosterItems: [] });
/** @typedef {import("neuron-agent-api").LogLevel} LogLevel */

/** @type {LogLevel[]} */
const LEVELS = ["silent", "error", "warn", "info", "debug"];

/** @type {import("../support/recorder.mjs").Recorder} */
let server;
before(async () => {
  server = await startRecorder();
});
after(() => server.stop());
beforeEach(() => server.reset());

/**
 * A hook, and the event that it was called with, which has some of these properties.
 *
 * @typedef {import("neuron-agent-api").ResponseEvent & import("neuron-agent-api").RetryEvent} AnyEvent
 * @typedef {[name: string, event: AnyEvent]} Heard
 */

const HOOKS = [
  ["IO", "OnRequest"],
  ["IO", "OnResponse"],
  ["IO", "OnRetry"],
  ["Account", "OnSessionChange"],
];

/**
 * Registers a listener with a hook.
 *
 * @param {import("neuron-agent-api").AgentAPI} client
 * @param {string[]} hook
 * @param {unknown} listener
 * @returns {() => void} takes it back
 */
const register = (client, [group, name], listener) => Reflect.get(client, group)[name](listener);

/**
 * Everything that a client reports, in order.
 *
 * @param {import("neuron-agent-api").AgentAPI} client
 */
function listen(client) {
  /** @type {Heard[]} */
  const heard = [];
  for (const hook of HOOKS) {
    register(client, hook, (/** @type {AnyEvent} */ event) => heard.push([hook[1], event]));
  }
  return heard;
}

/**
 * Records what is written to the console, each with its method.
 *
 * @param {import("node:test").TestContext} context
 */
function watchConsole(context) {
  /** @type {[method: string, ...values: any[]][]} */
  const written = [];
  for (const method of /** @type {const} */ (["error", "warn", "info", "debug", "log"])) {
    context.mock.method(console, method, (/** @type {unknown[]} */ ...values) =>
      written.push([method, ...values]),
    );
  }
  return written;
}

test("a request and its response are reported with exactly these properties", async (context) => {
  const client = clientFor(context, server.host);
  const heard = listen(client);
  server.answer(ROSTER);
  const since = performance.now();
  await client.Xmpp.GetRoster(10, 20);
  await pause(0);
  const elapsedMs = Math.ceil(performance.now() - since);
  const [[, request], [, response]] = heard;
  assert.deepEqual(request, {
    callId: 1,
    operation: "Xmpp.GetRoster",
    attempt: 1,
    method: "POST",
    requestBytes: 27,
  });
  const { durationMs, ...rest } = response;
  assert.deepEqual(rest, { ...request, status: 200, responseBytes: 18 });
  assert.ok(Number.isInteger(durationMs) && durationMs >= 0 && durationMs <= elapsedMs, String(durationMs));
  assert.deepEqual(
    heard.map(([name]) => name),
    ["OnRequest", "OnResponse"],
  );
});

test("a GET and a form report no size, and the size of an answer is in bytes", async (context) => {
  const client = clientFor(context, server.host);
  const heard = listen(client);
  server.always(json({ a: "å" }));
  await client.IO.Request("/x");
  await client.IO.Request("/x", new FormData());
  await client.IO.Request("/x", { a: "å" });
  await pause(0);
  const requests = heard.filter(([name]) => name === "OnRequest").map(([, event]) => event);
  assert.deepEqual(requests, [
    { callId: 1, operation: "IO.Request", attempt: 1, method: "GET" },
    { callId: 2, operation: "IO.Request", attempt: 1, method: "POST" },
    { callId: 3, operation: "IO.Request", attempt: 1, method: "POST", requestBytes: 10 },
  ]);
  for (const [, event] of heard.filter(([name]) => name === "OnResponse"))
    assert.equal(event.responseBytes, 10);
});

test("failed attempts are reported one after the other, each with its code", async (context) => {
  const client = clientFor(context, server.host);
  const heard = listen(client);
  server.answer(text("s3cret", 503), (response) => response.destroy(), ROSTER);
  await client.Xmpp.GetRoster();
  await pause(0);
  const shown = heard.map(([name, { durationMs, delayMs, ...event }]) => {
    assert.equal(durationMs !== undefined, name === "OnResponse");
    assert.equal(delayMs !== undefined, name === "OnRetry");
    if (name === "OnRetry")
      assert.ok(Number.isInteger(delayMs) && delayMs >= 0 && delayMs < 500, String(delayMs));
    return [name, event];
  });
  const call = { callId: 1, operation: "Xmpp.GetRoster" };
  const request = { ...call, method: "POST", requestBytes: 2 };
  assert.deepEqual(shown, [
    ["OnRequest", { ...request, attempt: 1 }],
    ["OnResponse", { ...request, attempt: 1, status: 503, responseBytes: 6, code: "unavailable" }],
    ["OnRetry", { ...call, attempt: 1, code: "unavailable", status: 503 }],
    ["OnRequest", { ...request, attempt: 2 }],
    ["OnResponse", { ...request, attempt: 2, code: "network" }],
    ["OnRetry", { ...call, attempt: 2, code: "network" }],
    ["OnRequest", { ...request, attempt: 3 }],
    ["OnResponse", { ...request, attempt: 3, status: 200, responseBytes: 18 }],
  ]);
});

test("the reported backoff is the one that the broker asks for", async (context) => {
  const client = clientFor(context, server.host);
  /** @type {number[]} */
  const delays = [];
  client.IO.OnRetry(({ delayMs }) => delays.push(delayMs));
  server.answer(text("busy", 429, "text/plain", { "Retry-After": "1" }), ROSTER);
  const since = performance.now();
  await client.Xmpp.GetRoster();
  assert.equal(delays.length, 1);
  assert.ok(delays[0] >= 1000 && delays[0] < 1250, String(delays));
  assert.ok(performance.now() - since >= 950);
});

/** The hook, the call, the operation, the attempt and the status of each event. */
const outline = (/** @type {Heard[]} */ heard) =>
  heard.map(([name, { callId, operation, attempt, status }]) => [
    name,
    callId,
    operation.split(".")[1],
    attempt,
    status,
  ]);

test("a roster request that reconciles a call is reported with its own operation and the id of the call", async (context) => {
  const client = clientFor(context, server.host);
  const heard = listen(client);
  const item = { bareJid: BOB, pendingSubscription: true, status: "None", name: "" };
  server.answer((response) => response.destroy(), text("busy", 503), json(item));
  const { reconciled } = await client.Xmpp.SendPresenceSubscription(BOB);
  assert.equal(reconciled, true);
  await pause(0);
  assert.deepEqual(outline(heard), [
    ["OnRequest", 1, "SendPresenceSubscription", 1, undefined],
    ["OnResponse", 1, "SendPresenceSubscription", 1, undefined],
    ["OnRetry", 1, "SendPresenceSubscription", 1, undefined],
    ["OnRequest", 1, "GetRosterItem", 1, undefined],
    ["OnResponse", 1, "GetRosterItem", 1, 503],
    ["OnRetry", 1, "GetRosterItem", 1, 503],
    ["OnRequest", 1, "GetRosterItem", 2, undefined],
    ["OnResponse", 1, "GetRosterItem", 2, 200],
  ]);
});

test("a request that is repeated with a newer token is reported as a retry", async (context) => {
  const client = clientFor(context, server.host);
  await logIn(client, server, "old.token");
  const heard = listen(client);
  /** @type {(() => void) | undefined} */
  let refuse;
  server.answer(
    // The first is refused only when the refresh has been answered.
    (response) => (refuse = () => text("who?", 401)(response)),
    (response) => {
      json({ jwt: "new.token", expires: 0 })(response);
      setTimeout(() => refuse?.(), 20);
    },
    ROSTER,
  );
  const roster = client.Xmpp.GetRoster();
  await until(() => refuse);
  await client.Account.Refresh(60);
  assert.deepEqual(await roster, { RosterItems: [] });
  await pause(0);
  const [[, { callId }]] = heard;
  const ofRoster = heard.filter(([, event]) => event.callId === callId);
  assert.deepEqual(outline(ofRoster), [
    ["OnRequest", callId, "GetRoster", 1, undefined],
    ["OnResponse", callId, "GetRoster", 1, 401],
    ["OnRetry", callId, "GetRoster", 1, 401],
    ["OnRequest", callId, "GetRoster", 2, undefined],
    ["OnResponse", callId, "GetRoster", 2, 200],
  ]);
  assert.equal(ofRoster[2][1].delayMs, 0);
  assert.equal(ofRoster[2][1].code, "unauthorized");
});

test("every request of a call but the first is reported as a retry, with the id of its call", async (context) => {
  const client = clientFor(context, server.host);
  const heard = listen(client);
  let answers = 0;
  server.always((response) => (++answers % 3 ? text("busy", 503) : ROSTER)(response));
  await Promise.allSettled(Array.from({ length: 6 }, () => client.Xmpp.GetRoster()));
  await pause(0);
  const count = (/** @type {string} */ wanted, /** @type {number} */ id) =>
    heard.filter(([name, { callId }]) => name === wanted && callId === id).length;
  const ids = new Set(heard.map(([, { callId }]) => callId));
  assert.equal(ids.size, 6);
  for (const id of ids) {
    assert.equal(count("OnRetry", id), count("OnRequest", id) - 1);
    assert.equal(count("OnResponse", id), count("OnRequest", id));
  }
});

test("a session's events have exactly these properties", async (context) => {
  const client = clientFor(context, server.host);
  /** @type {unknown[]} */
  const heard = [];
  client.Account.OnSessionChange((event) => heard.push(event));
  await logIn(client, server);
  server.answer(json({ jwt: "next", expires: 0 }), text("who?", 401));
  await client.Account.Refresh(60);
  await rejection(client.Xmpp.GetRoster());
  await logIn(client, server);
  server.answer(json({}));
  await client.Account.Logout();
  await client.Account.Logout();
  await pause(0);
  assert.deepEqual(heard, [
    { type: "logged-in", userName: "alice" },
    { type: "refreshed", userName: "alice" },
    { type: "lost", userName: "alice", reason: "refused" },
    { type: "logged-in", userName: "alice" },
    { type: "logged-out", userName: "alice" },
  ]);
});

test("setting another host ends the session, and reports it", async (context) => {
  const client = clientFor(context, server.host);
  /** @type {unknown[]} */
  const heard = [];
  client.Account.OnSessionChange((event) => heard.push(event));
  await logIn(client, server);
  client.IO.SetHost(server.host, false);
  client.IO.SetHost("neuron.example.org");
  await pause(0);
  assert.deepEqual(heard.slice(1), [{ type: "logged-out", userName: "alice" }]);
});

test("a listener that throws fails no call, and is reported if the host has reportError", async (context) => {
  const client = clientFor(context, server.host);
  const mine = new Error("mine");
  /** @type {unknown[]} */
  const reported = [];
  const real = globalThis.reportError;
  const report = (/** @type {unknown} */ error) => reported.push(error);
  for (const reportError of [report, undefined]) {
    Object.assign(globalThis, { reportError });
    const fail = () => {
      throw mine;
    };
    const stops = HOOKS.map((hook) => register(client, hook, fail));
    /** @type {unknown[]} */
    const heard = [];
    stops.push(client.IO.OnResponse(() => heard.push("after it")));
    server.answer(text("busy", 503), ROSTER);
    assert.deepEqual(await client.Xmpp.GetRoster(), { RosterItems: [] });
    await logIn(client, server);
    await pause(5);
    assert.deepEqual(heard, ["after it", "after it", "after it"]);
    for (const stop of stops) stop();
  }
  globalThis.reportError = real;
  // Two requests, two answers and a pause; then a request, an answer and a session.
  assert.deepEqual(reported, Array(8).fill(mine));
});

test("a listener may call the library, and gets a frozen event", async (context) => {
  const client = clientFor(context, server.host);
  server.always(ROSTER);
  /** @type {Promise<unknown> | undefined} */
  let inner;
  client.IO.OnRequest((event) => {
    assert.throws(() => Object.assign(event, { operation: "x" }), TypeError);
    assert.equal(client.IO.GetHost(), server.host);
    inner ??= client.Xmpp.GetRoster();
  });
  await client.Xmpp.GetRoster();
  assert.deepEqual(await inner, { RosterItems: [] });
});

test("each registration is removed on its own", async (context) => {
  const client = clientFor(context, server.host);
  server.always(ROSTER);
  let count = 0;
  const listener = () => (count += 1);
  const [first, second] = [client.IO.OnRequest(listener), client.IO.OnRequest(listener)];
  await client.Xmpp.GetRoster();
  assert.equal(count, 2);
  first();
  first();
  await client.Xmpp.GetRoster();
  assert.equal(count, 3);
  second();
  await client.Xmpp.GetRoster();
  assert.equal(count, 3);
});

test("a client's listeners get the events of that client only", async (context) => {
  const [one, other] = [clientFor(context, server.host), clientFor(context, server.host)];
  const heard = listen(one);
  server.always(ROSTER);
  await other.Xmpp.GetRoster();
  await pause(0);
  assert.deepEqual(heard, []);
});

for (const hook of HOOKS) {
  const [group, name] = hook;
  test(`${name} takes functions only`, (context) => {
    const client = clientFor(context, server.host);
    for (const listener of [undefined, null, "f", {}, { handleEvent() {} }]) {
      assert.throws(() => register(client, hook, listener), {
        code: "invalid-argument",
        parameter: "Listener",
        operation: `${group}.${name}`,
      });
    }
  });
}

test("the library is silent by default, whatever happens", async (context) => {
  const written = watchConsole(context);
  const client = clientFor(context, server.host);
  await logIn(client, server);
  server.answer(text("busy", 503), ROSTER, text("who?", 401));
  await client.Xmpp.GetRoster();
  await rejection(client.Xmpp.GetRoster());
  await rejection(client.Xmpp.GetRoster());
  await pause(0);
  assert.deepEqual(written, []);
});

for (const [level, expected] of /** @type {[LogLevel, string[]][]} */ ([
  ["silent", []],
  ["error", []],
  ["warn", ["warn: session lost"]],
  ["info", ["info: session logged-in", "warn: session lost"]],
  [
    "debug",
    [
      "debug: request",
      "debug: response",
      "info: session logged-in",
      "debug: request",
      "debug: response",
      "debug: retry",
      "debug: request",
      "debug: response",
      "warn: session lost",
    ],
  ],
])) {
  test(`at level ${level} it writes ${expected.length} lines`, async (context) => {
    const written = watchConsole(context);
    const client = clientFor(context, server.host);
    client.IO.SetLogLevel(level);
    await logIn(client, server);
    server.answer(text("busy", 503), text("who?", 401));
    await rejection(client.Xmpp.GetRoster());
    await pause(0);
    const lines = written.map(([method, title, event]) => {
      assert.match(title, /^neuron-agent-api: /);
      return `${method}: ${title.slice("neuron-agent-api: ".length)}${event.type ? ` ${event.type}` : ""}`;
    });
    assert.deepEqual(lines, expected);
  });
}

test("Log without a level always writes, with a level only up to the log level", (context) => {
  const written = watchConsole(context);
  const { IO } = clientFor(context, server.host);
  const message = { any: "thing" };
  IO.Log(message);
  IO.Log("x", null);
  assert.deepEqual(written.splice(0), [
    ["log", message],
    ["log", "x"],
  ]);
  for (const [index, level] of LEVELS.entries()) {
    IO.SetLogLevel(level);
    for (const each of LEVELS) IO.Log(message, each);
    assert.deepEqual(
      written.splice(0),
      LEVELS.slice(1, index + 1).map((each) => [each, message]),
    );
  }
});

test("there are five levels", (context) => {
  const { IO } = clientFor(context, server.host);
  for (const level of ["verbose", "", "toString", 7, {}, "DEBUG"]) {
    assert.throws(() => IO.SetLogLevel(wrong(level)), { code: "invalid-argument", parameter: "Level" });
    assert.throws(() => IO.Log("x", wrong(level)), { code: "invalid-argument", parameter: "Level" });
  }
  assert.throws(() => Reflect.apply(IO.SetLogLevel, IO, []), {
    code: "invalid-argument",
    parameter: "Level",
  });
});

test("a console that throws fails no call", async (context) => {
  /** @type {unknown[]} */
  const reported = [];
  const real = globalThis.reportError;
  globalThis.reportError = (error) => reported.push(error.message);
  context.after(() => (globalThis.reportError = real));
  context.mock.method(console, "debug", () => {
    throw new Error("not this one");
  });
  const client = clientFor(context, server.host);
  client.IO.SetLogLevel("debug");
  server.answer(ROSTER);
  assert.deepEqual(await client.Xmpp.GetRoster(), { RosterItems: [] });
  assert.deepEqual(new Set(reported), new Set(["not this one"]));
});

test("an asynchronous listener that fails is reported, too, and ends no program", async (context) => {
  /** @type {unknown[]} */
  const reported = [];
  const real = globalThis.reportError;
  globalThis.reportError = (error) => reported.push(error.message);
  context.after(() => (globalThis.reportError = real));
  const client = clientFor(context, server.host);
  client.IO.OnRequest(async () => {
    throw new Error("later");
  });
  server.answer(ROSTER);
  await client.Xmpp.GetRoster();
  await until(() => reported.length > 0);
  assert.deepEqual(reported, ["later"]);
});
