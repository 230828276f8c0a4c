// @ts-check
/** Serves a stage to browsers, as any web server does, and reads what a page shows in the end. */

import { readFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { listen } from "../../support/listen.mjs";
import { openPage } from "../../support/page.mjs";

const TIMEOUT_MS = 30_000;

/** @type {Record<string, string>} */
const MEDIA_TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

/** @param {string} folder */
export async function openSite(folder) {
  return listen(async (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    try {
      const file = path.join(folder, pathname.endsWith("/") ? `${pathname}index.html` : pathname);
      const body = await readFile(file);
      response.setHeader("Content-Type", MEDIA_TYPES[path.extname(file)] ?? "text/plain");
      response.end(body);
    } catch {
      // Browsers ask for an icon that no page has named, and write to the console if there is none.
      response.writeHead(pathname === "/favicon.ico" ? 204 : 404).end();
    }
  });
}

/**
 * Opens a page in a profile of its own, and waits for the JSON that it shows.
 *
 * @param {import("playwright-core").Browser | import("playwright-core").BrowserContext} browser or a
 *   profile, which is closed
 * @param {string} url
 * @param {{ selector?: string, expected?: RegExp }} [options] where it shows it, and a complaint that
 *   the page is meant to cause
 */
export async function read(browser, url, { selector = "body", expected } = {}) {
  const { page, complaints } = await openPage(browser, url);
  try {
    const unexpected = () => complaints.filter((complaint) => !expected?.test(complaint));
    const deadline = Date.now() + TIMEOUT_MS;
    while (true) {
      const [shown = ""] = await page.locator(selector).allInnerTexts();
      if (unexpected().length > 0) throw new Error(`complains: ${unexpected().join("; ")}`);
      if (/^["{]/.test(shown)) return JSON.parse(shown);
      if (Date.now() > deadline) throw new Error(`shows no result: ${shown}`);
      await sleep(20);
    }
  } finally {
    await page.context().close();
  }
}
