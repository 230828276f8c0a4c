// @ts-check
/**
 * The pictures of the demo page in the README: that they are there, and small. They are taken anew with
 * `UPDATE_SCREENSHOTS=1 node --test tests/browser/chromium/demo-screenshots.test.mjs`.
 */

import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { startBroker } from "../../support/broker.mjs";
import { openDemo, textOnceItIs } from "../../support/demo-page.mjs";
import { launchChromium } from "../../support/engines/chromium.mjs";

const FOLDER = "docs/images";

const SIZE = { width: 960, height: 560 };

const LARGEST_FILE = 60 * 1024;

const SCHEMES = /** @type {const} */ (["light", "dark"]);

/** @param {string} scheme */
const fileOf = (scheme) => `${FOLDER}/two-people-${scheme}.png`;

const isUpdate = Boolean(process.env.UPDATE_SCREENSHOTS);

test("the pictures are taken", { skip: isUpdate ? false : "UPDATE_SCREENSHOTS is not set" }, async (t) => {
  const browser = await launchChromium();
  t.after(() => browser.close());
  await mkdir(FOLDER, { recursive: true });
  for (const colorScheme of SCHEMES) {
    const broker = await startBroker();
    t.after(() => broker.stop());
    const context = { viewport: SIZE, colorScheme, reducedMotion: /** @type {const} */ ("reduce") };
    const demo = await openDemo(browser, broker.url, { context });
    await demo.openPeople();
    await demo.alice.askButton.click();
    await demo.bob.acceptButton.click();
    await textOnceItIs(demo.alice.news, "has accepted");
    await demo.bob.askButton.click();
    await demo.alice.acceptButton.waitFor();
    await demo.alice.news.click();
    await demo.subscription.evaluate((section) => scrollBy(0, section.getBoundingClientRect().top - 16));
    await writeFile(fileOf(colorScheme), await demo.page.screenshot());
    await demo.page.context().close();
  }
});

test("the README shows them, and they are small", async () => {
  const readme = await readFile("README.md", "utf8");
  for (const scheme of SCHEMES) {
    const file = fileOf(scheme);
    assert.ok(readme.includes(file), file);
    const picture = await readFile(file);
    assert.equal(picture.subarray(1, 4).toString("latin1"), "PNG");
    assert.deepEqual([picture.readUInt32BE(16), picture.readUInt32BE(20)], [SIZE.width, SIZE.height]);
    assert.ok(picture.length <= LARGEST_FILE, `${file} has ${picture.length} bytes`);
  }
});
