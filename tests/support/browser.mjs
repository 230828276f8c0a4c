// @ts-check
/** The browser that the tests run in: Chromium, or the one that `ENGINE` in the environment names. */

import { loadEngine } from "./engines/index.mjs";

const { ENGINE = "chromium" } = process.env;

export const engine = await loadEngine(/** @type {import("./engines/types.js").EngineName} */ (ENGINE));

export async function launchBrowser() {
  if (!engine.isInstalled()) throw new Error(`${engine.title} is not installed: ${engine.advice}.`);
  return engine.launch();
}
