// @ts-check
/** The browser that the tests run in: Chromium, or what `ENGINE` in the environment says. */

import { loadEngine } from "./engines/index.mjs";

const name = /** @type {import("./engines/index.mjs").EngineName} */ (process.env.ENGINE ?? "chromium");

export const engine = await loadEngine(name);

/** @param {import("./engines/index.mjs").LaunchOptions} [options] */
export async function launchBrowser(options) {
  if (!engine.isThere()) throw new Error(`There is no ${engine.title}: ${engine.advice}.`);
  return engine.launch(options);
}

/**
 * The options of a test that can't be made in some engines.
 *
 * @param {Partial<Record<import("./engines/index.mjs").EngineName, string>>} reasons
 * @returns {{ skip: string | false }}
 */
export function unlessIn(reasons) {
  return { skip: reasons[name] ?? false };
}
