// @ts-check
/**
 * Pushed messages in a page of the real broker, over its WebSocket and under its content security
 * policy.
 */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startAgent } from "../support/agent.mjs";
import { startBroker } from "../support/broker.mjs";
import { launchBrowser } from "../support/browser.mjs";
import { loadLibrary, openPage } from "../support/page.mjs";

/** @typedef {import("../support/page.mjs").WithLibrary} WithLibrary */

/** @type {Awaited<ReturnType<typeof startBroker>>} */
let broker;
/** @type {Awaited<ReturnType<typeof launchBrowser>>} */
let browser;
/** @type {import("../support/agent.mjs").Agent} */
let bob;
before(async () => {
  [broker, browser] = await Promise.all([startBroker(), launchBrowser()]);
  bob = await startAgent(broker.host);
  await bob.Account.Login("bob", broker.accounts.bob.password, 600);
});
after(async () => {
  await browser.close();
  await bob.stop();
  await broker.stop();
});

test("a page gets a message that it registered for when it is sent, and no other one", async () => {
  const { page } = await openPage(browser, broker.url);
  await loadLibrary(page);
  await page.evaluate(async (password) => {
    const { AgentAPI } = /** @type {WithLibrary} */ (globalThis);
    /** @type {unknown[]} */
    const heard = [];
    Object.assign(globalThis, { heard });
    await AgentAPI.Account.Login("alice", password, 600);
    await AgentAPI.Xmpp.RegisterEventHandler("alert", "urn:example", null, (data) => heard.push(data));
  }, broker.accounts.alice.password);

  const alert = (/** @type {number} */ level) => `<alert xmlns='urn:example' level='${level}'/>`;
  await bob.Xmpp.SendXmlMessage("alice@localhost", alert(3));
  await bob.Xmpp.SendXmlMessage("alice@localhost", "<other xmlns='urn:example'/>");
  await page.waitForFunction(() => Reflect.get(globalThis, "heard").length > 0);
  const [heard, ...others] = await page.evaluate(() => Reflect.get(globalThis, "heard"));
  assert.deepEqual([heard.__name, heard.level, others], ["alert", "3", []]);

  const queued = async () => {
    const { Messages } = await page.evaluate(() =>
      /** @type {WithLibrary} */ (globalThis).AgentAPI.Xmpp.PopMessages(),
    );
    return Messages.map(({ Content }) => Content[0].__name);
  };
  assert.deepEqual(await queued(), ["other"], "what was pushed is not queued");

  await page.evaluate(() =>
    /** @type {WithLibrary} */ (globalThis).AgentAPI.Xmpp.UnregisterEventHandler("alert", "urn:example"),
  );
  await bob.Xmpp.SendXmlMessage("alice@localhost", alert(4));
  assert.deepEqual(await queued(), ["alert"], "without a handler it is queued");
  await page.context().close();
});
