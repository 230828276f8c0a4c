// @ts-check
/** A web server for pages that a test writes, on another origin than the broker's. */

import { readFile } from "node:fs/promises";
import path from "node:path";
import { listen } from "./listen.mjs";

const pkg = new URL("../../pkg/", import.meta.url);

/** @type {Record<string, string>} */
const MEDIA_TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
};

/**
 * @typedef {{ body: string, policy?: string }} Page `policy` is its Content-Security-Policy
 */

/**
 * Serves the pages, and `pkg/` below `/pkg/`.
 *
 * @param {Record<string, Page>} pages by path, such as `/module.html`
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>} `url` without a slash at its end
 */
export async function startPages(pages) {
  return listen(async (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    try {
      const { body, policy } = pages[pathname] ?? { body: await packageFile(pathname) };
      response.setHeader("Content-Type", MEDIA_TYPES[path.extname(pathname)] ?? "text/plain");
      if (policy) response.setHeader("Content-Security-Policy", policy);
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
}

/** @param {string} pathname */
function packageFile(pathname) {
  const name = /^\/pkg\/([\w.-]+)$/.exec(pathname)?.[1];
  if (!name) throw new Error(`There is no ${pathname}`);
  return readFile(new URL(name, pkg), "utf8");
}
