/** What is told of requests and sessions, to listeners and to the console: no more than is listed. */

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { clientFor, logIn, pause, until } from "../support/client.mjs";
import { json, startRecorder, text } from "../support/recorder.mjs";
import { rejection } from "../support/rejection.mjs";

const BOB = "bob@example.org";
const ROSTER = json({ RosterItems: [] });
const LEVELS = ["silent", "error", "warn", "info", "debug"];

let server;
before(async () => {
  server = await startRecorder();
});
after(() => server.stop());
beforeEach(() => server.reset());

const HOOKS = [["IO", "OnRequest"], ["IO", "OnResponse"], ["IO", "OnRetry"], ["Account", "OnSessionChange"]];

/** Everything that a client tells, in order. */
function listen(client) {
  const heard = [];
  for (const [group, name] of HOOKS) client[group][name]((event) => heard.push([name, event]));
  return heard;
}

/** The console's doubles, by level. */
function watchConsole(context) {
  const written = [];
  for (const level of [...LEVELS.slice(1), "log"]) {
    context.mock.method(console, level, (...args) => written.push([level, ...args]));
  }
  return written;
}

test("a request and its answer are told with these properties and no others", async (context) => {
  const client = clientFor(context, server.host);
  const heard = listen(client);
  server.answer(ROSTER);
  await client.Xmpp.GetRoster(10, 20);
  await pause(0);
  const [[, request], [, response]] = heard;
  assert.deepEqual(request, { callId: 1, operation: "Xmpp.GetRoster", attempt: 1, method: "POST", requestBytes: 27 });
  const { durationMs, ...rest } = response;
  assert.deepEqual(rest, { ...request, status: 200, responseBytes: 18 });
  assert.ok(Number.isInteger(durationMs) && durationMs >= 0 && durationMs < 5000, String(durationMs));
  assert.deepEqual(heard.map(([name]) => name), ["OnRequest", "OnResponse"]);
});

test("a GET and a form have no size, and an answer is measured in bytes", async (context) => {
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
  for (const [, event] of heard.filter(([name]) => name === "OnResponse")) assert.equal(event.responseBytes, 10);
});

test("attempts that fail are told one after the other, with what they failed of", async (context) => {
  const client = clientFor(context, server.host);
  const heard = listen(client);
  server.answer(text("s3cret", 503), (response) => response.destroy(), ROSTER);
  await client.Xmpp.GetRoster();
  await pause(0);
  const shown = heard.map(([name, { durationMs, delayMs, ...event }]) => {
    assert.equal(durationMs !== undefined, name === "OnResponse");
    assert.equal(delayMs !== undefined, name === "OnRetry");
    if (name === "OnRetry") assert.ok(Number.isInteger(delayMs) && delayMs >= 0 && delayMs < 500, delayMs);
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

test("the pause that is told is the one that the broker asks for", async (context) => {
  const client = clientFor(context, server.host);
  const delays = [];
  client.IO.OnRetry(({ delayMs }) => delays.push(delayMs));
  server.answer(text("busy", 429, "text/plain", { "Retry-After": "1" }), ROSTER);
  const since = performance.now();
  await client.Xmpp.GetRoster();
  assert.equal(delays.length, 1);
  assert.ok(delays[0] >= 1000 && delays[0] < 1250, String(delays));
  assert.ok(performance.now() - since >= 950);
});

/** Who tells, of which call and attempt, and of which status. */
const outline = (heard) =>
  heard.map(([name, { callId, operation, attempt, status }]) => [name, callId, operation.split(".")[1], attempt, status]);

test("a look at the roster is told as what it is, and as a request of its call", async (context) => {
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

test("a request that goes out again because its token was replaced is told as a retry", async (context) => {
  const client = clientFor(context, server.host);
  await logIn(client, server, "old.token");
  const heard = listen(client);
  let refuse;
  server.answer(
    // The first is refused only when the refresh has been answered.
    (response) => (refuse = () => text("who?", 401)(response)),
    (response) => {
      json({ jwt: "new.token", expires: 0 })(response);
      setTimeout(refuse, 20);
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

test("every request of a call but the first is told as a retry, and calls are told apart", async (context) => {
  const client = clientFor(context, server.host);
  const heard = listen(client);
  let answers = 0;
  server.always((response) => (++answers % 3 ? text("busy", 503) : ROSTER)(response));
  await Promise.allSettled(Array.from({ length: 6 }, () => client.Xmpp.GetRoster()));
  await pause(0);
  const count = (wanted, id) => heard.filter(([name, { callId }]) => name === wanted && callId === id).length;
  const ids = new Set(heard.map(([, { callId }]) => callId));
  assert.equal(ids.size, 6);
  for (const id of ids) {
    assert.equal(count("OnRetry", id), count("OnRequest", id) - 1);
    assert.equal(count("OnResponse", id), count("OnRequest", id));
  }
});

test("a session's events have these properties and no others", async (context) => {
  const client = clientFor(context, server.host);
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

test("another host ends the session, and says so", async (context) => {
  const client = clientFor(context, server.host);
  const heard = [];
  client.Account.OnSessionChange((event) => heard.push(event));
  await logIn(client, server);
  client.IO.SetHost(server.host, false);
  client.IO.SetHost("neuron.example.org");
  await pause(0);
  assert.deepEqual(heard.slice(1), [{ type: "logged-out", userName: "alice" }]);
});

test("a listener that throws breaks nothing, and is told of where the host can", async (context) => {
  const client = clientFor(context, server.host);
  const mine = new Error("mine");
  const reported = [];
  const real = globalThis.reportError;
  for (const reportError of [(error) => reported.push(error), undefined]) {
    globalThis.reportError = reportError;
    const stops = HOOKS.map(([group, name]) => client[group][name](() => { throw mine; }));
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

test("a listener may call the library, and sees a frozen event", async (context) => {
  const client = clientFor(context, server.host);
  server.always(ROSTER);
  let inner;
  client.IO.OnRequest((event) => {
    assert.throws(() => (event.operation = "x"), TypeError);
    assert.equal(client.IO.GetHost(), server.host);
    inner ??= client.Xmpp.GetRoster();
  });
  await client.Xmpp.GetRoster();
  assert.deepEqual(await inner, { RosterItems: [] });
});

test("each registration is taken back by itself", async (context) => {
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

test("a client's listeners hear of that client alone", async (context) => {
  const [one, other] = [clientFor(context, server.host), clientFor(context, server.host)];
  const heard = listen(one);
  server.always(ROSTER);
  await other.Xmpp.GetRoster();
  await pause(0);
  assert.deepEqual(heard, []);
});

for (const [group, name] of HOOKS) {
  test(`${name} takes functions only`, (context) => {
    const client = clientFor(context, server.host);
    for (const listener of [undefined, null, "f", {}, { handleEvent() {} }]) {
      assert.throws(() => client[group][name](listener), {
        code: "invalid-argument", parameter: "Listener", operation: `${group}.${name}`,
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

for (const [level, expected] of [
  ["silent", []],
  ["error", []],
  ["warn", ["warn: session lost"]],
  ["info", ["info: session logged-in", "warn: session lost"]],
  [
    "debug",
    [
      "debug: request", "debug: response", "info: session logged-in",
      "debug: request", "debug: response", "debug: retry", "debug: request", "debug: response", "warn: session lost",
    ],
  ],
]) {
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

test("Log without a level always writes, with one as far as is allowed", (context) => {
  const written = watchConsole(context);
  const { IO } = clientFor(context, server.host);
  const message = { any: "thing" };
  IO.Log(message);
  IO.Log("x", null);
  assert.deepEqual(written.splice(0), [["log", message], ["log", "x"]]);
  for (const [index, level] of LEVELS.entries()) {
    IO.SetLogLevel(level);
    for (const each of LEVELS) IO.Log(message, each);
    assert.deepEqual(written.splice(0), LEVELS.slice(1, index + 1).map((each) => [each, message]));
  }
});

test("there are five levels", (context) => {
  const { IO } = clientFor(context, server.host);
  for (const level of ["verbose", "", "toString", 7, {}, "DEBUG"]) {
    assert.throws(() => IO.SetLogLevel(level), { code: "invalid-argument", parameter: "Level" });
    assert.throws(() => IO.Log("x", level), { code: "invalid-argument", parameter: "Level" });
  }
  assert.throws(() => IO.SetLogLevel(), { code: "invalid-argument", parameter: "Level" });
});

test("a console of the page's own that throws breaks nothing", async (context) => {
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

test("an asynchronous listener that fails is told of too, and ends no program", async (context) => {
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
