// @ts-check
/** For servers that can't choose a port themselves, or don't say which one they took. */

import { listen } from "./listen.mjs";

/** @returns {Promise<string>} a port that is free now */
export async function freePort() {
  const server = await listen(() => {});
  await server.stop();
  return new URL(server.url).port;
}
