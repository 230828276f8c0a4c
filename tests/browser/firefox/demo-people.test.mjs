// @ts-check
/** Two people on the demo page in Firefox: they subscribe to each other, and write to each other. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { startBroker } from "../../support/broker.mjs";
import { launchFirefox } from "../../support/engines/firefox.mjs";

test("two people on the demo page subscribe to each other, and write to each other", async (t) => {
  const broker = await startBroker();
  t.after(() => broker.stop());
  const browser = await launchFirefox();
  t.after(() => browser.close());
  const page = await browser.newPage();
  page.setDefaultTimeout(10_000);
  /** @type {string[]} */
  const complaints = [];
  page.on("console", (message) => {
    if (["error", "warn"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));

  const within = (/** @type {string} */ person) => `section[aria-labelledby="${person}-heading"]`;
  /** The button of a person: its text may go on with whom it is about. */
  const press = (/** @type {string} */ person, /** @type {string} */ name) =>
    page
      .locator(`${within(person)} ::-p-xpath(.//button[starts-with(normalize-space(), "${name}")])`)
      .click();
  const untilShown = (/** @type {string} */ person, /** @type {string} */ text) =>
    page.locator(`${within(person)} ::-p-text(${text})`).wait();
  const states = () =>
    page.$$eval(".diagram .state", (all) => all.map((state) => state.textContent).join(" / "));
  const untilStatesAre = async (/** @type {string} */ expected) => {
    for (let count = 0; count < 200 && (await states()) !== expected; count += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assert.equal(await states(), expected);
  };

  await page.goto(`${broker.url}/#people`);
  for (const person of ["alice", "bob"]) {
    await press(person, "Log in");
    await untilShown(person, `Logged in as ${person}@localhost.`);
  }
  await press("alice", "Ask");
  await untilShown("bob", "alice@localhost asks to see your presence.");
  await untilStatesAre("None + Pending Out / None + Pending In");
  await press("bob", "Accept");
  await untilShown("alice", "bob@localhost has accepted");
  await untilStatesAre("To / From");
  await press("bob", "Ask");
  await untilShown("alice", "bob@localhost asks");
  await press("alice", "Accept");
  await untilStatesAre("Both / Both");
  await page.locator("#alice-message-Message").fill("Hi Bob!");
  await press("alice", "Send");
  await untilShown("bob", "Hi Bob!");
  await page.locator("#bob-message-Message").fill("Hello Alice!");
  await press("bob", "Send");
  await untilShown("alice", "Hello Alice!");
  assert.deepEqual(complaints, []);
});
