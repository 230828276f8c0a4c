// @ts-check
/** A disposed client: its calls settle, and it does nothing any more. */

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { createAgentAPI } from "neuron-agent-api";
import { callOf } from "../support/calls.mjs";
import { runChild } from "../support/child.mjs";
import { clientFor, logIn, pause, until } from "../support/client.mjs";
import { json, startRecorder, text } from "../support/recorder.mjs";
import { rejection, wrong } from "../support/rejection.mjs";
import { storeOf, storeWithToken } from "../support/stores.mjs";

/** @type {import("../support/recorder.mjs").Recorder} */
let server;
before(async () => {
  server = await startRecorder();
});
after(() => server.stop());
beforeEach(() => server.reset());

const BOB = "bob@example.org";
const client = (/** @type {import("neuron-agent-api").ClientOptions | undefined} */ options = undefined) =>
  createAgentAPI({ host: server.host, secure: false, store: storeWithToken(server.host), ...options });

test("pending calls reject, wherever they are", async () => {
  const own = client({ maxInFlight: 2 });
  server.answer(
    () => {},
    (response) => void response.writeHead(200).write('{"Roster'),
  );
  const calls = [own.Xmpp.GetRoster(), own.Xmpp.GetRoster(), own.Xmpp.SendTextMessage(BOB, "queued")];
  await until(() => server.requests.length === 2);
  await pause(10);
  own.dispose();
  const errors = await Promise.all(calls.map(rejection));
  assert.deepEqual(
    errors.map(({ code }) => code),
    ["disposed", "disposed", "disposed"],
  );
  assert.deepEqual(
    errors.map(({ attempts }) => attempts),
    [1, 1, 0],
  );
  assert.equal(server.requests.length, 2);
});

test("a message that was under way is ambiguous", async () => {
  const own = client();
  server.answer(() => {});
  const call = own.Xmpp.SendTextMessage(BOB, "Hi");
  await until(() => server.requests.length === 1);
  own.dispose();
  const { code, ambiguous, operation } = await rejection(call);
  assert.deepEqual([code, ambiguous, operation], ["disposed", true, "Xmpp.SendTextMessage"]);
});

test("a call that waits for its next attempt rejects", async () => {
  const own = client();
  const retried = new Promise((resolve) => own.IO.OnRetry(resolve));
  server.always(text("busy", 503, "text/plain", { "Retry-After": "20" }));
  const call = own.Xmpp.GetRoster();
  await retried;
  own.dispose();
  const error = await rejection(call);
  assert.deepEqual([error.code, error.attempts], ["disposed", 1]);
});

test("calls that wait for a refresh reject, and its token is not stored", async () => {
  const map = new Map();
  const own = client({ store: storeOf(map) });
  await logIn(own, server);
  /** @type {(() => void) | undefined} */
  let answer;
  server.answer((response) => (answer = () => json({ jwt: "late", expires: 0 })(response)));
  const calls = [own.Account.Refresh(60), own.Xmpp.GetRoster(), own.Account.RestartActiveSession()];
  await until(() => answer);
  own.dispose();
  const outcomes = await Promise.allSettled(calls);
  for (const outcome of outcomes.slice(0, 2)) {
    assert.ok(outcome.status === "rejected");
    assert.equal(outcome.reason.code, "disposed");
  }
  answer?.();
  await pause(20);
  assert.equal(map.get(`AgentAPI@${server.host}.Token`), "the.token", "what was stored stays");
});

test("pending requests are aborted", async () => {
  const own = client();
  let closed = false;
  server.answer((response) => void response.on("close", () => (closed = true)));
  const call = rejection(own.Xmpp.GetRoster());
  await until(() => server.requests.length === 1);
  own.dispose();
  await call;
  await until(() => closed, "the end of the connection");
});

test("calls after dispose reject or throw, and send nothing", async () => {
  const own = client();
  await logIn(own, server);
  server.reset();
  own.dispose();
  for (const call of [
    own.Xmpp.GetRoster(),
    own.Xmpp.SendPresenceSubscription(wrong(5)),
    own.Account.Logout(),
    own.Account.RestartActiveSession(),
    own.IO.Request("/x"),
  ]) {
    const error = await rejection(call);
    assert.deepEqual([error.code, error.attempts], ["disposed", 0]);
    assert.match(error.message, /createAgentAPI/);
  }
  for (const [method, ...values] of /** @type {[string, ...unknown[]][]} */ ([
    ["IO.GetHost"],
    ["IO.SetHost", "a"],
    ["IO.SetTimeout", { totalMs: 1 }],
    ["IO.OnRequest", () => {}],
    ["IO.Log", "x"],
    ["Account.OnSessionChange", () => {}],
    ["Account.XmlEncode", "x"],
  ])) {
    assert.throws(() => callOf(own, method, values), {
      name: "AgentApiError",
      code: "disposed",
      operation: method,
    });
  }
  assert.deepEqual(server.requests, []);
});

test("a client can be disposed twice, and before its first call", () => {
  const own = createAgentAPI();
  own.dispose();
  own.dispose();
});

test("other clients are not affected", async (context) => {
  const [gone, stays] = [client(), clientFor(context, server.host)];
  await logIn(stays, server);
  /** @type {(() => void) | undefined} */
  let answer;
  server.reset();
  server.answer(
    () => {},
    (response) => (answer = () => json({ RosterItems: [] })(response)),
  );
  const failed = rejection(gone.Xmpp.GetRoster());
  await until(() => server.requests.length === 1);
  const served = stays.Xmpp.GetRoster();
  await until(() => answer);
  gone.dispose();
  assert.equal((await failed).code, "disposed");
  answer?.();
  assert.deepEqual(await served, { RosterItems: [] });
  server.always(json({ RosterItems: [] }));
  // Created after the other one is gone.
  const next = clientFor(context, server.host);
  await next.Xmpp.GetRoster();
  await stays.Xmpp.GetRoster();
  const authorizations = server.requests.slice(-2).map(({ headers }) => headers.authorization);
  assert.deepEqual(authorizations, ["Bearer kept.token", "Bearer the.token"]);
});

test("listeners are not called any more, not even for the end of the session", async () => {
  const own = client();
  await logIn(own, server);
  /** @type {unknown[]} */
  const heard = [];
  own.Account.OnSessionChange(({ type }) => heard.push(type));
  own.dispose();
  await pause(5);
  assert.deepEqual(heard, []);
});

test("a client is disposed by a using declaration, if the language has it", {
  skip: !Symbol.dispose,
}, async () => {
  const own = client();
  own[Symbol.dispose]();
  assert.throws(() => own.IO.GetHost(), { code: "disposed" });
  assert.deepEqual(Object.keys(own).includes("dispose"), true);
});

/** What is still there to keep a program. */
const RESOURCES = "process.getActiveResourcesInfo().filter((name) => name === 'Timeout')";

for (const [label, ending] of [
  ["after a login, whose token is due for a refresh later", ""],
  ["after the end of the client", "client.dispose();"],
  [
    "after a call that was aborted",
    `const controller = new AbortController();
     const hanging = client.Xmpp.GetRoster(0, 1, { signal: controller.signal }).catch(() => {});
     await new Promise((resolve) => setTimeout(resolve, 50));
     controller.abort();
     await hanging;`,
  ],
  [
    "after the end of a client with a call under way",
    `const hanging = client.Xmpp.GetRoster().catch(({ code }) => console.log(code));
     await new Promise((resolve) => setTimeout(resolve, 50));
     client.dispose();
     await hanging;`,
  ],
]) {
  test(`nothing keeps a program alive ${label}`, async () => {
    server.answer(json({ jwt: "the.token", expires: 0 }), json({ RosterItems: [] }), () => {});
    const { code, stdout, stderr } = await runChild(
      `import { createAgentAPI } from "neuron-agent-api";
       const client = createAgentAPI({ host: "${server.host}", secure: false });
       await client.Account.Login("alice", "pw", 600);
       await client.Xmpp.GetRoster();
       ${ending}
       console.log(${RESOURCES}.length);`,
    );
    assert.equal(stderr, "");
    assert.equal(code, 0);
    const lines = stdout
      .trim()
      .split("\n")
      .filter((line) => line !== "disposed");
    assert.equal(lines[0], "0", "timers that keep the program");
    if (ending.includes("code")) assert.match(stdout, /^disposed/);
  });
}

/** A tab, as far as the library looks for one. */
const TAB = `
  const kept = new Map();
  globalThis.sessionStorage = {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  };
  globalThis.localStorage = globalThis.sessionStorage;
  globalThis.document = Object.assign(new EventTarget(), { visibilityState: "visible" });`;

for (const [label, client] of [
  ["AgentAPI", "AgentAPI"],
  ["a client with the tab's storage", 'createAgentAPI({ host, secure: false, store: "session" })'],
  ["a client with the storage of all tabs", 'createAgentAPI({ host, secure: false, store: "local" })'],
]) {
  test(`a session of ${label} does not keep a program with a page alive`, async () => {
    server.answer(json({ jwt: "the.token", expires: 0 }), json({ RosterItems: [] }));
    const { code, signal, stdout, stderr } = await runChild(
      `${TAB}
       const host = "${server.host}";
       const { AgentAPI, createAgentAPI } = await import("neuron-agent-api");
       const { Account, Xmpp, IO } = ${client};
       IO.SetHost(host, false);
       await Account.Login("alice", "pw", 600);
       await Xmpp.GetRoster();
       console.log(kept.size > 0, ${RESOURCES}.length);`,
    );
    assert.deepEqual(
      { code, signal, stdout, stderr },
      { code: 0, signal: null, stdout: "true 0\n", stderr: "" },
    );
  });
}
