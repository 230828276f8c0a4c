// @ts-check
/** Waiting for what must come, with a limit that only what hangs reaches. */

import { setTimeout as pause } from "node:timers/promises";

export const DEADLINE_MS = 30_000;

/**
 * Waits until there is a value.
 *
 * @template T
 * @param {() => T | undefined | false | Promise<T | undefined | false>} look
 * @param {string | (() => string)} label what does not come
 * @returns {Promise<T>}
 */
export async function eventually(look, label) {
  const end = Date.now() + DEADLINE_MS;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`did not come: ${typeof label === "string" ? label : label()}`);
    await pause(10);
  }
}
