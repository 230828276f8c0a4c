// @ts-check
/** The demo page shows no secrets: it is made to be shown in talks and screenshots. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { startBroker } from "../../support/broker.mjs";
import { openDemo, textOnceItIs } from "../../support/demo-page.mjs";
import { launchChromium } from "../../support/engines/chromium.mjs";

const PASSWORD = "c4nary passwörd";

test("no password, token, nonce or signature is on the page after a whole journey", async (t) => {
  const browser = await launchChromium();
  t.after(() => browser.close());
  const broker = await startBroker("--account", `alice:${PASSWORD}`, "--account", "bob:x");
  t.after(() => broker.stop());
  const demo = await openDemo(browser, broker.url);
  /** @type {string[]} */
  const consoleLines = [];
  demo.page.on("console", (message) => consoleLines.push(message.text()));

  // A refused login, a good one, calls that succeed, calls that fail, and the end.
  await demo.password.fill(`${PASSWORD}!`);
  await demo.logInButton.click();
  await textOnceItIs(demo.sessionFailure, "unauthorized");
  await demo.password.fill(PASSWORD);
  await demo.logIn();
  assert.equal(await demo.password.inputValue(), "", "the password is not kept in the form");
  await demo.send();
  const token = await demo.page.evaluate(() => sessionStorage.getItem("AgentAPI.Token"));
  await demo.page.route("**/SendPresenceSubscription", (route) =>
    route.fulfill({ status: 500, body: `I got Bearer ${token}`, contentType: "text/plain" }),
  );
  await demo.sendButton.click();
  await textOnceItIs(demo.responseFailure, "server-error");
  await demo.wire.locator("details").evaluateAll((all) => {
    for (const details of all) details.setAttribute("open", "");
  });
  const beforeLogout = await everythingOn(demo.page);
  await demo.logOut();
  const afterLogout = await everythingOn(demo.page);

  const secrets = new Map([["password", PASSWORD]]);
  for (const [index, login] of demo.requestsTo("Account/Login").entries()) {
    const { nonce, signature } = login.postDataJSON();
    secrets.set(`nonce ${index}`, nonce).set(`signature ${index}`, signature);
  }
  const authorizations = demo.requests.map((request) => request.headers().authorization);
  for (const authorization of authorizations.filter(Boolean)) {
    const parts = authorization.replace(/^Bearer /, "").split(".");
    for (const [index, part] of parts.entries()) secrets.set(`token part ${index}`, part);
  }
  assert.equal(secrets.size, 1 + 4 + 3, "each kind of secret was caught");

  const shown = [...beforeLogout, ...afterLogout, consoleLines.join("\n")];
  for (const [name, secret] of secrets) {
    assert.ok(secret.length >= 8, `${name} is long enough to be told from other text`);
    for (const text of shown) assert.equal(text.includes(secret), false, `${name} is shown`);
  }
  assert.ok(shown[1].includes("Bearer [masked]"), "what was looked through is the page");

  // The password goes nowhere, and is kept nowhere.
  for (const request of demo.requests) {
    const sent = JSON.stringify([request.url(), request.headers(), request.postData()]);
    assert.equal(sent.includes("c4nary"), false, request.url());
  }
  const storage = await demo.page.evaluate(() => JSON.stringify([sessionStorage, localStorage]));
  assert.equal(storage.includes("c4nary"), false);
});

test("headers and properties that the page does not know are masked", async (t) => {
  const browser = await launchChromium();
  t.after(() => browser.close());
  const broker = await startBroker();
  t.after(() => broker.stop());
  const demo = await openDemo(browser, broker.url);
  await textOnceItIs(demo.wire, "DomainInfo");
  const bodies = [JSON.stringify({ to: "bob", pin: "s3cret" }), "s3cret", '["s3cret"]'];
  for (const body of bodies) {
    await demo.page.evaluate(async (body) => {
      const headers = { "X-New": "s3cret", Authorization: "s3cret", Accept: "text/plain" };
      await fetch("/Agent/Xmpp/Unknown", { method: "POST", headers, body });
    }, body);
  }
  const shown = await demo.wire.locator("pre:not(.answer)").allTextContents();
  assert.deepEqual(
    shown.slice(0, 3).map((text) => text.split("\n").at(-1)),
    ['{"0":"[masked]"}', "[masked]", '{"to":"bob","pin":"[masked]"}'],
  );
  assert.match(shown[0], /^Accept: text\/plain\nAuthorization: \[masked\]\n.*X-New: \[masked\]/ms);
  assert.equal((await demo.page.content()).includes("s3cret"), false);
});

test("the demo account is offered on this computer only", async (t) => {
  const browser = await launchChromium({ localNames: ["demo.example"] });
  t.after(() => browser.close());
  // The broker answers only under names that it knows.
  const broker = await startBroker("--host", "demo.example");
  t.after(() => broker.stop());
  const here = await openDemo(browser, broker.url);
  assert.equal(await here.userName.inputValue(), "alice");
  const { port } = new URL(broker.url);
  const elsewhere = await openDemo(browser, `http://demo.example:${port}`);
  await textOnceItIs(elsewhere.sessionFailure, "insecure-host");
  assert.equal(await elsewhere.userName.inputValue(), "");
  assert.equal(await elsewhere.password.inputValue(), "");
});

/**
 * The markup, the text, and the values of all fields but the password's.
 *
 * @param {import("playwright-core").Page} page
 */
async function everythingOn(page) {
  return page.evaluate(() => {
    const fields = [...document.querySelectorAll("input:not([type=password]), textarea")];
    return [
      document.documentElement.outerHTML,
      // biome-ignore lint/performance/useDomNodeTextContent: the text that is visible
      document.documentElement.innerText,
      fields.map((field) => /** @type {HTMLInputElement} */ (field).value).join("\n"),
      location.href,
    ];
  });
}
