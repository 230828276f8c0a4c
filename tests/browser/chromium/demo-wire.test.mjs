// @ts-check
/** What is below every view of the demo page: the log of the wire, the switches, the timeline. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { startBroker } from "../../support/broker.mjs";
import { until } from "../../support/client.mjs";
import { openDemo, textOnceItIs } from "../../support/demo-page.mjs";
import { launchChromium } from "../../support/engines/chromium.mjs";

describe("the log of the wire", () => {
  /** @type {import("playwright-core").Browser} */
  let browser;
  /** @type {Awaited<ReturnType<typeof startBroker>>} */
  let broker;
  /** @type {Awaited<ReturnType<typeof openDemo>>} */
  let demo;

  before(async () => {
    [browser, broker] = await Promise.all([launchChromium(), startBroker()]);
  });
  beforeEach(async () => {
    demo = await openDemo(browser, broker.url);
    await demo.logIn();
  });
  afterEach(() => demo.page.context().close());
  after(() => Promise.all([browser.close(), broker.stop()]));

  const summaries = () => demo.page.locator("#wire > li:visible summary");

  /** @param {string} label @param {string} option */
  const choose = (label, option) => demo.page.getByLabel(label, { exact: true }).selectOption(option);

  async function openSwitches() {
    await demo.switches.click();
    await demo.page.getByLabel("Fault", { exact: true }).waitFor();
  }

  test("shows the response, with its time and the sizes of both", async () => {
    await demo.send();
    const open = demo.page.locator("#wire details[open]");
    await textOnceItIs(open, /\d\d:\d\d:\d\d · 95 bytes sent · \d+ bytes received in \d+ ms/);
    await textOnceItIs(open.locator(".answer"), /^200 OK\n.*"sent":true,"id":"\w+","RosterItem":\{/s);
  });

  test("opens the newest in place of the one before, unless somebody has touched that", async () => {
    const open = demo.page.locator("#wire details[open]");
    const opened = async () =>
      (await open.locator(".path").allTextContents()).map((path) => path.split("/").at(-1));
    await demo.send();
    assert.deepEqual(await opened(), ["SendPresenceSubscription"]);
    await summaries().filter({ hasText: "Login" }).click();
    await demo.send();
    assert.deepEqual(await opened(), ["SendPresenceSubscription", "Login"]);
    await open.first().locator(".answer").click();
    await demo.logOut();
    assert.deepEqual(await opened(), ["Logout", "SendPresenceSubscription", "Login"]);
  });

  test("shows XML as it went, without its secrets", async () => {
    await openSwitches();
    await choose("Encoding", "xml");
    await demo.id.fill("sub-1");
    await demo.send();
    const [request] = demo.requestsTo("Xmpp/SendPresenceSubscription");
    const sent = request.postData() ?? "";
    assert.match(sent, /^<SendPresenceSubscription /);
    const open = demo.page.locator("#wire details[open]");
    await textOnceItIs(open, /<nick xmlns="http:\/\/jabber.org\/protocol\/nick">Alice<\/nick>/);
    await textOnceItIs(open.locator(".answer"), /<RosterItem bareJid="bob@localhost"/);

    await demo.logOut();
    await demo.password.fill("wonderland");
    await demo.logIn();
    const login = demo.page.locator("#wire > li", { hasText: "Account/Login" }).first();
    await textOnceItIs(login, /nonce="\[masked\]"/);
    await textOnceItIs(login, /<\w+ [^>]*jwt="\[masked\]"/);
    const { nonce, signature } = await demo.page.evaluate((xml) => {
      const { attributes } = new DOMParser().parseFromString(xml, "text/xml").documentElement;
      return {
        nonce: attributes.getNamedItem("nonce")?.value,
        signature: attributes.getNamedItem("signature")?.value,
      };
    }, demo.requestsTo("Account/Login").at(-1)?.postData() ?? "");
    const shown = await demo.page.content();
    for (const secret of [nonce, signature]) {
      assert.ok(secret && !shown.includes(secret), "the secret was sent, and is not shown");
    }
  });

  test("is filtered and cleared", async () => {
    await demo.send();
    await demo.roster.getByRole("row", { name: "bob@localhost" }).waitFor();
    await demo.page.getByLabel("Filter").fill("sendpresence");
    assert.deepEqual(await summaries().count(), 1);
    await demo.send();
    assert.deepEqual(await summaries().count(), 2, "it holds for what comes later, too");
    await demo.page.getByLabel("Filter").fill("");
    assert.ok((await summaries().count()) > 4);
    await demo.page.getByRole("button", { name: "Clear" }).click();
    assert.equal(await summaries().count(), 0);
    await textOnceItIs(demo.page.locator("#wire-state"), "Cleared.");
  });

  test("keeps one of the polls that brought nothing, and every one that brought something", async () => {
    await demo.openPeople();
    await demo.alice.write("one");
    await textOnceItIs(demo.bob.log, "one");
    await demo.alice.write("two");
    await textOnceItIs(demo.bob.log, "two");
    const sent = () => demo.requestsTo("Xmpp/PopMessages").length;
    const sentBefore = sent();
    await until(() => sent() > sentBefore + 4, "more polls");
    const polls = demo.page.locator("#wire > li", { hasText: /bob.*PopMessages/ });
    const withMessages = polls.filter({ hasText: '"type":"chat"' });
    assert.equal(await withMessages.count(), 2);
    // A poll under way may have been answered and not read yet.
    assert.ok((await polls.count()) <= 4, `${await polls.count()}`);
  });

  test("is exported as a HAR that other programs read, without secrets", async () => {
    await demo.send();
    await demo.page.locator("#wire .answer").first().waitFor({ state: "attached" });
    const download = demo.page.waitForEvent("download");
    await demo.page.getByRole("button", { name: "Export HAR" }).click();
    const file = await (await download).path();
    await textOnceItIs(demo.page.locator("#wire-state"), "Saved as agent-api.har, without secrets.");
    const text = await readFile(file, "utf8");
    const token = await demo.page.evaluate(() => sessionStorage.getItem("AgentAPI.Token"));
    assert.ok(token && !text.includes(token));
    const { nonce, signature } = demo.requestsTo("Account/Login")[0].postDataJSON();
    assert.ok(!text.includes(nonce) && !text.includes(signature));

    // Playwright answers from it: an archive that can be read.
    const { log } = JSON.parse(text);
    const [entry] = log.entries.filter((/** @type {any} */ { request }) => /DomainInfo/.test(request.url));
    assert.equal(entry.response.status, 200);
    const replayed = await demo.page.context().newPage();
    await replayed.goto(`${broker.url}/favicon.svg`);
    const har = `${file}.har`;
    await (await download).saveAs(har);
    await replayed.routeFromHAR(har, { notFound: "abort" });
    const body = await replayed.evaluate(async (url) => (await fetch(url)).json(), entry.request.url);
    assert.equal(body.domain, "localhost");
  });

  test("shows how the library recovers from a fault, as attempts and on the timeline", async () => {
    await openSwitches();
    await choose("Fault", "status=503");
    await demo.sendButton.click();
    await textOnceItIs(demo.outcome, /^Sent: 200 OK/);
    await textOnceItIs(demo.page.locator("#switches").getByRole("status"), "The request has met its fault");
    assert.equal(demo.requestsTo("Xmpp/SendPresenceSubscription").length, 1, "the first did not get through");
    const lines = await demo.page.locator("#wire summary", { hasText: "SendPresence" }).allTextContents();
    assert.match(lines[0], / 200 in \d+ ms attempt 2$/);
    assert.match(lines[1], / 503 in \d+ ms$/);
    await demo.timeline.click();
    const items = demo.page.getByRole("list", { name: "Timeline" }).getByRole("listitem");
    await textOnceItIs(
      items.first(),
      /Retrythis page: Xmpp.SendPresenceSubscription, attempt 1 failed: unavailable/,
    );
    await textOnceItIs(items.nth(1), /Loginthis page: the session of alice/);
  });

  test("shows that a lost response was made up for by the roster", async () => {
    await openSwitches();
    await choose("Fault", "lost");
    await demo.sendButton.click();
    await textOnceItIs(demo.outcome, /^Sent: confirmed by the roster/);
  });

  test("shows refreshes on the timeline", async () => {
    await demo.timeline.click();
    await demo.logOut();
    await demo.password.fill("wonderland");
    await demo.seconds.fill("4");
    await demo.logIn();
    await textOnceItIs(demo.page.getByRole("list", { name: "Timeline" }), /Refreshthis page.*Login.*Logout/s);
  });

  test("has switches for the time-outs, which say what is wrong with a value", async () => {
    await openSwitches();
    const field = demo.page.getByLabel("An attempt, at most (ms)");
    const news = demo.page.locator("#switches").getByRole("status");
    await field.fill("0");
    await field.press("Tab");
    await textOnceItIs(news, /attemptMs/);
    assert.equal(await field.getAttribute("aria-invalid"), "true");
    // Enough for a busy machine to answer the second attempt.
    await field.fill("2000");
    await field.press("Tab");
    await textOnceItIs(news, "Set to 2000 ms.");
    await choose("Fault", "hang");
    await demo.sendButton.click();
    await textOnceItIs(demo.outcome, /^Sent: /);
  });
});
