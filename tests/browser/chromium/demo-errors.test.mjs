// @ts-check
/**
 * The demo page when something is wrong: each error is shown beside its cause, and the page goes on.
 */

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { startBroker } from "../../support/broker.mjs";
import { openDemo, TIME_WITH_SECONDS, textOnceItIs } from "../../support/demo-page.mjs";
import { launchChromium } from "../../support/engines/chromium.mjs";

describe("the demo page, when something is wrong,", () => {
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
    await textOnceItIs(demo.wire, "DomainInfo");
  });
  afterEach(() => demo.page.context().close());
  after(() => Promise.all([browser.close(), broker.stop()]));

  /**
   * That the field has the error, for eyes and for screen readers, and the keyboard's focus.
   *
   * @param {import("playwright-core").Locator} field
   * @param {RegExp} sentence
   */
  async function assertFieldError(field, sentence) {
    await field.and(demo.page.locator("[aria-invalid=true]")).waitFor();
    const [first] = /** @type {string} */ (await field.getAttribute("aria-describedby")).split(" ");
    const error = demo.page.locator(`[id="${first}"]`);
    assert.match(await textOnceItIs(error, /./), sentence);
    assert.equal(await error.isVisible(), true);
    assert.equal(await demo.page.locator("[aria-invalid]").count(), 1, "one error at a time");
    assert.equal(await field.evaluate((element) => element === document.activeElement), true);
  }

  /**
   * That touching the field takes its error away.
   *
   * @param {import("playwright-core").Locator} field
   */
  async function assertErrorGoes(field) {
    const errors = demo.page.locator(".error:not(:empty)");
    assert.equal(await errors.count(), 1);
    await field.press("End");
    await field.press("x");
    assert.equal(await demo.page.locator("[aria-invalid]").count(), 0);
    assert.equal(await errors.count(), 0);
  }

  test("puts the error of an argument beside its field, and sends nothing", async () => {
    await demo.logIn();
    /** @type {[field: "to" | "customXml" | "language" | "id", value: string, sentence: RegExp][]} */
    const rows = [
      ["to", "", /^To is missing\. Write user@domain/],
      ["to", "bob", /^To is not a whole XMPP address: .* "bob@example\.org"/],
      ["to", "bob@@localhost", /^To is not an XMPP address/],
      ["customXml", "<nick>", /^CustomXml is not well-formed XML/],
      ["customXml", "<!DOCTYPE a><a/>", /^CustomXml /],
      ["language", "en_US", /^Language is not a language tag\. .*"sv-SE"/],
      ["id", "a\u0007", /^Id must be visible characters/],
    ];
    for (const [name, value, sentence] of rows) {
      const field = demo[name];
      const rightValue = await field.inputValue();
      await field.fill(value);
      await demo.sendButton.click();
      await assertFieldError(field, sentence);
      await textOnceItIs(demo.outcome, "Nothing was sent.");
      await assertErrorGoes(field);
      await field.fill(rightValue);
    }
    assert.equal(demo.requestsTo("Xmpp/SendPresenceSubscription").length, 0);
    assert.deepEqual(demo.complaints, []);
  });

  test("puts the error of a login beside its field, and does not log in", async () => {
    /** @type {[field: "userName" | "password" | "seconds" | "host", value: string, sentence: RegExp][]} */
    const rows = [
      ["userName", "", /^UserName /],
      ["userName", "alice@localhost", /^UserName is not a user name: .*"alice"/],
      ["password", "", /^Password /],
      ["seconds", "0", /^Seconds must be a whole number from 1 to 3600/],
      ["seconds", "", /^Seconds must be a whole number from 1 to 3600/],
      ["seconds", "an hour", /^Seconds must be a whole number from 1 to 3600/],
      ["host", "https://neuron.example.org/", /^Host is not a host\. .*"127\.0\.0\.1:8080"/],
    ];
    for (const [name, value, sentence] of rows) {
      const field = demo[name];
      const rightValue = await field.inputValue();
      // The host is hidden within closed details, and its error must open them.
      if (name === "host") await demo.broker.click();
      await field.fill(value);
      if (name === "host") await demo.broker.click();
      await demo.logInButton.click();
      await assertFieldError(field, sentence);
      await textOnceItIs(demo.sessionState, "Not logged in.");
      await assertErrorGoes(field);
      await field.fill(rightValue);
    }
    assert.equal(demo.requestsTo("Account/Login").length, 0);
    assert.deepEqual(demo.complaints, []);
  });

  test("shows the next wrong field once the first is corrected", async () => {
    await demo.logIn();
    await demo.to.fill("bob");
    await demo.language.fill("en_US");
    await demo.sendButton.click();
    await assertFieldError(demo.to, /^To /);
    await demo.to.fill("bob@localhost");
    await demo.to.press("Enter");
    await assertFieldError(demo.language, /^Language /);
    await demo.language.fill("en-US");
    assert.match(await demo.send(), /^Sent: /);
  });

  test("shows a refused login at the session, and accepts the right password after it", async () => {
    await demo.password.fill("not the password");
    await demo.logInButton.click();
    const failure = await textOnceItIs(demo.sessionFailure, "unauthorized");
    assert.match(failure, /The broker refused with 401/);
    await textOnceItIs(demo.sessionState, "Not logged in.");
    assertOnlyComplaint(/\b401\b/);
    await demo.password.fill(broker.accounts.alice.password);
    await demo.logIn();
    assert.equal(await demo.sessionFailure.textContent(), "");
  });

  test("shows a call without a session at the response, and works after a login", async () => {
    await demo.sendButton.click();
    await textOnceItIs(demo.outcome, "Nothing was sent.");
    await textOnceItIs(demo.responseFailure, "not-logged-in");
    assert.equal(demo.requestsTo("Xmpp/SendPresenceSubscription").length, 0);
    assert.deepEqual(demo.complaints, []);
    await demo.logIn();
    assert.match(await demo.send(), /^Sent: /);
    assert.equal(await demo.responseFailure.textContent(), "");
  });

  test("shows that the session of an earlier visit has ended", async () => {
    await demo.logIn();
    await demo.page.evaluate(() => sessionStorage.setItem("AgentAPI.Token", "x.y.z"));
    await demo.page.reload();
    await textOnceItIs(demo.sessionState, "Not logged in.");
    await textOnceItIs(demo.roster.getByRole("alert"), "unauthorized");
    assert.equal(await demo.page.evaluate(() => sessionStorage.getItem("AgentAPI.Token")), null);
    assertOnlyComplaint(/\b401\b/);
  });

  test("refuses plain http beyond this computer, at the session", async () => {
    await demo.broker.click();
    await demo.host.fill("neuron.example.org");
    await demo.secure.uncheck();
    await demo.logInButton.click();
    await textOnceItIs(demo.sessionFailure, "insecure-host");
    assert.equal(demo.requestsTo("Account/Login").length, 0);
    assert.deepEqual(demo.complaints, []);
  });

  test("shows at the response what the broker refused, and why", async () => {
    await demo.logIn();
    // Not on the roster, so that nothing there looks like a request that arrived.
    await demo.to.fill("carol@localhost");
    /** @type {[status: number, body: string, code: string, attempts: number][]} */
    const rows = [
      // An answer that is none leads to a look at the roster, and to another attempt.
      [200, "<!doctype html><p>Welcome</p>", "bad-response", 4],
      [200, '{"sent":"yes","id":"1"}', "bad-response", 4],
      [400, "The pattern does not match.", "bad-request", 1],
      [403, "Forbidden to you.", "forbidden", 1],
      [404, "", "not-found", 1],
      // More than a caller would wait for.
      [429, "Try again in 5 minutes.", "rate-limited", 1],
      [500, "Object reference not set.", "server-error", 1],
      [503, "Shutting down.", "unavailable", 4],
    ];
    for (const [status, body, code, attempts] of rows) {
      const sentBefore = demo.requestsTo("Xmpp/SendPresenceSubscription").length;
      await demo.page.route("**/SendPresenceSubscription", (route) =>
        route.fulfill({ status, body, contentType: "text/plain" }),
      );
      await demo.sendButton.click();
      const failure = await textOnceItIs(demo.responseFailure, code);
      await textOnceItIs(demo.outcome, new RegExp(`^Failed: ${status} .*in \\d+ ms\\.$`));
      await demo.page.unroute("**/SendPresenceSubscription");
      if (status >= 400) assert.ok(failure.includes(body), failure);
      assert.equal(failure.includes("after 4 attempts"), attempts === 4, failure);
      const sent = demo.requestsTo("Xmpp/SendPresenceSubscription").length - sentBefore;
      assert.equal(sent, attempts, code);
      assert.equal(await demo.response.locator("pre").textContent(), "");
      // The session is not to blame.
      await textOnceItIs(demo.sessionState, /^Logged in as /);
    }
  });

  test("shows whether a failed call may have been carried out, and when to log in again", async () => {
    const strict = await startBroker("--block-after", "1", "--block-seconds", "90");
    const own = await openDemo(browser, strict.url);
    try {
      await own.logIn();
      await own.page.route("**/SendPresenceSubscription", (route) => route.abort());
      // So that reconciling fails, too.
      await own.page.route("**/GetRosterItem", (route) => route.fulfill({ status: 500 }));
      await own.sendButton.click();
      await textOnceItIs(own.responseFailure, "network · may have been processed");
      await own.page.unroute("**/SendPresenceSubscription");
      await own.page.route("**/SendPresenceSubscription", (route) => route.fulfill({ status: 503 }));
      await own.sendButton.click();
      await textOnceItIs(own.responseFailure, /^unavailable · after 4 attempts[A-Z]/);

      await own.logOut();
      await own.password.fill("wrong");
      await own.logInButton.click();
      await textOnceItIs(own.sessionFailure, "unauthorized");
      const logins = () => own.requestsTo("Account/Login").length;
      await own.logInButton.click();
      const asked = await textOnceItIs(own.sessionFailure, "rate-limited");
      const before = logins();
      await own.password.fill(strict.accounts.alice.password);
      await own.logInButton.click();
      const refused = await textOnceItIs(own.sessionFailure, "Nothing was sent");
      assert.equal(logins(), before);
      for (const failure of [asked, refused]) {
        assert.match(failure, new RegExp(`Log in again at ${TIME_WITH_SECONDS}\\.$`));
      }
    } finally {
      await own.page.context().close();
      await strict.stop();
    }
  });

  test("says that no response came if the broker is silent", async () => {
    const { page, ...patient } = await openDemo(browser, broker.url, {
      prepare: (page) => page.clock.install(),
    });
    await patient.logInButton.click();
    await textOnceItIs(patient.sessionState, /^Logged in as /);
    await page.route("**/SendPresenceSubscription", () => {});
    // Before it is sent, no timer runs that the clock could end.
    const sent = page.waitForRequest("**/SendPresenceSubscription");
    await patient.sendButton.click();
    await sent;
    await page.clock.fastForward(31_000);
    await textOnceItIs(patient.responseFailure, "timeout");
    await textOnceItIs(patient.outcome, /^Failed: no response in 3\d{4} ms\.$/);
    await page.context().close();
  });

  test("shows which broker it tried when there is none", async () => {
    await demo.broker.click();
    await demo.host.fill("127.0.0.1:9");
    await demo.secure.uncheck();
    await demo.logInButton.click();
    await textOnceItIs(demo.sessionFailure, "network");
    await textOnceItIs(demo.broker, "Broker: http://127.0.0.1:9");
    await demo.host.fill("");
    await demo.logIn();
    await textOnceItIs(demo.sessionState, `at ${broker.url} `);
  });

  test("shows the broker's text as text, and runs nothing of it", async () => {
    await demo.logIn();
    const text = "No: <img src=x onerror=document.title='run'>";
    await demo.page.route("**/SendPresenceSubscription", (route) =>
      route.fulfill({ status: 400, body: text, contentType: "text/plain" }),
    );
    await demo.sendButton.click();
    await textOnceItIs(demo.responseFailure, text);
    await demo.page.unroute("**/SendPresenceSubscription");
    await demo.page.route("**/GetRoster", (route) =>
      route.fulfill({
        json: {
          RosterItems: [
            { bareJid: text, pendingSubscription: false, status: text, name: text, Groups: [text] },
          ],
        },
      }),
    );
    await demo.page.reload();
    await demo.roster.getByRole("row").nth(1).waitFor();
    assert.deepEqual(await demo.rosterRows(), [[text, text, text, "no", text]]);
    assert.notEqual(await demo.page.title(), "run");
    assert.equal(await demo.page.locator("img").count(), 0);
  });

  test("says that the network failed when the broker is gone, and works when it is back", async () => {
    const mortal = await startBroker();
    let revived;
    const own = await openDemo(browser, mortal.url);
    try {
      await own.logIn();
      await mortal.stop();
      await own.sendButton.click();
      await textOnceItIs(own.responseFailure, "network");
      assert.match(await textOnceItIs(own.outcome, /^Failed/), /^Failed: no response in \d+ ms\.$/);
      await own.logOutButton.click();
      await textOnceItIs(own.sessionFailure, "network");
      await textOnceItIs(own.sessionState, "Not logged in.");

      revived = await startBroker("--listen", mortal.host);
      await own.password.fill(mortal.accounts.alice.password);
      await own.logIn();
      assert.match(await own.send(), /^Sent: /);
    } finally {
      await own.page.context().close();
      await mortal.stop();
      await revived?.stop();
    }
  });

  /** @param {RegExp} pattern */
  function assertOnlyComplaint(pattern) {
    // The browser's own line about the status; pages can't prevent it.
    assert.equal(demo.complaints.length, 1, demo.complaints.join("\n"));
    assert.match(demo.complaints[0], pattern);
    demo.complaints.length = 0;
  }
});
