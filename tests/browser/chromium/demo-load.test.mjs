// @ts-check
/** What the demo page loads before its first view can be used, however much there is beside it. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { startBroker } from "../../support/broker.mjs";
import { openDemo, textOnceItIs } from "../../support/demo-page.mjs";
import { launchChromium } from "../../support/engines/chromium.mjs";

/** What the page of one call alone loaded, before there were other views, without `pkg/index.js`. */
const ONE_CALL_ALONE = { bytes: 40_617, files: 15 };

/** How much more the first view may load before it can be used. */
const MOST = 1.2;

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof startBroker>>} */
let broker;
before(async () => {
  [browser, broker] = await Promise.all([launchChromium(), startBroker()]);
});
after(() => Promise.all([browser.close(), broker.stop()]));

/** What the scripts of the page import before they do anything, as paths below `www`. */
async function importsOf(file = "main.js", found = new Set([file])) {
  for (const [, name] of (await readFile(`www/${file}`, "utf8")).matchAll(/^import [^]*?from "([^"]+)";/gm)) {
    const imported = path.posix.join(path.posix.dirname(file), name);
    if (found.has(imported)) continue;
    found.add(imported);
    if (!imported.startsWith("..")) await importsOf(imported, found);
  }
  return found;
}

test("the first view loads little more than a page of one call would, before it can be used", async () => {
  const files = ["index.html", "style.css", ...(await importsOf())];
  const sizes = await Promise.all(files.map(async (file) => (await readFile(`www/${file}`)).length));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  const before = ONE_CALL_ALONE.bytes + (await readFile("pkg/index.js")).length;
  assert.ok(bytes <= MOST * before, `${bytes} bytes, ${(bytes / before).toFixed(2)} of ${before}`);
  // They are asked for at once, so their number weighs less.
  assert.ok(files.length - 1 <= 1.4 * ONE_CALL_ALONE.files, `${files}`);
});

test("all that it needs is asked for at once", async () => {
  const html = await readFile("www/index.html", "utf8");
  const preloaded = [...html.matchAll(/rel="modulepreload" href="([^"]+)"/g)].map(([, href]) => href);
  const imported = [...(await importsOf())].filter((file) => file !== "main.js");
  assert.deepEqual(preloaded.sort(), imported.sort());
});

test("what the first view does not need is not loaded, nor what grows with the number of methods", async () => {
  const demo = await openDemo(browser, broker.url);
  await demo.logIn();
  await demo.send();
  const files = demo.requests
    .filter((request) => !request.url().includes("/Agent/"))
    .map((request) => new URL(request.url()).pathname);
  assert.equal(new Set(files).size, files.length, "no file is loaded twice");
  assert.deepEqual(
    files.filter((file) => file.startsWith("/pkg/")),
    ["/pkg/index.js"],
    "no declarations",
  );
  assert.ok(files.includes("/main.js"));
  for (const file of files) assert.doesNotMatch(file, /people|methods|workbench|har|switches|timeline-view/);
  await demo.page.context().close();
});

test("whatever the page links to is there", async () => {
  const demo = await openDemo(browser, broker.url);
  const links = await demo.page
    .getByRole("link")
    .evaluateAll((all) => all.map((link) => /** @type {HTMLAnchorElement} */ (link).href));
  assert.ok(links.length >= 6);
  for (const link of links) assert.equal((await fetch(link)).status, 200, link);
  await demo.page.context().close();
});

test("the switches are filled once they can be, if they were opened before", async () => {
  const demo = await openDemo(browser, broker.url);
  /** @type {() => void} */
  let letGo = () => {};
  const opened = new Promise((resolve) => (letGo = () => resolve(undefined)));
  await demo.page.route("**/wire/panel.js", (route) => opened.then(() => route.continue()));
  await demo.page.reload();
  await demo.switches.click();
  letGo();
  await demo.page.getByLabel("Fault", { exact: true }).waitFor();
  await demo.page.context().close();
});

test("a view that could not be loaded says so, and is loaded once it can be", async () => {
  const demo = await openDemo(browser, broker.url);
  await demo.page.route("**/resources.json", (route) => route.abort());
  await demo.openView("Every method");
  await textOnceItIs(demo.page.locator("#view-failure"), "This view could not be loaded");
  await demo.page.unroute("**/resources.json");
  await demo.openView("One call");
  await demo.openMethods();
  assert.equal(await demo.page.locator("#view-failure").textContent(), "");
  await demo.page.context().close();
});
