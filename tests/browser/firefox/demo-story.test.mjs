// @ts-check
/** The demo page in Firefox, from the login to the logout, as a person goes through it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { startBroker } from "../../support/broker.mjs";
import { launchFirefox } from "../../support/engines/firefox.mjs";

test("the demo page goes from the login to the answer, the roster, the code and the logout", async (t) => {
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

  const button = (/** @type {string} */ name) => page.locator(`::-p-aria(${name}[role="button"])`);
  const field = (/** @type {string} */ label) => page.locator(`::-p-aria(${label}[role="textbox"])`);
  const untilShown = (/** @type {string} */ region, /** @type {string} */ text) =>
    page.locator(`::-p-aria(${region}[role="region"]) ::-p-text(${text})`).wait();

  await t.test("logs in with the demo account", async () => {
    await page.goto(broker.url);
    await untilShown("Session", "Not logged in.");
    await button("Log in").click();
    await untilShown("Session", `Logged in as alice at ${broker.url} until`);
    await untilShown("Roster", "No contacts yet.");
  });

  await t.test("sends the subscription, and shows the answer, the contact and the request", async () => {
    await field("Id").fill("sub-1");
    await button("Send").click();
    await untilShown("Response", "Sent: 200 OK in ");
    await untilShown("Response", '"bob@localhost"');
    await page.locator('::-p-aria([role="table"]) ::-p-text(bob@localhost)').wait();
    await untilShown("On the wire", "Authorization: Bearer [masked]");
    await untilShown("On the wire", '"id":"sub-1"');
  });

  await t.test("copies the code of the call, which a person can paste", async () => {
    await button("Copy").click();
    await page.locator("::-p-text(Copied.)").wait();
    const code = await page.$eval("#code", (element) => element.textContent);
    assert.match(code ?? "", /^const response = await AgentAPI\.Xmpp\.SendPresenceSubscription\(/m);
    await field("CustomXml").fill("");
    await page.focus('::-p-aria(CustomXml[role="textbox"])');
    await page.keyboard.down("Control");
    await page.keyboard.press("v");
    await page.keyboard.up("Control");
    assert.equal(await page.$eval("#custom-xml", (element) => Reflect.get(element, "value")), code);
    await field("CustomXml").fill("");
  });

  await t.test("shows the error of an argument at its field, which has the focus", async () => {
    await field("To").fill("bob");
    await button("Send").click();
    await page.locator("::-p-text(To is not a whole XMPP address)").wait();
    await untilShown("Response", "Nothing was sent.");
    const focused = await page.evaluate(() => [
      document.activeElement?.id,
      document.activeElement?.getAttribute("aria-invalid"),
    ]);
    assert.deepEqual(focused, ["to", "true"]);
    await field("To").fill("bob@localhost");
  });

  await t.test("keeps the session over a reload, and works by keyboard alone", async () => {
    await page.reload();
    await untilShown("Session", "Logged in as alice");
    await page.locator('::-p-aria([role="table"]) ::-p-text(bob@localhost)').wait();
    await tabTo(page, "Send");
    await page.keyboard.press("Enter");
    await untilShown("Response", "Sent: 200 OK in ");
    assert.equal(await focusedText(page), "Send", "the focus stays where it is");
  });

  await t.test("fits into a narrow window", async () => {
    await page.setViewport({ width: 320, height: 700 });
    const beyond = await page.evaluate(() => {
      const { clientWidth, scrollWidth } = document.documentElement;
      return scrollWidth - clientWidth;
    });
    assert.equal(beyond, 0);
  });

  await t.test("logs out, and shows a login that the broker refuses", async () => {
    await button("Log out").click();
    await untilShown("Session", "Not logged in.");
    await untilShown("Roster", "Log in to see the contacts.");
    assert.equal(await page.evaluate(() => sessionStorage.getItem("AgentAPI.Token")), null);
    assert.deepEqual(complaints, []);
    // By its type: a password field has no ARIA role.
    await page.locator("input[type=password]").fill("not the password");
    await button("Log in").click();
    await untilShown("Session", "The broker refused with 401");
  });
});

/**
 * Presses Tab until a control with that text has the focus.
 *
 * @param {import("puppeteer-core").Page} page
 * @param {string} text
 */
async function tabTo(page, text) {
  for (let presses = 0; presses < 30; presses += 1) {
    await page.keyboard.press("Tab");
    if ((await focusedText(page)) === text) return;
  }
  assert.fail(`Tab does not lead to ${text}`);
}

/** @param {import("puppeteer-core").Page} page */
const focusedText = (page) => page.evaluate(() => document.activeElement?.textContent?.trim());
