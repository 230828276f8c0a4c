// @ts-check
/** The test broker and pages: in the page itself, and in a test whose pages Playwright drives. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { launchChromium } from "../../support/engines/chromium.mjs";
import { startPages } from "../../support/pages.mjs";

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof startPages>>} */
let pages;
before(async () => {
  const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src https:";
  const body = "<!doctype html><title>A page</title>";
  [browser, pages] = await Promise.all([
    launchChromium(),
    startPages({ "/page.html": { body, policy }, "/bare.html": { body } }),
  ]);
});
after(() => Promise.all([browser.close(), pages.stop()]));

test("a page has a broker of its own, from a plain import and without a request", async () => {
  const page = await browser.newPage();
  await page.goto(`${pages.url}/page.html`);
  const urls = /** @type {string[]} */ ([]);
  page.on("request", (request) => urls.push(request.url()));
  const heard = await page.evaluate(async (root) => {
    const { createAgentAPI } = await import(`${root}/pkg/index.js`);
    const { createTestBroker } = await import(`${root}/pkg/testing.js`);
    const broker = createTestBroker({ accounts: { alice: "pw", bob: "pw" } });
    Object.assign(globalThis, { WebSocket: broker.WebSocket });
    const clientOf = () => createAgentAPI({ host: "neuron.example.org", fetch: broker.fetch });
    const [alice, bob] = [clientOf(), clientOf()];
    await alice.Account.Login("alice", "pw", 3600);
    await bob.Account.Login("bob", "pw", 3600);
    const event = new Promise((resolve) => {
      bob.Xmpp.RegisterEventHandler("alert", "urn:x", null, resolve).then(() =>
        alice.Xmpp.SendXmlMessage("bob@localhost", "<alert xmlns='urn:x' level='7'/>"),
      );
    });
    const { level } = await event;
    const file = new File(["Tea at four."], "note.txt", { type: "text/plain" });
    const { url } = await alice.Storage.Upload(file, "note.txt", "Private");
    const { Content } = await alice.Storage.Download(url);
    return [level, new TextDecoder().decode(Content), broker.requests.length > 5];
  }, pages.url);
  assert.deepEqual(heard, ["7", "Tea at four.", true]);
  assert.deepEqual(urls.sort(), [`${pages.url}/pkg/index.js`, `${pages.url}/pkg/testing.js`]);
  await page.close();
});

test("the example for Playwright has the test's broker answer a page", async () => {
  const document = await readFile("docs/testing.md", "utf8");
  const [, program] = /^## Playwright$[^]*?^```js\n([^]*?)^```/m.exec(document) ?? [];
  assert.ok(program);
  // The names of packages are found from a file here, and not from a data: URL.
  const testing = import.meta.resolve("neuron-agent-api/testing");
  const { answerPage, broker } = await import(
    `data:text/javascript,${encodeURIComponent(program.replace('"neuron-agent-api/testing"', JSON.stringify(testing)))}`
  );
  const page = await browser.newPage();
  await answerPage(page, "neuron.example.org");
  await page.goto(`${pages.url}/bare.html`);
  const sent = await page.evaluate(async (root) => {
    const { createAgentAPI } = await import(`${root}/pkg/index.js`);
    const alice = createAgentAPI({ host: "neuron.example.org" });
    await alice.Account.Login("alice", "pw", 3600);
    const error = await alice.Xmpp.GetRosterItem("nobody@localhost").catch(
      (/** @type {any} */ refused) => refused,
    );
    const { sent } = await alice.Xmpp.SendPresenceSubscription("bob@localhost");
    return [error.code, sent];
  }, pages.url);
  assert.deepEqual(sent, ["not-found", true]);
  const last = broker.requests.at(-1);
  assert.deepEqual([last.resource, last.status], ["Xmpp/SendPresenceSubscription", 200]);
  await page.close();
});
