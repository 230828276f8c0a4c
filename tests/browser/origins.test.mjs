// @ts-check
/** Workers and frames that have the origin of their page, and an address that does not show it. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launchBrowser } from "../support/browser.mjs";
import { openPage } from "../support/page.mjs";
import { startPages } from "../support/pages.mjs";

/** @type {import("../support/engines/types.js").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof startPages>>} */
let pages;
before(async () => {
  const page = { body: "<!doctype html><title>A page</title>" };
  [browser, pages] = await Promise.all([launchBrowser(), startPages({ "/page.html": page })]);
});
after(() => Promise.all([browser.close(), pages.stop()]));

for (const [place, start] of /** @type {[string, (text: string) => Promise<string>][]} */ ([
  [
    "a worker made of a Blob",
    (text) =>
      new Promise((resolve, reject) => {
        const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
        const worker = new Worker(url, { type: "module" });
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = ({ message }) => reject(new Error(message));
      }),
  ],
  [
    "a frame with a srcdoc",
    (text) =>
      new Promise((resolve) => {
        const frame = document.createElement("iframe");
        addEventListener("message", ({ data }) => resolve(data));
        frame.srcdoc = `<script type="module">const postMessage = (text) => parent.postMessage(text, "*");\n${text}</script>`;
        document.documentElement.append(frame);
      }),
  ],
])) {
  test(`${place} speaks to the server of its page`, async (t) => {
    const context = await browser.newContext();
    t.after(() => context.close());
    const { page } = await openPage(context, `${pages.url}/page.html`);
    const text = `
      import { AgentAPI } from "${pages.url}/pkg/index.js";
      postMessage(AgentAPI.IO.GetBaseURL());`;
    assert.equal(await page.evaluate(start, text), pages.url);
  });
}
