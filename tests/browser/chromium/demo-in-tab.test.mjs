// @ts-check
/** The demo page with a broker in its tab, from a server that knows nothing but files. */

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { openSite } from "../../consumers/support/site.mjs";
import { openDemo, textOnceItIs } from "../../support/demo-page.mjs";
import { launchChromium } from "../../support/engines/chromium.mjs";

const root = fileURLToPath(new URL("../../..", import.meta.url));

describe("the demo page with a broker in its tab", () => {
  /** @type {import("playwright-core").Browser} */
  let browser;
  /** @type {Awaited<ReturnType<typeof openSite>>} */
  let files;
  before(async () => {
    [browser, files] = await Promise.all([launchChromium(), openSite(root)]);
  });
  after(() => Promise.all([browser.close(), files.stop()]));

  const open = () => openDemo(browser, `${files.url}/www`, { search: "?broker=in-this-tab" });

  test("logs in, sends and shows the answer, and asks no server for more than files", async () => {
    const demo = await open();
    assert.equal(await demo.userName.inputValue(), "alice");
    await demo.logInButton.click();
    await textOnceItIs(demo.sessionState, /^Logged in as alice at a broker in this tab until /);
    await demo.send();
    await textOnceItIs(demo.outcome, /^Sent: 200 OK in /);
    await textOnceItIs(demo.roster, /bob@localhost/);
    const asked = demo.requests.map((request) => new URL(request.url()));
    assert.ok(asked.every(({ origin }) => origin === files.url));
    assert.deepEqual(asked.filter(({ pathname }) => pathname.includes("/Agent/")).map(String), []);
    assert.deepEqual(demo.complaints, []);
    await demo.page.context().close();
  });

  test("begins anew with each load, without a session of the broker before", async () => {
    const demo = await open();
    await demo.logInButton.click();
    await textOnceItIs(demo.sessionState, /^Logged in as alice /);
    await demo.page.reload();
    await textOnceItIs(demo.sessionState, /^Not logged in\.$/);
    await demo.logInButton.click();
    await textOnceItIs(demo.sessionState, /^Logged in as alice /);
    assert.deepEqual(demo.complaints, []);
    await demo.page.context().close();
  });

  test("is reached from the page, and left again", async () => {
    const demo = await open();
    await demo.broker.click();
    await demo.page.getByRole("link", { name: "Use a broker on the network" }).click();
    await textOnceItIs(demo.broker, files.url);
    await demo.broker.click();
    assert.ok(await demo.host.isVisible());
    await demo.page.getByRole("link", { name: "Use a broker in this tab" }).click();
    await textOnceItIs(demo.broker, "a broker in this tab");
    assert.equal(await demo.host.isVisible(), false);
    await demo.page.context().close();
  });

  test("lets two people meet", async () => {
    const demo = await open();
    await demo.page.getByRole("link", { name: "Two people" }).click();
    const { alice, bob } = demo;
    for (const person of [alice, bob]) await person.logInButton.click();
    await alice.askButton.click();
    await bob.acceptButton.click();
    await textOnceItIs(alice.root, /bob@localhost accepted|Accepted/i);
    await demo.page.context().close();
  });
});
