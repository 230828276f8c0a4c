// @ts-check
/** Pages whose every complaint is written down, and how to wait for what they say. */

import assert from "node:assert/strict";

/** Nothing here takes longer than some milliseconds; the rest is patience with a busy machine. */
const PATIENCE_MS = 10_000;

/**
 * @typedef {object} Options
 * @property {import("playwright-core").BrowserContextOptions} [context]
 * @property {(page: import("playwright-core").Page) => Promise<unknown>} [prepare] before it loads
 *
 * @typedef {object} WatchedPage
 * @property {import("playwright-core").Page} page
 * @property {import("playwright-core").Request[]} requests all that the page has sent so far
 * @property {string[]} complaints errors and warnings of the console, uncaught errors, and
 *   violations of the content security policy
 */

/**
 * Opens an address in a profile of its own, or in a tab more of one that there is.
 *
 * @param {import("playwright-core").Browser | import("playwright-core").BrowserContext} where
 * @param {string} url
 * @param {Options} [options]
 * @returns {Promise<WatchedPage>}
 */
export async function openPage(where, url, { context: contextOptions, prepare } = {}) {
  const context =
    "newContext" in where
      ? await where.newContext({ locale: "en-GB", ...contextOptions })
      : where;
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);

  const complaints = complaintsOf(page);
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) =>
      console.error(`The policy ${effectiveDirective} forbids ${blockedURI}`),
    );
  });

  /** @type {import("playwright-core").Request[]} */
  const requests = [];
  page.on("request", (request) => requests.push(request));

  await prepare?.(page);
  await page.goto(url);
  return { page, requests, complaints };
}

/**
 * What a page complains of from now on.
 *
 * @param {import("playwright-core").Page} page
 * @returns {string[]} which grows
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
 * Waits until the text matches, and returns it whole.
 *
 * @param {import("playwright-core").Locator} locator
 * @param {RegExp | string} pattern
 * @returns {Promise<string>}
 */
export async function textOnceItIs(locator, pattern) {
  try {
    await locator.filter({ hasText: pattern }).waitFor();
  } catch {
    const text = await locator.allTextContents();
    assert.fail(`waited for ${pattern}, and the text is ${JSON.stringify(text)}`);
  }
  return (await locator.textContent()) ?? "";
}

/**
 * Opens a page of a broker that does nothing, whose globals are the library's exports.
 *
 * @param {import("playwright-core").Browser | import("playwright-core").BrowserContext} where a
 *   browser, for a profile of its own; or a profile, for a tab more
 * @param {string} origin as `http://127.0.0.1:8080`
 * @param {Options} [options]
 */
export async function openLibrary(where, origin, options) {
  const watched = await openPage(where, `${origin}/favicon.svg`, options);
  await loadLibrary(watched.page);
  return watched;
}

/** @param {import("playwright-core").Page} page of a broker, that was just loaded */
export async function loadLibrary(page) {
  await page.evaluate(async () => {
    Object.assign(globalThis, await import(new URL("/pkg/index.js", location.href).href));
  });
}
