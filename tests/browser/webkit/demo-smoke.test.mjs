// @ts-check
/** The demo page in WebKit: it loads, logs in, sends, and shows the answer. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { startBroker } from "../../support/broker.mjs";
import { until } from "../../support/client.mjs";
import { startWebKit } from "../../support/engines/webkit.mjs";

test("the demo page logs in, sends the subscription, and shows the answer", async (t) => {
  const broker = await startBroker();
  t.after(() => broker.stop());
  const session = await startWebKit(t);
  const window = await session.currentWindow();
  const textOf = (/** @type {string} */ id) =>
    session.in(window, "POST", "execute/sync", {
      script: "return document.getElementById(arguments[0]).textContent;",
      args: [id],
    });
  const untilShown = (/** @type {string} */ id, /** @type {RegExp} */ pattern) =>
    until(async () => pattern.test(await textOf(id)), `${pattern} in ${id}`);

  // So large that nothing has to be scrolled: the driver does not wait until that has ended.
  await session.in(window, "POST", "window/rect", { width: 1300, height: 1300 });
  await session.in(window, "POST", "url", { url: broker.url });
  await untilShown("session-state", /^Not logged in\.$/);
  await session.click(window, "//button[text()='Log in']");
  await untilShown("session-state", /^Logged in as alice at /);
  await session.click(window, "//button[text()='Send']");
  await untilShown("outcome", /^Sent: 200 OK in \d+ ms\.$/);
  await untilShown("roster", /bob@localhost/);
  const answer = await textOf("response-value");
  assert.match(answer, /sent: true/);
  assert.match(answer, /bareJid: "bob@localhost"/);
});
