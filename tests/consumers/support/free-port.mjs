// @ts-check
/** For servers that can't be told to choose a port themselves, or don't say which one they took. */

import { listen } from "../../support/listen.mjs";

/** @returns {Promise<string>} a port that nobody has taken so far */
export async function freePort() {
  const server = await listen(() => {});
  await server.stop();
  return new URL(server.url).port;
}
