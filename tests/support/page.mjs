// @ts-check
/** Pages whose errors and warnings are recorded, and pages with the library loaded. */

/** Nothing here takes longer than some milliseconds; the rest is for a busy machine. */
const TIMEOUT_MS = 10_000;

/**
 * @typedef {import("./engines/types.js").Page} Page
 * @typedef {import("./engines/types.js").Request} Request
 */

/**
 * The globals of a page that has loaded the library.
 *
 * @typedef {typeof globalThis & {
 *   AgentAPI: import("neuron-agent-api").AgentAPI,
 *   AgentApiError: typeof import("neuron-agent-api").AgentApiError,
 *   createAgentAPI: typeof import("neuron-agent-api").createAgentAPI,
 * }} WithLibrary
 */

/**
 * @template {Page} P
 * @typedef {object} WatchedPage
 * @property {P} page
 * @property {Request[]} requests all that the page has sent so far
 * @property {string[]} complaints errors and warnings of the console, uncaught errors, and
 *   violations of the content security policy
 */

/**
 * Opens an address in a new profile, or in a new page of a profile.
 *
 * @template {Page} P
 * @param {{ newContext(): Promise<{ newPage(): Promise<P> }> } | { newPage(): Promise<P> }} where
 * @param {string} url
 * @param {(page: P) => Promise<unknown>} [prepare] is called before the address is opened
 * @returns {Promise<WatchedPage<P>>}
 */
export async function openPage(where, url, prepare) {
  const context = "newContext" in where ? await where.newContext() : where;
  const page = await context.newPage();
  page.setDefaultTimeout(TIMEOUT_MS);

  const complaints = complaintsOf(page);
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) =>
      console.error(`The policy ${effectiveDirective} forbids ${blockedURI}`),
    );
  });

  /** @type {Request[]} */
  const requests = [];
  page.on("request", (request) => {
    if (isFromThePage(request)) requests.push(request);
  });

  await prepare?.(page);
  await page.goto(url);
  return { page, requests, complaints };
}

/** Some drivers also report icons and preflight requests, which the browser asks for by itself. */
const isFromThePage = (/** @type {Request} */ request) =>
  !/^data:|\/favicon\.ico$/.test(request.url()) && request.method() !== "OPTIONS";

/**
 * What a page complains of from now on.
 *
 * @param {Page} page
 * @returns {string[]} grows with each complaint
 */
export function complaintsOf(page) {
  /** @type {string[]} */
  const complaints = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  return complaints;
}

/**
 * Opens a page of a broker that has no script of its own. Its globals are the library's exports.
 *
 * @template {Page} P
 * @param {{ newContext(): Promise<{ newPage(): Promise<P> }> } | { newPage(): Promise<P> }} where
 * @param {string} origin such as `http://127.0.0.1:8080`
 */
export async function openLibrary(where, origin) {
  const watched = await openPage(where, `${origin}/favicon.svg`);
  await loadLibrary(watched.page);
  return watched;
}

/** @param {Page} page of a broker */
export async function loadLibrary(page) {
  await page.evaluate(async () => {
    Object.assign(globalThis, await import(new URL("/pkg/index.js", location.href).href));
  });
}
