// @ts-check
/** Login, Refresh and Logout: what is signed, what is stored, and which requests carry the token. */

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, before, beforeEach, test } from "node:test";
import { inspect } from "node:util";
import { AgentAPI } from "neuron-agent-api";
import { callOf, everyCall, NEEDING_SESSION } from "../support/calls.mjs";
import { clientFor } from "../support/client.mjs";
import { json, startRecorder, text } from "../support/recorder.mjs";
import { rejection } from "../support/rejection.mjs";
import { QuietSocket } from "../support/socket.mjs";
import { keptInMemory } from "../support/stores.mjs";

const TOKEN = "eyJhbGciOiJIUzI1NiJ9.canary.token";
const LOGGED_IN = json({ jwt: TOKEN, expires: 1_700_003_600 });

/** @type {import("../support/recorder.mjs").Recorder} */
let server;
before(async () => {
  server = await startRecorder();
  AgentAPI.IO.SetHost(server.host, false);
});
after(() => server.stop());
beforeEach(async () => {
  server.reset();
  server.answer(json({}));
  await AgentAPI.Account.Logout();
  server.reset();
});

const KEYS = ["UserName", "Token", "Seconds", "RefreshTimerElapses", "RefreshTimerExpires"];

async function logIn(answer = LOGGED_IN) {
  server.answer(answer);
  return AgentAPI.Account.Login("alice", "correct horse", 600);
}

test("a login is signed with the password, which is not sent", async () => {
  assert.deepEqual(await logIn(), { jwt: TOKEN, expires: "2023-11-14T23:13:20Z" });
  const [{ path, headers, body }] = server.requests;
  assert.equal(path, "/Agent/Account/Login");
  const { userName, nonce, signature, seconds, ...rest } = JSON.parse(body);
  assert.deepEqual({ userName, seconds, rest }, { userName: "alice", seconds: 600, rest: {} });
  assert.equal(Buffer.from(nonce, "base64").length, 32);
  const signed = createHmac("sha256", "correct horse").update(`alice:${headers.host}:${nonce}`);
  assert.equal(signature, signed.digest("base64"));
});

test("the session is kept under the keys of TAG's `Agent.js`", async () => {
  const before = Math.floor(Date.now() / 1000);
  await logIn();
  const now = Math.floor(Date.now() / 1000);
  const values = Object.fromEntries(KEYS.map((key) => [key, keptInMemory().get(`AgentAPI.${key}`)]));
  assert.equal(values.UserName, "alice");
  assert.equal(values.Token, TOKEN);
  assert.equal(values.Seconds, "600");
  const within = (/** @type {number} */ value, /** @type {number} */ offset) =>
    value >= before + offset && value <= now + offset;
  assert.ok(within(Number(values.RefreshTimerElapses), 300));
  assert.ok(within(Number(values.RefreshTimerExpires), 600));
});

test("an old token is not sent with a login, nor with DomainInfo", async () => {
  await logIn();
  await logIn();
  server.answer(json({ domain: "example.org", useEncryption: true }));
  const info = await AgentAPI.Account.DomainInfo();
  assert.deepEqual(info, { domain: "example.org", useEncryption: true });
  assert.deepEqual(
    server.requests.map(({ headers }) => headers.authorization),
    [undefined, undefined, undefined],
  );
  assert.equal(server.requests[2].method, "GET");
});

test("a refresh replaces the token", async () => {
  await logIn();
  server.answer(json({ jwt: "next", expires: "2023-11-14T22:13:20.5+00:00" }), json({}));
  assert.deepEqual(await AgentAPI.Account.Refresh(60), { jwt: "next", expires: "2023-11-14T22:13:20Z" });
  assert.equal(server.requests[1].body, '{"seconds":60}');
  assert.equal(server.requests[1].headers.authorization, `Bearer ${TOKEN}`);
  assert.equal(keptInMemory().get("AgentAPI.Token"), "next");
});

test("every method that needs a session is refused without one, and sends nothing", async (context) => {
  const client = clientFor(context, server.host, { store: "memory", WebSocket: QuietSocket });
  // A logout has nothing to do then.
  const refused = everyCall().filter(
    ([method]) => NEEDING_SESSION.includes(method) && method !== "Account.Logout",
  );
  assert.ok(refused.length > 50, `${refused.length} methods`);
  for (const [method, , values] of refused) {
    const { code, attempts, ambiguous } = await rejection(callOf(client, method, values));
    assert.deepEqual([code, attempts, ambiguous], ["not-logged-in", 0, undefined], method);
  }
  assert.deepEqual(await client.Account.Logout(), {});
  assert.deepEqual(server.requests, []);
});

for (const [
  label,
  answer,
  code,
] of /** @type {[string, import("../support/recorder.mjs").Answer, string?][]} */ ([
  ["agrees", json({}), undefined],
  ["knows no such session", text("who?", 401), undefined],
  ["fails", text("oops", 500), "server-error"],
  ["is gone", (response) => void response.destroy(), "network"],
])) {
  test(`a logout ends the session here although the broker ${label}`, async () => {
    await logIn();
    /** @type {string | undefined} */
    let keptAtTheServer;
    server.answer((response, request) => {
      keptAtTheServer = keptInMemory().get("AgentAPI.Token");
      answer(response, request);
    });
    const logout = AgentAPI.Account.Logout();
    if (code) assert.equal((await rejection(logout)).code, code);
    else assert.deepEqual(await logout, {});
    assert.equal(keptAtTheServer, undefined, "cleared before the broker was asked");
    for (const key of KEYS) assert.equal(keptInMemory().get(`AgentAPI.${key}`), undefined);
    assert.equal(server.requests[1].headers.authorization, `Bearer ${TOKEN}`);
  });
}

test("a refused token is dropped, and a call that needs a token is not sent without one", async () => {
  await logIn();
  server.answer(text("expired", 401));
  assert.equal((await rejection(AgentAPI.Xmpp.GetRoster())).code, "unauthorized");
  const error = await rejection(AgentAPI.Xmpp.GetRoster());
  assert.deepEqual([error.code, error.attempts], ["not-logged-in", 0]);
  const authorizations = server.requests.slice(1).map(({ headers }) => headers.authorization);
  assert.deepEqual(authorizations, [`Bearer ${TOKEN}`]);
  for (const key of KEYS) assert.equal(keptInMemory().get(`AgentAPI.${key}`), undefined);
});

test("the token is sent only to the host that issued it", async () => {
  const other = await startRecorder();
  await logIn();
  AgentAPI.IO.SetHost(other.host, false);
  assert.equal((await rejection(AgentAPI.Xmpp.GetRoster())).code, "not-logged-in");
  other.answer(json({}));
  // Which is sent without a session, too.
  await AgentAPI.IO.Request("/x");
  assert.deepEqual(
    other.requests.map(({ path, headers }) => [path, headers.authorization]),
    [["/x", undefined]],
  );
  await other.stop();
  AgentAPI.IO.SetHost(server.host, false);
});

test("GetHost and GetBaseURL return the host in the form of the Host header", () => {
  const { SetHost, GetHost, GetBaseURL } = AgentAPI.IO;
  try {
    SetHost("Neuron.Example.ORG:443");
    assert.deepEqual([GetHost(), GetBaseURL()], ["neuron.example.org", "https://neuron.example.org"]);
    SetHost("127.0.0.1:8080", false);
    assert.deepEqual([GetHost(), GetBaseURL()], ["127.0.0.1:8080", "http://127.0.0.1:8080"]);
    for (const reset of ["", null, undefined]) {
      SetHost("neuron.example.org");
      SetHost(reset);
      assert.throws(GetHost, { code: "no-host" });
    }
  } finally {
    SetHost(server.host, false);
  }
});

test("no error of a session shows a secret", async () => {
  const secrets = ["correct horse", TOKEN];
  const errors = [];
  /** @type {(status: number) => import("../support/recorder.mjs").Answer} */
  const echo =
    (status) =>
    (response, { headers, body }) => {
      const sent = JSON.parse(body || "{}");
      for (const name of ["nonce", "signature"]) if (sent[name]) secrets.push(sent[name]);
      text(`${headers.authorization} ${body}`, status)(response);
    };
  server.answer(echo(400));
  errors.push(await rejection(AgentAPI.Account.Login("alice", "correct horse", 600)));
  await logIn();
  server.answer(echo(500), echo(403));
  errors.push(await rejection(AgentAPI.Account.Refresh(60)));
  errors.push(await rejection(AgentAPI.Xmpp.SendPresenceSubscription("bob@example.org")));
  assert.equal(secrets.length, 4);
  for (const error of errors) {
    const told = inspect(error, { depth: 10, showHidden: true }) + JSON.stringify(error) + error.stack;
    for (const secret of secrets) assert.ok(!told.includes(secret), `${error.operation} told a secret`);
  }
});
