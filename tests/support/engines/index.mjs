// @ts-check
/** The engines that the browser tests run in. `ENGINE` in the environment chooses one. */

/**
 * @typedef {object} LaunchOptions
 * @property {string[]} [localNames] names of hosts that shall be this machine
 * @property {string[]} [switches] of Chromium's command line
 * @property {string[]} [without] switches that its driver would add by itself
 *
 * @typedef {object} Engine
 * @property {string} title
 * @property {string[]} packages of Debian
 * @property {string} advice what to do where it is missing
 * @property {() => boolean} isThere
 * @property {boolean} tellsFailedRequests whether its console tells of each response that is an error
 * @property {boolean} tellsOfCuts whether a page hears that an answer was cut short, and is not given what
 *   there is of it
 * @property {(options?: LaunchOptions) => Promise<import("playwright-core").Browser>} launch
 *
 * @typedef {"chromium" | "firefox" | "webkit"} EngineName
 */

/** @type {EngineName[]} */
export const ENGINES = ["chromium", "firefox", "webkit"];

/**
 * @param {EngineName} name
 * @returns {Promise<Engine>}
 */
export async function loadEngine(name) {
  if (!ENGINES.includes(name)) throw new Error(`ENGINE is ${name}, not one of ${ENGINES}`);
  return (await import(`./${name}.mjs`)).default;
}
