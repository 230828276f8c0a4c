// @ts-check
/** A password is normalized (RFC 8265), so it is the same on every keyboard. */

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, before, test } from "node:test";
import { AgentAPI } from "neuron-agent-api";
import { startBroker } from "../support/broker.mjs";
import { clientFor } from "../support/client.mjs";
import { json, startRecorder } from "../support/recorder.mjs";
import { wrong } from "../support/rejection.mjs";

const COMPOSED = "cr\u00e8me br\u00fbl\u00e9e";
const DECOMPOSED = COMPOSED.normalize("NFD");
const WIDE = COMPOSED.replace(" ", "\u3000");

/** @type {import("../support/recorder.mjs").Recorder} */
let server;
before(async () => {
  server = await startRecorder();
});
after(() => server.stop());

const hmac = (/** @type {import("node:crypto").BinaryLike} */ key, /** @type {string} */ text) =>
  createHmac("sha256", key).update(text).digest("base64");

for (const [label, typed] of Object.entries({ COMPOSED, DECOMPOSED, WIDE })) {
  test(`${label}: every signature and header is made of the one form`, async (context) => {
    server.reset();
    server.always(json({ jwt: "the.token", expires: 0 }));
    const client = clientFor(context, server.host);
    await client.Account.Login("alice", typed, 60);
    const login = JSON.parse(server.requests[0].body);
    assert.equal(login.signature, hmac(COMPOSED, `alice:${server.host}:${login.nonce}`));

    await client.Account.WwwLogin("alice", typed, 60);
    const basic = Buffer.from(`alice:${COMPOSED}`).toString("base64");
    assert.equal(server.requests[1].headers.authorization, `Basic ${basic}`);

    await client.Account.Create("alice", "a@b.org", typed, "key", "secret", 60).catch(() => {});
    const created = JSON.parse(server.requests[2].body);
    assert.equal(created.password, COMPOSED);
    const signed = `alice:${server.host}:a@b.org:${COMPOSED}:key:${created.nonce}`;
    assert.equal(created.signature, hmac("secret", signed));

    await client.Account.Transfer("ed448", "urn:x", "key1", typed, typed).catch(() => {});
    const { nonce, keySignature, requestSignature } = JSON.parse(server.requests[3].body);
    const key = `alice:${server.host}:ed448:urn:x:key1`;
    assert.equal(keySignature, hmac(COMPOSED, key));
    assert.equal(requestSignature, hmac(COMPOSED, `${key}:${keySignature}:${nonce}`));
  });
}

test("other arguments than passwords are not normalized", async (context) => {
  server.reset();
  server.answer(json({ sent: true, id: "1" }));
  const client = clientFor(context, server.host);
  await client.Xmpp.SendTextMessage("bob@localhost", DECOMPOSED);
  assert.ok(server.requests[0].body.includes(DECOMPOSED));
});

test("an account can log in with its password in another Unicode form", async (context) => {
  const broker = await startBroker("--account", `dora:${DECOMPOSED}`);
  context.after(() => broker.stop());
  const client = clientFor(context, broker.host);
  for (const typed of [COMPOSED, DECOMPOSED, WIDE]) {
    await client.Account.Login("dora", typed, 60);
    await client.Account.WwwLogin("dora", typed, 60);
  }
  await assert.rejects(client.Account.Login("dora", "creme brulee", 60), { code: "unauthorized" });
});

test("an empty password is refused, and so is one that is no string", async () => {
  for (const none of ["", null, undefined, 7, {}]) {
    await assert.rejects(AgentAPI.Account.Login("alice", wrong(none), 60), {
      code: "invalid-argument",
      parameter: "Password",
    });
  }
});
