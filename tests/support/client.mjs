// @ts-check
/** Clients of their own, which end with their test. */

import { createAgentAPI } from "neuron-agent-api";
import { json } from "./recorder.mjs";

/**
 * @param {{ after: (end: () => void) => void }} context of the test
 * @param {string} host a server without TLS, on this machine
 * @param {object} [options] of `createAgentAPI`
 */
export function clientFor(context, host, options) {
  const client = createAgentAPI({ host, secure: false, ...options });
  context.after(() => client.dispose());
  return client;
}

/** A login with a server that answers as it is told. */
/**
 * @param {any} client
 * @param {any} server a recorder
 */
export async function logIn(client, server, token = "the.token", seconds = 600) {
  server.answer(json({ jwt: token, expires: 0 }));
  return client.Account.Login("alice", "correct horse", seconds);
}

export const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Waits until something is true, and not for ever. */
export async function until(isTrue, label = "what was waited for") {
  for (let count = 0; count < 1000; count += 1) {
    if (await isTrue()) return;
    await pause(5);
  }
  throw new Error(`${label} did not come`);
}
