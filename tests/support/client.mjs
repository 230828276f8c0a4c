// @ts-check
/** Clients that are disposed with their test, and what tests do with them. */

import { setTimeout as pause } from "node:timers/promises";
import { createAgentAPI } from "neuron-agent-api";
import { json } from "./recorder.mjs";
import { storeWithToken } from "./stores.mjs";

export { pause };

/**
 * A client with a session, so that what it calls is sent; without one if `options.store` is `"memory"`.
 *
 * @param {{ after: (end: () => void) => void }} context of the test
 * @param {string} host a server without TLS, on this machine
 * @param {import("neuron-agent-api").ClientOptions} [options]
 */
export function clientFor(context, host, options) {
  const client = createAgentAPI({ host, secure: false, store: storeWithToken(host), ...options });
  context.after(() => client.dispose());
  return client;
}

/**
 * Logs in at a recorder, which answers with that token.
 *
 * @param {import("neuron-agent-api").AgentAPI} client
 * @param {Pick<import("./recorder.mjs").Recorder, "answer">} server
 */
export async function logIn(client, server, token = "the.token", seconds = 600) {
  server.answer(json({ jwt: token, expires: 0 }));
  return client.Account.Login("alice", "correct horse", seconds);
}

/**
 * Waits until the condition holds, for at most some seconds.
 *
 * @param {() => unknown} isTrue may be async
 */
export async function until(isTrue, label = "what was waited for") {
  for (let count = 0; count < 1000; count += 1) {
    if (await isTrue()) return;
    await pause(5);
  }
  throw new Error(`${label} did not come`);
}
