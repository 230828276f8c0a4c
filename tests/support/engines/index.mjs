// @ts-check
/** The engines that the browser tests run in. `ENGINE` in the environment chooses one. */

/** @typedef {import("./types.js").EngineName} EngineName */

/** @type {EngineName[]} */
export const ENGINES = ["chromium", "firefox", "webkit"];

/**
 * @param {EngineName} name
 * @returns {Promise<import("./types.js").Engine>}
 */
export async function loadEngine(name) {
  if (!ENGINES.includes(name)) throw new Error(`ENGINE is ${name}, not one of ${ENGINES}`);
  return (await import(`./${name}.mjs`)).default;
}
