// @ts-check
/** Two people on the demo page in WebKit: one asks, the other accepts. */

import { test } from "node:test";
import { startBroker } from "../../support/broker.mjs";
import { until } from "../../support/client.mjs";
import { startWebKit } from "../../support/engines/webkit.mjs";

test("one of two people on the demo page asks, and the other accepts", async (t) => {
  const broker = await startBroker();
  t.after(() => broker.stop());
  const session = await startWebKit(t);
  const window = await session.currentWindow();
  const textOf = (/** @type {string} */ selector) =>
    session.in(window, "POST", "execute/sync", {
      script: "return document.querySelector(arguments[0])?.textContent ?? '';",
      args: [selector],
    });
  const untilShown = (/** @type {string} */ selector, /** @type {RegExp} */ pattern) =>
    until(async () => pattern.test(await textOf(selector)), `${pattern} in ${selector}`);
  const section = (/** @type {string} */ person) => `section[aria-labelledby="${person}-heading"]`;
  const press = (/** @type {string} */ person, /** @type {string} */ name) =>
    session.click(
      window,
      `//section[@aria-labelledby="${person}-heading"]//button[starts-with(normalize-space(), "${name}")]`,
    );

  // So large that nothing has to be scrolled: the driver does not wait until that has ended.
  await session.in(window, "POST", "window/rect", { width: 1300, height: 1300 });
  await session.in(window, "POST", "url", { url: `${broker.url}/#people` });
  for (const person of ["alice", "bob"]) {
    await untilShown(section(person), /Not logged in/);
    await press(person, "Log in");
    await untilShown(section(person), /Log out/);
    await untilShown(`${section(person)} .news`, /^Logged in as /);
  }
  await press("alice", "Ask");
  await untilShown(`${section("bob")} .news`, /^alice@localhost asks/);
  await press("bob", "Accept");
  await untilShown(".diagram", /aliceTo.*bobFrom/);
});
