// @ts-check
/** The group Account: creation, verification, remote login, transfer and recovery. */

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, before, beforeEach, test } from "node:test";
import { inspect } from "node:util";
import { AgentAPI } from "neuron-agent-api";
import { callOf } from "../support/calls.mjs";
import { fetchDouble } from "../support/fetch-double.mjs";
import { json, startRecorder, text } from "../support/recorder.mjs";
import { rejection, wrong } from "../support/rejection.mjs";
import { beginSessionAt, keptInMemory } from "../support/stores.mjs";

const { Account } = AgentAPI;
const TOKEN = { jwt: "new.token", expires: 1_700_003_600 };
const CREATED = { created: 1_700_000_000, enabled: false, canRelay: false, ...TOKEN };

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
  await Account.Logout();
  server.reset();
});

const kept = (/** @type {string} */ key) => keptInMemory().get(`AgentAPI.${key}`);
const sent = () => JSON.parse(server.requests.at(-1)?.body ?? "null");
const sign = (/** @type {string} */ secret, /** @type {string[]} */ ...parts) =>
  createHmac("sha256", secret).update(parts.join(":")).digest("base64");

test("Create without a phone number keeps the secret and signs with it", async () => {
  server.answer(json(CREATED));
  const created = await Account.Create("alice", "a@example.org", "pw", "KEY", "S3cret", 600);
  assert.deepEqual(created, {
    created: "2023-11-14T22:13:20Z",
    enabled: false,
    canRelay: false,
    jwt: "new.token",
    expires: "2023-11-14T23:13:20Z",
  });
  const { nonce, signature, ...rest } = sent();
  assert.deepEqual(rest, {
    userName: "alice",
    eMail: "a@example.org",
    password: "pw",
    apiKey: "KEY",
    seconds: 600,
  });
  assert.equal(signature, sign("S3cret", "alice", server.host, "a@example.org", "pw", "KEY", nonce));
  assert.deepEqual([kept("UserName"), kept("Token"), kept("Seconds")], ["alice", "new.token", "600"]);
});

test("Create with a phone number signs that too", async () => {
  server.answer(json(CREATED));
  await Account.Create("alice", "a@example.org", "+467", "pw", "KEY", "S3cret", 600, "sv");
  const { nonce, signature, phoneNr, language } = sent();
  assert.deepEqual({ phoneNr, language }, { phoneNr: "+467", language: "sv" });
  assert.equal(signature, sign("S3cret", "alice", server.host, "a@example.org", "+467", "pw", "KEY", nonce));
});

test("Create takes language and options in both orders", async () => {
  for (const values of /** @type {import("neuron-agent-api").CreateArguments[]} */ ([
    ["a", "b@c", "pw", "KEY", "S3cret", 60, "sv", { signal: AbortSignal.abort() }],
    ["a", "b@c", null, "pw", "KEY", "S3cret", 60, "sv", { signal: AbortSignal.abort() }],
  ])) {
    assert.equal((await rejection(Account.Create(...values))).code, "aborted");
  }
});

for (const [parameter, ...values] of [
  ["UserName", "a@b", "b@c", "pw", "KEY", "S3cret", 60],
  ["EMail", "a", "", "pw", "KEY", "S3cret", 60],
  ["Password", "a", "b@c", "", "KEY", "S3cret", 60],
  ["ApiKey", "a", "b@c", "pw", "", "S3cret", 60],
  ["Secret", "a", "b@c", "pw", "KEY", "", 60],
  ["Seconds", "a", "b@c", "pw", "KEY", "S3cret", 0],
  ["Language", "a", "b@c", "pw", "KEY", "S3cret", 60, "?"],
  ["Seconds", "a", "b@c", "+46", "pw", "KEY", "S3cret"],
  ["UserName"],
]) {
  test(`Create${JSON.stringify(values)} names ${parameter}`, async () => {
    const error = await rejection(callOf(AgentAPI, "Account.Create", values));
    assert.deepEqual([error.code, error.parameter], ["invalid-argument", parameter]);
    assert.deepEqual(server.requests, []);
  });
}

test("a user name that is taken comes with alternatives", async () => {
  server.answer(text("taken", 400, "text/plain", { "X-AlternativeName1": "alice1" }));
  const error = await rejection(Account.Create("a", "b@c", "pw", "KEY", "S3cret", 60));
  assert.deepEqual(error.alternatives, ["alice1"]);
});

test("a session of the broker's own pages is taken over, with its user name", async () => {
  const jwt = ["x", Buffer.from('{"sub":"ålice"}').toString("base64url"), "z"].join(".");
  server.answer(json({ AccountCreated: { ...CREATED, jwt }, seconds: 900 }));
  const { AccountCreated, seconds } = await Account.GetSessionToken();
  assert.deepEqual([AccountCreated.jwt, seconds], [jwt, 900]);
  assert.deepEqual([kept("UserName"), kept("Token"), kept("Seconds")], ["ålice", jwt, "900"]);
  server.answer(json({ ...TOKEN, userName: "bob" }));
  await Account.QuickLogin(60);
  assert.deepEqual([kept("UserName"), kept("Token")], ["bob", "new.token"]);
});

test("verification codes are sent as they were given, and must be digits", async () => {
  for (const code of ["012345", 12345]) {
    server.answer(json({ eMail: "a@b", userName: "a" }));
    await Account.VerifyEMail("a@b", code);
    assert.deepEqual(sent(), { eMail: "a@b", code });
  }
  for (const code of ["12a", "", -1, 1.5, {}, null]) {
    const error = await rejection(Account.VerifyPhoneNr("+46", wrong(code)));
    assert.deepEqual([error.code, error.parameter], ["invalid-argument", "Code"]);
  }
});

for (const [parameter, ...values] of [
  ["UserName", null, null, null, "a@b"],
  ["Country", null, "19800101-1234", null, "a@b"],
  ["EMail", "alice"],
]) {
  test(`Recover${JSON.stringify(values)} names ${parameter}`, async () => {
    const error = await rejection(callOf(AgentAPI, "Account.Recover", values));
    assert.deepEqual([error.code, error.parameter], ["invalid-argument", parameter]);
    assert.deepEqual(server.requests, []);
  });
}

test("a remote login is sent over TLS, without a token", async () => {
  server.answer(json({ ...TOKEN }));
  await Account.Login("alice", "pw", 60);
  const real = globalThis.fetch;
  /** @type {{ url: string, headers: Record<string, string>, body: string }[]} */
  const calls = [];
  globalThis.fetch = fetchDouble(async (url, { headers, body }) => {
    calls.push({ url, headers, body });
    return Response.json({ loggedIn: false, petitionSent: true });
  });
  try {
    const answer = await Account.RemoteQuickLogin("other.example", "legal@id", "To test");
    assert.deepEqual(answer, { loggedIn: false, petitionSent: true });
  } finally {
    globalThis.fetch = real;
  }
  const [{ url, headers, body }] = calls;
  assert.equal(url, "https://other.example/Agent/Account/RemoteQuickLogin");
  assert.equal(headers.Authorization, undefined);
  assert.equal(body, '{"legalId":"legal@id","purpose":"To test"}');
  const error = await rejection(Account.RemoteQuickLogin("other.example/x", "a", "b"));
  assert.deepEqual([error.code, error.parameter], ["invalid-argument", "Domain"]);
});

test("a transfer is signed with both passwords, and neither is sent", async () => {
  assert.equal((await rejection(Account.Transfer("a", "b", "c", "d", "e"))).code, "not-logged-in");
  server.answer(json(TOKEN));
  await Account.Login("alice", "pw", 60);
  server.answer(json({ onboardingUri: "u", qrCodeUrl: "q", qrCodeWidth: 1, qrCodeHeight: 2 }));
  await Account.Transfer("ed448", "urn:x", "key1", "keypw", "pw", "1234");
  const { nonce, keySignature, requestSignature, ...rest } = sent();
  const key = ["alice", server.host, "ed448", "urn:x", "key1"];
  assert.equal(keySignature, sign("keypw", ...key));
  assert.equal(requestSignature, sign("pw", ...key, keySignature, nonce, "1234"));
  assert.deepEqual(rest, { keyId: "key1", pin: "1234" });
});

test("a session is restarted until it expires", async () => {
  // As the page before this one left it. The age of a token that was seen before is known better.
  const begin = (/** @type {string} */ token, /** @type {number} */ end) => {
    const now = Math.floor(Date.now() / 1000);
    keptInMemory().set("AgentAPI.Token", token);
    keptInMemory().set("AgentAPI.Seconds", "600");
    keptInMemory().set("AgentAPI.RefreshTimerElapses", String(now + end - 300));
    keptInMemory().set("AgentAPI.RefreshTimerExpires", String(now + end));
  };
  assert.equal(await Account.RestartActiveSession(), false);
  begin("young", 310);
  assert.equal(await Account.RestartActiveSession(), true);
  assert.deepEqual(server.requests, []);
  begin("due", 290);
  server.answer(json(TOKEN));
  assert.equal(await Account.RestartActiveSession(), true);
  assert.deepEqual(sent(), { seconds: 600 });
  assert.equal(kept("Token"), "new.token");
  begin("over", -1);
  assert.equal(await Account.RestartActiveSession(), false);
  assert.equal(kept("Token"), undefined);
});

test("dates are ISO 8601, however the broker sent them", async () => {
  beginSessionAt(server.host, false);
  server.answer(
    json({
      userName: "a",
      created: 1_700_000_000,
      updated: null,
      eMailVerified: "2023-11-14T23:13:20+01:00",
    }),
  );
  assert.deepEqual(await Account.Info(), {
    userName: "a",
    created: "2023-11-14T22:13:20Z",
    eMailVerified: "2023-11-14T22:13:20Z",
  });
  server.answer(json({ userName: "a", created: "soon" }));
  assert.equal((await rejection(Account.Info())).code, "bad-response");
});

test("XmlEncode escapes the special characters of XML", () => {
  assert.equal(
    Account.XmlEncode('<a b="c">&\'\n</a>'),
    "&lt;a b=&quot;c&quot;&gt;&amp;&apos;&#10;&lt;/a&gt;",
  );
  assert.throws(() => Account.XmlEncode(wrong(7)), { code: "invalid-argument", parameter: "Text" });
});

test("no error of a call shows a secret that it sent, however the broker quotes it", async () => {
  const password = 'p4ss"w\\o<r>d';
  const secrets = [password, "4piKey", "s3cret", "c.a.n.a.r.y", "871234", "871235"];
  /** @type {import("../support/recorder.mjs").Answer} */
  const echo = (response, { headers, body }) =>
    text(`${JSON.stringify(headers)} ${body} ${JSON.stringify(secrets)} ${secrets}`, 500)(response);
  /** @type {string[]} */
  const told = [];
  for (const [call, ...own] of /** @type {[() => Promise<unknown>, ...string[]][]} */ ([
    [() => Account.Create("a", "b@c", password, "4piKey", "s3cret", 60), password, "4piKey", "s3cret"],
    [() => Account.WwwLogin("a", password, 60), password],
    [() => Account.AuthenticateJwt("c.a.n.a.r.y"), "c.a.n.a.r.y"],
    [() => Account.VerifyEMail("a@b", "871234"), "871234"],
    [() => Account.VerifyEMail("a@b", 871235), "871235"],
    [() => AgentAPI.IO.Request("/Agent/Account/Create", { password }), password],
  ])) {
    for (const encoding of /** @type {const} */ (["json", "xml"])) {
      AgentAPI.IO.SetEncoding(encoding);
      server.answer(echo);
      const shown = inspect(await rejection(call()), { depth: 9, showHidden: true });
      told.push(shown);
      for (const secret of own) {
        const inXml = Account.XmlEncode(secret);
        for (const form of [secret, JSON.stringify(secret).slice(1, -1), inXml]) {
          assert.ok(!shown.includes(form), `${form} was told`);
        }
      }
    }
  }
  AgentAPI.IO.SetEncoding("json");
  const basic = Buffer.from(`a:${password}`).toString("base64");
  assert.ok(!told.join().includes(basic));
});
