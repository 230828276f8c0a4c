// @ts-check
/**
 * The demo page by keyboard, for screen readers, on small screens, in dark colours and with reduced
 * motion.
 */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, describe, test } from "node:test";
import { createAgentAPI } from "neuron-agent-api";
import { startBroker } from "../../support/broker.mjs";
import { openDemo, textOnceItIs } from "../../support/demo-page.mjs";
import { launchChromium } from "../../support/engines/chromium.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** The longest address that there may be (RFC 7622): 1023 bytes a part. */
const LONGEST_JID = `${"a".repeat(1023)}@${"b".repeat(63)}.example/${"c".repeat(1023)}`;

describe("the demo page", () => {
  /** @type {import("playwright-core").Browser} */
  let browser;
  /** @type {Awaited<ReturnType<typeof startBroker>>} */
  let broker;

  before(async () => {
    [browser, broker] = await Promise.all([launchChromium(), startBroker()]);
  });
  after(() => Promise.all([browser.close(), broker.stop()]));

  /** @param {import("playwright-core").BrowserContextOptions} [context] */
  async function open(context) {
    const demo = await openDemo(browser, broker.url, { context });
    await textOnceItIs(demo.wire, "DomainInfo");
    return demo;
  }

  /** The broker is that of all tests, and what one of them leaves behind would change the others. */
  async function forgetContacts() {
    const { alice, bob } = broker.accounts;
    for (const [{ userName, password }, { bareJid }] of [
      [alice, bob],
      [bob, alice],
    ]) {
      const api = createAgentAPI({ host: broker.host, secure: false });
      await api.Account.Login(userName, password, 60);
      const { RosterItems } = await api.Xmpp.GetRoster();
      if (RosterItems.length > 0) await api.Xmpp.RemoveRosterItem(bareJid);
      await api.Xmpp.ClearMessages();
      api.dispose();
    }
  }

  /**
   * The states that the page can be in, one after the other.
   *
   * @param {Awaited<ReturnType<typeof open>>} demo
   * @param {(state: string) => Promise<void>} look
   */
  async function throughItsStates(demo, look) {
    await forgetContacts();
    await demo.broker.click();
    await look("before the login");
    await demo.sendButton.click();
    await textOnceItIs(demo.responseFailure, "not-logged-in");
    await look("with an error at the response");
    await demo.password.fill("wrong");
    await demo.logInButton.click();
    await textOnceItIs(demo.sessionFailure, "unauthorized");
    await look("with an error at the session");
    await demo.password.fill(broker.accounts.alice.password);
    await demo.logIn();
    await demo.send();
    await demo.roster.getByRole("row", { name: "bob@localhost" }).waitFor();
    await look("after an answer");
    await demo.page.route("**/SendPresenceSubscription", (route) => route.abort());
    await demo.page.route("**/GetRosterItem", (route) => route.fulfill({ status: 500 }));
    await demo.sendButton.click();
    await textOnceItIs(demo.responseFailure, "may have been processed");
    await look("with an error that leaves something open");
    await demo.page.unroute("**/SendPresenceSubscription");
    await demo.to.fill("bob");
    await demo.sendButton.click();
    await demo.page.locator("[aria-invalid]").waitFor();
    await look("with an error at a field");
    await demo.switches.click();
    await demo.timeline.click();
    await demo.page.getByLabel("Fault").selectOption("reset");
    await demo.page.getByRole("list", { name: "Timeline" }).waitFor();
    await look("with the switches and the timeline");

    await demo.openMethods();
    await demo.callMethod("Storage.StoreInVault");
    await look("with the form of another method");
    await demo.callMethod("Storage.GetFromVault", { VaultId: "unknown" });
    await look("with an error of another method");
    await demo.search.fill("nothing at all");
    await look("with a search that finds nothing");

    await demo.openView("Two people");
    await demo.alice.logInButton.waitFor();
    await look("with two people before their logins");
    await demo.alice.logIn();
    await demo.bob.logIn();
    await look("with two people");
    await demo.alice.askButton.click();
    await demo.bob.acceptButton.waitFor();
    await look("with a request");
    await demo.bob.acceptButton.click();
    await textOnceItIs(demo.alice.news, "has accepted");
    // The roster is read after the news.
    await textOnceItIs(demo.alice.contacts, "Unsubscribe");
    await demo.alice.write("Hi Bob!");
    await textOnceItIs(demo.bob.log, "Hi Bob!");
    await look("with a contact and a message");
    await demo.alice.ask.getByLabel("To", { exact: true }).fill("bob");
    await demo.alice.askButton.click();
    await demo.alice.root.locator("[aria-invalid]").waitFor();
    await look("with an error at a field of a person");
  }

  test("is gone through with Tab and Enter alone", async () => {
    const { page, ...demo } = await open();
    assert.deepEqual(await tabTo(page, "Log in"), [
      "One call",
      "Two people",
      "Every method",
      "User name",
      "Password",
      "Seconds",
      `Broker: ${broker.url}`,
      "Log in",
    ]);
    await page.keyboard.press("Enter");
    await textOnceItIs(demo.sessionState, /^Logged in as alice/);
    // The button that was pressed is gone; the keyboard goes on from the news.
    assert.match(await focusedName(page), /^Logged in as alice/);
    assert.deepEqual(await tabTo(page, "Send"), ["Log out", "To", "CustomXml", "Language", "Id", "Send"]);
    await page.keyboard.press("Enter");
    await textOnceItIs(demo.outcome, /^Sent: 200 OK/);
    assert.equal(await focusedName(page), "Send", "the focus stays where it is");
    await demo.roster.getByRole("row", { name: "bob@localhost" }).waitFor();
    assert.deepEqual((await tabTo(page, /GetRoster/)).slice(0, 3), ["Kind of code", "Copy", "Code"]);
    await page.keyboard.press("Enter");
    await demo.wire.locator("details[open]", { hasText: "GetRoster" }).waitFor();
    await page.context().close();
  });

  test("submits a form with Enter in any of its lines", async () => {
    const { page, ...demo } = await open();
    await demo.seconds.press("Enter");
    await textOnceItIs(demo.sessionState, /^Logged in as alice/);
    await demo.id.press("Enter");
    await textOnceItIs(demo.outcome, /^Sent: 200 OK/);
    await page.context().close();
  });

  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    test(`shows in ${colorScheme} colours where the keyboard is`, async () => {
      const { page } = await open({ colorScheme });
      const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      for (let presses = 0; presses < 12; presses += 1) {
        await page.keyboard.press("Tab");
        const outline = await page.evaluate(() => {
          const style = getComputedStyle(/** @type {Element} */ (document.activeElement));
          return {
            color: style.outlineColor,
            style: style.outlineStyle,
            width: style.outlineWidth,
          };
        });
        const name = await focusedName(page);
        assert.equal(outline.style, "solid", name);
        assert.ok(parseFloat(outline.width) >= 2, name);
        assert.ok(contrast(outline.color, background) >= 3, `${name}: ${outline.color}`);
      }
      await page.context().close();
    });

    test(`has no accessibility defect that axe finds, in ${colorScheme} colours`, async () => {
      // The narrow layout has to be seen by it, too.
      const viewport = { width: colorScheme === "light" ? 1280 : 320, height: 800 };
      const demo = await open({ colorScheme, viewport });
      await throughItsStates(demo, async (state) => {
        const { violations, incomplete, passes } = await axe(demo.page);
        assert.deepEqual(violations.map(described), [], state);
        // What axe could not decide must not be the contrast.
        const undecided = incomplete.filter(({ id }) => id === "color-contrast");
        assert.deepEqual(undecided.map(described), [], state);
        assert.ok(
          passes.some(({ id }) => id === "color-contrast"),
          "axe has looked",
        );
      });
      await demo.page.context().close();
    });

    // Axe computes the contrast of text, not that of the edges (WCAG 1.4.11).
    test(`frames its controls visibly in ${colorScheme} colours`, async () => {
      const { page } = await open({ colorScheme });
      const frames = await page
        .locator("input:not([type=checkbox]), select, textarea, button")
        .evaluateAll((controls) =>
          controls.map((control) => ({
            id: control.id || control.textContent,
            edge: getComputedStyle(control).borderTopColor,
            around: getComputedStyle(/** @type {Element} */ (control.closest("section"))).backgroundColor,
          })),
        );
      assert.equal(frames.length, 16);
      for (const { id, edge, around } of frames) {
        assert.ok(contrast(edge, around) >= 3, `${id}: ${edge} on ${around}`);
      }
      await page.context().close();
    });
  }

  test("shows in forced colours where the keyboard is, and how the subscription stands", async () => {
    const demo = await open({ forcedColors: "active" });
    const { page } = demo;
    await demo.openView("Two people");
    await demo.alice.logInButton.focus();
    await page.keyboard.press("Tab");
    const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const outline = await page.evaluate(() => {
      const style = getComputedStyle(/** @type {Element} */ (document.activeElement));
      return { color: style.outlineColor, style: style.outlineStyle };
    });
    assert.equal(outline.style, "solid");
    assert.ok(contrast(outline.color, background) >= 3, outline.color);
    const stroke = await demo.subscription
      .locator("line")
      .first()
      .evaluate((line) => getComputedStyle(line).stroke);
    assert.ok(contrast(stroke, background) >= 3, stroke);
    await page.context().close();
  });

  test("follows the colour scheme of the system", async () => {
    const { page } = await open({ colorScheme: "light" });
    const brightness = () =>
      page.evaluate(() => getComputedStyle(document.body).backgroundColor).then(luminance);
    assert.ok((await brightness()) > 0.8);
    await page.emulateMedia({ colorScheme: "dark" });
    assert.ok((await brightness()) < 0.05);
    await page.context().close();
  });

  // 640 pixels are 1280 at 200 %.
  for (const width of [320, 640, 768, 960, 1280, 1600]) {
    test(`fits into ${width} pixels, whatever it shows`, async () => {
      const demo = await open({ viewport: { width, height: 700 } });
      await throughItsStates(demo, (state) => assertFits(demo.page, state));
      await demo.page.route("**/GetRoster", (route) =>
        route.fulfill({
          json: {
            RosterItems: [
              {
                bareJid: LONGEST_JID,
                pendingSubscription: true,
                status: "None",
                name: "n".repeat(200),
                Groups: ["g".repeat(200), "h"],
              },
            ],
          },
        }),
      );
      await demo.page.route("**/SendPresenceSubscription", (route) =>
        route.fulfill({ json: { sent: true, id: "i".repeat(1000) } }),
      );
      await demo.openView("One call");
      await demo.to.fill(LONGEST_JID);
      await demo.send();
      await demo.roster.getByRole("row", { name: "nnnn" }).waitFor();
      await assertFits(demo.page, "with the longest address");
      await demo.page.context().close();
    });
  }

  test("brings the response into sight where it is below the button", async () => {
    const demo = await open({ viewport: { width: 320, height: 640 }, reducedMotion: "reduce" });
    await demo.logIn();
    await demo.send();
    assert.equal(await isInSight(demo.outcome), true);
    await demo.page.context().close();
  });

  test("has no animation for those who asked for reduced motion", async () => {
    for (const [reducedMotion, moves] of /** @type {const} */ ([
      ["reduce", false],
      ["no-preference", true],
    ])) {
      const demo = await open({ reducedMotion });
      await demo.logIn();
      await demo.page.route("**/SendPresenceSubscription", () => {});
      await demo.sendButton.click();
      const endless = await demo.page.evaluate(
        () =>
          document
            .getAnimations()
            .filter((animation) => animation.effect?.getTiming().iterations === Infinity).length,
      );
      assert.equal(endless > 0, moves, reducedMotion);
      const scrolling = await demo.page.evaluate(
        () => getComputedStyle(document.documentElement).scrollBehavior,
      );
      assert.equal(scrolling === "smooth", moves, reducedMotion);
      await demo.page.context().close();
    }
  });

  test("has its live regions in place before there is news", async () => {
    const demo = await open();
    const live = demo.page.locator("[role=status], [role=alert]");
    const regions = await live.evaluateAll((elements) =>
      elements.map((element) => [element.id, element.checkVisibility()]),
    );
    assert.deepEqual(regions, [
      ["view-failure", true],
      ["session-state", true],
      ["session-failure", true],
      ["outcome", true],
      ["response-failure", true],
      ["copied", true],
      ["roster-state", true],
      ["roster-failure", true],
      ["wire-state", true],
    ]);
    await demo.page.context().close();
  });

  test("keeps the roster a table for screen readers on a narrow page too", async () => {
    const demo = await open({ viewport: { width: 320, height: 640 } });
    await demo.logIn();
    await demo.send();
    const row = demo.roster.getByRole("table").getByRole("row", { name: "bob@localhost" });
    await row.waitFor();
    assert.equal(await row.getByRole("cell").count(), 5);
    assert.equal(await demo.roster.getByRole("columnheader").count(), 5);
    await demo.page.context().close();
  });
});

/**
 * @param {import("playwright-core").Page} page
 * @returns {Promise<Record<"violations" | "incomplete" | "passes", AxeResult[]>>}
 *
 * @typedef {{ id: string, help: string, nodes: { html: string, any: { message: string }[] }[] }} AxeResult
 */
async function axe(page) {
  await page.evaluate(AXE);
  return page.evaluate(() => Reflect.get(globalThis, "axe").run());
}

/** @param {AxeResult} result */
function described({ id, help, nodes }) {
  const places = nodes.map(({ html, any }) => `${html} (${any.map(({ message }) => message).join(", ")})`);
  return `${id}: ${help}: ${places.join(" | ")}`;
}

/**
 * Presses Tab until the element of that name has the focus.
 *
 * @param {import("playwright-core").Page} page
 * @param {string | RegExp} name
 * @returns {Promise<string[]>} the names of all on the way
 */
async function tabTo(page, name) {
  const names = [];
  while (names.length < 30) {
    await page.keyboard.press("Tab");
    names.push(await focusedName(page));
    const last = /** @type {string} */ (names.at(-1));
    if (typeof name === "string" ? last === name : name.test(last)) return names;
  }
  return assert.fail(`Tab does not lead to ${name}, only to ${names.join(", ")}`);
}

/** @param {import("playwright-core").Page} page */
function focusedName(page) {
  return page.evaluate(() => {
    const element = /** @type {HTMLInputElement} */ (document.activeElement);
    const text = element.ariaLabel ?? (element.labels?.[0] ?? element).textContent ?? "";
    return text.trim();
  });
}

/**
 * @param {import("playwright-core").Page} page
 * @param {string} state
 */
async function assertFits(page, state) {
  const { wider, beyond } = await page.evaluate(() => {
    const { clientWidth, scrollWidth } = document.documentElement;
    // What a box of its own scrolls, or hides from eyes, is no matter.
    const beyond = [...document.querySelectorAll("body *:not(pre *, thead, thead *)")].filter(
      (element) => element.getBoundingClientRect().right > clientWidth + 0.5,
    );
    return {
      wider: scrollWidth - clientWidth,
      beyond: beyond.map((element) => element.outerHTML.slice(0, 80)),
    };
  });
  assert.equal(wider, 0, state);
  assert.deepEqual(beyond, [], state);
}

/** @param {import("playwright-core").Locator} locator */
function isInSight(locator) {
  return locator.evaluate((element) => {
    const { top, bottom } = element.getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
  });
}

/**
 * The contrast ratio of two opaque colours (WCAG 2.2, "contrast ratio").
 *
 * @param {string} one
 * @param {string} other
 */
function contrast(one, other) {
  const [darker, lighter] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

/**
 * The relative luminance of a colour as the browser computes it, `rgb(1, 2, 3)`.
 *
 * @param {string} color
 */
function luminance(color) {
  const channels = /^rgb\((\d+), (\d+), (\d+)\)$/.exec(color)?.slice(1).map(Number);
  if (!channels) return assert.fail(`${color} is no opaque colour`);
  const [red, green, blue] = channels.map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
