// @ts-check
/**
 * A session with the real broker: refreshed once for all calls, reported as lost once, and no login
 * while the broker blocks them.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { startBroker } from "../support/broker.mjs";
import { clientFor, pause } from "../support/client.mjs";
import { rejection } from "../support/rejection.mjs";
import { storeOf } from "../support/stores.mjs";

/** @typedef {Awaited<ReturnType<typeof startBroker>>} Broker */

/**
 * @param {import("node:test").TestContext} context
 * @param {...string} args
 */
async function brokerFor(context, ...args) {
  const broker = await startBroker(...args);
  context.after(() => broker.stop());
  return broker;
}

/**
 * A client of a session that began some seconds ago, as the program before it left it.
 *
 * @param {import("node:test").TestContext} context
 * @param {Broker} broker
 * @param {{ seconds: number, passed: number }} session
 */
async function laterClient(context, broker, { seconds, passed }) {
  const map = new Map();
  const first = clientFor(context, broker.host, { store: storeOf(map) });
  await first.Account.Login("alice", broker.accounts.alice.password, seconds);
  first.dispose();
  const expires = `AgentAPI@${broker.host}.RefreshTimerExpires`;
  map.set(expires, String(Number(map.get(expires)) - passed));
  const client = clientFor(context, broker.host, { store: storeOf(map) });
  /** @type {unknown[]} */
  const events = [];
  client.Account.OnSessionChange((event) => events.push(event));
  return { client, events, map };
}

/** How many requests of a resource the broker has seen. */
const seen = (/** @type {Broker} */ broker, /** @type {string} */ resource) =>
  broker.output().split(`/Agent/${resource} `).length - 1;

test("a hundred calls with a token past half of its lifetime share one refresh, and all succeed", async (context) => {
  const broker = await brokerFor(context, "--verbose");
  const { client, events, map } = await laterClient(context, broker, { seconds: 600, passed: 301 });
  const old = map.get(`AgentAPI@${broker.host}.Token`);
  /** @type {unknown[]} */
  const operations = [];
  client.IO.OnRequest(({ operation }) => operations.push(operation));
  const calls = Array.from({ length: 100 }, (_, index) =>
    index % 2 ? client.Xmpp.GetRoster() : client.Account.Info(),
  );
  await Promise.all(calls);
  assert.equal(operations.filter((operation) => operation === "Account.Refresh").length, 1);
  assert.equal(operations[0], "Account.Refresh", "before them all");
  assert.equal(operations.length, 101);
  assert.equal(seen(broker, "Account/Refresh"), 1);
  assert.equal(seen(broker, "Xmpp/GetRoster"), 50);
  assert.notEqual(map.get(`AgentAPI@${broker.host}.Token`), old);
  assert.deepEqual(events, [{ type: "refreshed", userName: "alice" }]);
});

test("before half of its lifetime a token is not refreshed", async (context) => {
  const broker = await brokerFor(context, "--verbose");
  const { client, events } = await laterClient(context, broker, { seconds: 600, passed: 290 });
  await Promise.all(Array.from({ length: 10 }, () => client.Xmpp.GetRoster()));
  assert.equal(seen(broker, "Account/Refresh"), 0);
  assert.deepEqual(events, []);
});

test("an expired session is reported as lost once, and sends nothing", async (context) => {
  const broker = await brokerFor(context, "--verbose");
  const { client, events, map } = await laterClient(context, broker, { seconds: 600, passed: 601 });
  const calls = Array.from({ length: 10 }, () => rejection(client.Xmpp.GetRoster()));
  for (const error of await Promise.all(calls)) {
    assert.deepEqual([error.code, error.attempts], ["not-logged-in", 0]);
  }
  await pause(0);
  assert.deepEqual(events, [{ type: "lost", userName: "alice", reason: "expired" }]);
  assert.deepEqual([...map], []);
  assert.equal(seen(broker, "Xmpp/GetRoster"), 0);
});

test("a token is refreshed automatically, without a call", async (context) => {
  const broker = await brokerFor(context);
  const client = clientFor(context, broker.host);
  const next = new Promise((resolve) =>
    client.Account.OnSessionChange(({ type }) => type !== "logged-in" && resolve(type)),
  );
  const since = performance.now();
  await client.Account.Login("alice", broker.accounts.alice.password, 4);
  assert.equal(await next, "refreshed");
  const after = performance.now() - since;
  assert.ok(after > 1900, `not before half of its life: ${after} ms`);
  await pause(2200);
  await client.Account.Info();
});

test("a revoked token is reported as lost once, whatever the number of calls, and not sent again", async (context) => {
  const broker = await brokerFor(context, "--verbose");
  const { client, events, map } = await laterClient(context, broker, { seconds: 600, passed: 0 });
  // Another program, with the same token, logs out.
  const other = clientFor(context, broker.host, { store: storeOf(new Map(map)) });
  await other.Account.Logout();
  const errors = await Promise.all(Array.from({ length: 10 }, () => rejection(client.Xmpp.GetRoster())));
  assert.ok(errors.some(({ code }) => code === "unauthorized"));
  for (const { code } of errors) assert.ok(["unauthorized", "not-logged-in"].includes(code), code);
  await pause(0);
  assert.deepEqual(events, [{ type: "lost", userName: "alice", reason: "refused" }]);
  const before = seen(broker, "Xmpp/GetRoster");
  const { code, attempts } = await rejection(client.Xmpp.GetRoster());
  assert.deepEqual([code, attempts], ["not-logged-in", 0]);
  assert.equal(seen(broker, "Xmpp/GetRoster"), before);
  await client.Account.Login("alice", broker.accounts.alice.password, 600);
  await client.Xmpp.GetRoster();
});

test("after too many failed logins, no login is sent until the broker allows it again", async (context) => {
  const broker = await brokerFor(context, "--verbose", "--block-after", "2", "--block-seconds", "2");
  const client = clientFor(context, broker.host);
  const logIn = (/** @type {string} */ password) => client.Account.Login("alice", password, 600);
  for (let count = 0; count < 2; count += 1) {
    assert.equal((await rejection(logIn("wrong"))).code, "unauthorized");
  }
  const before = Date.now();
  const blocked = await rejection(logIn("wrong"));
  const after = Date.now();
  assert.deepEqual([blocked.code, blocked.status, blocked.attempts], ["rate-limited", 429, 1]);
  const { retryAfterMs = 0 } = blocked;
  assert.ok(retryAfterMs > 0 && retryAfterMs <= 2000, String(retryAfterMs));
  const start = Date.parse(String(blocked.retryAt)) - retryAfterMs;
  assert.ok(start >= before - 1000 && start <= after + 1000, `to the second: ${blocked.retryAt}`);

  const logins = seen(broker, "Account/Login");
  const right = broker.accounts.alice.password;
  for (const call of [
    logIn(right),
    client.Account.WwwLogin("alice", right, 600),
    client.Account.Create("c", "c@d", "pw", "k", "s", 60),
  ]) {
    const refused = await rejection(call);
    assert.deepEqual([refused.code, refused.status, refused.attempts], ["rate-limited", undefined, 0]);
    const { retryAfterMs: left = 0 } = refused;
    assert.ok(left > 0 && left <= retryAfterMs, String(left));
    assert.match(String(refused.retryAt), /Z$/);
    assert.match(refused.message, /Nothing was sent.*retryAt/);
  }
  assert.equal(seen(broker, "Account/Login"), logins);
  assert.equal(seen(broker, "Account/Create"), 0);

  await pause(retryAfterMs + 300);
  const { jwt } = await logIn(right);
  assert.match(jwt, /^\S+\.\S+\.\S+$/);
});

test("a logout during a refresh wins: the new token is not stored", async (context) => {
  const broker = await brokerFor(context, "--fault", "latency=200..200");
  const map = new Map();
  const client = clientFor(context, broker.faultHost, { store: storeOf(map) });
  await client.Account.Login("alice", broker.accounts.alice.password, 600);
  const refresh = rejection(client.Account.Refresh(600));
  await pause(50);
  await client.Account.Logout();
  assert.equal((await refresh).code, "not-logged-in");
  await pause(300);
  assert.deepEqual([...map], []);
});
