// @ts-check
/**
 * A session in tabs that a page has opened, in a page that the browser kept after it was left, and
 * after the end of its client: other drivers can't take over tabs, go back, or report WebSockets.
 */

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startBroker } from "../../support/broker.mjs";
import { until } from "../../support/client.mjs";
import { moveClock } from "../../support/clock.mjs";
import { launchChromium } from "../../support/engines/chromium.mjs";
import { loadLibrary, openLibrary } from "../../support/page.mjs";
import {
  assertLogoutReachesAll,
  call,
  eventsOf,
  goOffline,
  LIFETIME_S,
  logIn,
  namesOf,
  openProfile,
  openWithClock,
  PAST_END_MS,
  PAST_HALF_MS,
  setVisibility,
  startClient,
  untilEvent,
  untilSettled,
} from "../../support/sessions.mjs";

/** @typedef {import("../../support/page.mjs").WithLibrary} WithLibrary */

/** @typedef {import("playwright-core").Page} Page */

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof startBroker>>} */
let broker;
before(async () => {
  [browser, broker] = await Promise.all([launchChromium(), startBroker()]);
});
after(() => Promise.all([browser.close(), broker.stop()]));

test("a logout in one tab logs out the tabs that it has opened, which have a copy of its session", async (t) => {
  const profile = await openProfile(t, browser, broker.url);
  await assertLogoutReachesAll(profile, async (page) => {
    const opened = await openFrom(profile.context, page);
    await profile.adopt(opened);
    return opened;
  });
});

test("a logout also reaches a tab that has a copy of the session and has not called yet", async (t) => {
  const context = await browser.newContext();
  t.after(() => context.close());
  const { page } = await openLibrary(context, broker.url);
  const { jwt } = await page.evaluate((password) => {
    const { AgentAPI } = /** @type {WithLibrary} */ (globalThis);
    return AgentAPI.Account.Login("alice", password, 600);
  }, broker.accounts.alice.password);

  const copy = await openFrom(context, page);
  await copy.waitForLoadState();
  await loadLibrary(copy);
  await copy.evaluate(() => {
    /** @type {string[]} */
    const events = [];
    const { AgentAPI } = /** @type {WithLibrary} */ (globalThis);
    AgentAPI.Account.OnSessionChange(({ type }) => events.push(type));
    // It listens after the library would, so it hears when the library has heard.
    const channel = new BroadcastChannel("neuron-agent-api");
    channel.onmessage = () => Object.assign(globalThis, { hasHeard: true });
    Object.assign(globalThis, { events });
  });

  await page.evaluate(() => Reflect.get(globalThis, "AgentAPI").Account.Logout());
  await copy.waitForFunction(() => "hasHeard" in globalThis);
  /** @type {(string | undefined)[]} */
  const shown = [];
  copy.on("request", (request) => shown.push(request.headers().authorization));
  await copy.evaluate(() =>
    Reflect.get(globalThis, "AgentAPI")
      .Xmpp.GetRoster()
      .catch(() => {}),
  );
  const events = await copy.evaluate(() => Reflect.get(globalThis, "events"));
  assert.equal(shown.includes(`Bearer ${jwt}`), false, `the dead token was sent; told: ${events}`);
  assert.deepEqual(events, ["logged-out"]);
});

describe("a page in the back/forward cache", () => {
  /** @type {import("playwright-core").Browser} */
  let keeping;
  before(async () => {
    keeping = await launchChromium({ without: ["--disable-back-forward-cache"] });
  });
  after(() => keeping.close());

  // Lifetimes that can be waited for: the clock that a test moves stands still in a page that is kept.
  // A busy machine has some seconds to leave the page, and to come back.
  for (const [label, seconds, awayMs, type, requests] of /** @type {const} */ ([
    ["past half of its token's life, exchanges it", 6, 3_200, "refreshed", ["Login", "Refresh"]],
    ["past the end of its token, tells so", 4, 4_200, "lost expired", ["Login"]],
  ])) {
    test(`is kept with its session, and when it is shown again ${label}`, async (t) => {
      const profile = await openProfile(t, keeping, broker.url);
      const page = await profile.open();
      await startClient(page, { store: "local" });
      await logIn(page, "alice", seconds);
      const since = performance.now();
      await page.goto(`${broker.url}/favicon.svg?next`);
      await until(() => performance.now() - since > awayMs);
      assert.deepEqual(namesOf(profile), ["Login"]);
      await goBack(page);
      if (!(await page.evaluate(() => "events" in globalThis))) {
        return t.skip("this browser did not keep the page");
      }
      await untilEvent(page, type);
      assert.deepEqual(namesOf(profile), requests);
      assert.deepEqual(await eventsOf(page), ["logged-in", type]);
      assert.deepEqual(profile.complaints(), []);
    });
  }

  test("is told of the logout that it missed, or is loaded again without a session", async (t) => {
    const profile = await openProfile(t, keeping, broker.url);
    const [kept, leaving] = [await profile.open(), await profile.open()];
    for (const page of [kept, leaving]) await startClient(page, { store: "local" });
    await logIn(kept, "alice");
    await kept.goto(`${broker.url}/favicon.svg?next`);
    await call(leaving, "Account.Logout");
    await goBack(kept);
    if (await kept.evaluate(() => "events" in globalThis)) {
      await untilEvent(kept, "logged-out");
    } else {
      await loadLibrary(kept);
      await startClient(kept, { store: "local" });
    }
    assert.deepEqual(await call(kept, "Account.Refresh", 60), { code: "not-logged-in" });
    assert.deepEqual(namesOf(profile), ["Login", "Logout"]);
    assert.deepEqual(profile.complaints(), []);
  });
});

test("a disposed client does nothing any more, whatever happens to the page", async (t) => {
  const { profile, page } = await openWithClock(t, browser, broker.url, { store: "local", maxInFlight: 2 });
  await logIn(page, "alice", LIFETIME_S);
  const [socket] = await Promise.all([
    page.waitForEvent("websocket"),
    call(page, "Xmpp.RegisterEventHandler", "alert", "urn:example", null, "onAlert"),
  ]);
  let sockets = 0;
  page.on("websocket", () => (sockets += 1));
  let hanging = 0;
  await page.route("**/Xmpp/*", () => void (hanging += 1));
  const calls = ["Xmpp.GetRoster", "Xmpp.PopMessages", "Xmpp.ClearMessages"].map((operation) =>
    call(page, operation),
  );
  await until(() => hanging === 2);
  const sent = namesOf(profile);

  const closed = socket.waitForEvent("close");
  await page.evaluate(() => Reflect.get(globalThis, "client").dispose());
  assert.deepEqual(await Promise.all(calls), Array(3).fill({ code: "disposed" }));
  await closed;
  assert.deepEqual(await call(page, "Xmpp.GetRoster"), { code: "disposed" });

  await moveClock(page, PAST_HALF_MS);
  await setVisibility(page, "hidden");
  await setVisibility(page, "visible");
  await goOffline(page);
  await page.evaluate((url) => {
    dispatchEvent(new Event("pageshow"));
    const logout = { broker: url, userName: "alice", place: "local AgentAPI" };
    new BroadcastChannel("neuron-agent-api").postMessage(logout);
  }, broker.url);
  await moveClock(page, PAST_END_MS);
  await untilSettled(page);
  assert.deepEqual(namesOf(profile), sent);
  assert.equal(sockets, 0);
  assert.deepEqual(await eventsOf(page), ["logged-in"]);
  assert.ok(await page.evaluate(() => localStorage.length), "what is kept of the session stays");
  assert.deepEqual(profile.complaints(), []);
});

/**
 * A tab that a page opens has a copy of its `sessionStorage`.
 *
 * @param {import("playwright-core").BrowserContext} context
 * @param {Page} opener
 */
async function openFrom(context, opener) {
  const [page] = await Promise.all([
    context.waitForEvent("page"),
    opener.evaluate(() => void window.open(location.href)),
  ]);
  return page;
}

/**
 * A page that was kept is not loaded, so there is no event to wait for.
 *
 * @param {Page} page
 */
async function goBack(page) {
  await page.goBack({ waitUntil: "commit" });
  await page.waitForURL((url) => url.search === "", { waitUntil: "commit" });
}
