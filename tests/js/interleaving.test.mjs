// @ts-check
/** What other code does between two steps of a call is seen by the next step. */

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { createAgentAPI } from "neuron-agent-api";
import { runChild } from "../support/child.mjs";
import { json, startRecorder } from "../support/recorder.mjs";

/** @type {import("../support/recorder.mjs").Recorder} */
let server;
before(async () => (server = await startRecorder()));
after(() => server.stop());
beforeEach(() => {
  server.reset();
  server.always(json({ sent: true, id: "1" }));
});

/** A client, and how its token is changed behind its back. */
function clientOnMap() {
  const kept = new Map([[`AgentAPI@${server.host}.Token`, "first"]]);
  const store = {
    getItem: (/** @type {string} */ key) => kept.get(key),
    setItem: (/** @type {string} */ key, /** @type {string} */ value) => kept.set(key, value),
    removeItem: (/** @type {string} */ key) => kept.delete(key),
  };
  const { Xmpp } = createAgentAPI({ host: server.host, secure: false, store });
  return {
    send: (/** @type {object} */ options) =>
      Xmpp.SendTextMessage("bob@example.org", "Hi", null, null, null, options),
    setToken: (/** @type {string} */ token) => kept.set(`AgentAPI@${server.host}.Token`, token),
  };
}

const shown = () => server.requests.map(({ headers }) => headers.authorization);

test("a token that is stored between two calls is sent with the second", async () => {
  const { send, setToken } = clientOnMap();
  const first = send({});
  setToken("second");
  await Promise.all([first, send({})]);
  assert.deepEqual(shown().sort(), ["Bearer first", "Bearer second"]);
});

test("a token that a getter of the options stores is sent with the call", async () => {
  const { send, setToken } = clientOnMap();
  await send({
    get timeoutMs() {
      send({});
      setToken("second");
      return 5_000;
    },
  });
  assert.deepEqual(shown().sort(), ["Bearer first", "Bearer second"]);
});

test("a clearTimeout that stops no timer fails no call", async () => {
  const { code, stderr, stdout } = await runChild(`
    import { createAgentAPI } from "neuron-agent-api";
    const fetch = async () => new Response("{}");
    const { Account } = createAgentAPI({ host: "localhost", secure: false, fetch, attemptMs: 50, totalMs: 90 });
    const calling = Account.ResendVerificationCodes("a@example.org");
    globalThis.clearTimeout = () => {};
    console.log(JSON.stringify(await calling));
    await new Promise((resolve) => setTimeout(resolve, 200));
  `);
  assert.deepEqual([code, stderr, stdout.trim()], [0, "", "{}"]);
});
