// @ts-check
/** Pages that share a session: how to open them, call in them, and see what they send and report. */

import assert from "node:assert/strict";
import { demoAccounts } from "./broker.mjs";
import { until } from "./client.mjs";
import { installClock } from "./clock.mjs";
import { complaintsOf, loadLibrary, openPage } from "./page.mjs";

/** @typedef {import("./page.mjs").WithLibrary} WithLibrary */

/**
 * @typedef {import("./engines/types.js").Page} Page
 * @typedef {import("./engines/types.js").Request} Request
 */

/** A token's lifetime by the page's clock, which the test moves. */
export const LIFETIME_S = 600;
export const PAST_HALF_MS = 301_000;
export const PAST_END_MS = 601_000;

/** The browser asks for an icon by itself. */
const NO_ICON = /^Failed to load resource.* 404 /;

/**
 * A profile that records what all its pages send and complain of.
 *
 * @template {Page} P
 * @template {{ newPage(): Promise<P>, close(): Promise<void> }} C
 * @param {import("node:test").TestContext} t
 * @param {{ newContext(): Promise<C & { newPage(): Promise<P> }> }} browser
 * @param {string} url the broker's
 */
export async function openProfile(t, browser, url) {
  const context = await browser.newContext();
  t.after(() => context.close());
  /** @type {Request[]} */
  const requests = [];
  /** @type {string[][]} */
  const complaints = [];
  return {
    context,
    /** @param {RegExp} [expected] complaints that the test causes on purpose */
    complaints: (expected = NO_ICON) =>
      complaints.flat().filter((line) => !NO_ICON.test(line) && !expected.test(line)),
    /** The resources that were requested, each with the token that was sent. */
    calls: () =>
      requests
        .filter((request) => /\/Agent\//.test(request.url()))
        .map((request) => [request.url().split("/").at(-1), request.headers().authorization]),
    /** @param {(page: P) => Promise<void>} [prepare] is called before the library is loaded */
    async open(prepare) {
      const watched = await openPage(context, `${url}/favicon.svg`, async (page) =>
        page.on("request", (request) => requests.push(request)),
      );
      complaints.push(watched.complaints);
      await prepare?.(watched.page);
      await loadLibrary(watched.page);
      return watched.page;
    },
    /**
     * Records a page that another page has opened, and loads the library in it.
     *
     * @param {P} page
     */
    async adopt(page) {
      page.on("request", (request) => requests.push(request));
      complaints.push(complaintsOf(page));
      await page.waitForFunction(() => document.readyState === "complete");
      await loadLibrary(page);
    },
  };
}

/**
 * A page whose clock the test moves, as the sleep of a computer does. The broker's clock goes on.
 *
 * @template {Page} P
 * @template {{ newPage(): Promise<P>, close(): Promise<void> }} C
 * @param {import("node:test").TestContext} t
 * @param {{ newContext(): Promise<C & { newPage(): Promise<P> }> }} browser
 * @param {string} url the broker's
 * @param {object} [options] of the client
 */
export async function openWithClock(t, browser, url, options) {
  const profile = await openProfile(t, browser, url);
  const page = await profile.open(installClock);
  await startClient(page, options);
  return { profile, page };
}

/**
 * Creates the client of a page, and records what it reports of its session.
 *
 * @param {Page} page
 * @param {object} [options] of `createAgentAPI`, for another client than `AgentAPI`
 */
export async function startClient(page, options) {
  await page.evaluate((options) => {
    const { AgentAPI, createAgentAPI } = /** @type {WithLibrary} */ (globalThis);
    const client = options ? createAgentAPI(options) : AgentAPI;
    /** @type {string[]} */
    const events = [];
    client.Account.OnSessionChange(({ type, reason }) => events.push(reason ? `${type} ${reason}` : type));
    Object.assign(globalThis, { client, events });
  }, options);
}

/**
 * @param {Page} page
 * @param {string} operation
 * @param {...unknown} args
 * @returns {Promise<{ value?: any, code?: string }>}
 */
export async function call(page, operation, ...args) {
  return page.evaluate(
    async ({ operation, args }) => {
      const [group, name] = operation.split(".");
      try {
        return { value: await Reflect.get(globalThis, "client")[group][name](...args) };
      } catch (error) {
        return { code: /** @type {import("neuron-agent-api").AgentApiError} */ (error).code };
      }
    },
    { operation, args },
  );
}

/**
 * @param {Page} page
 * @param {"alice" | "bob"} name
 */
export async function logIn(page, name, seconds = LIFETIME_S) {
  const { userName, password } = demoAccounts[name];
  const { value, code } = await call(page, "Account.Login", userName, password, seconds);
  assert.equal(code, undefined);
  return value;
}

/** @param {Page} page @returns {Promise<string[]>} */
export const eventsOf = (page) => page.evaluate(() => Reflect.get(globalThis, "events"));

/** @param {{ calls: () => (string | undefined)[][] }} profile */
export const namesOf = (profile) => profile.calls().map(([name]) => name);

/**
 * Waits until the client has reported the event, and returns all that it has reported.
 *
 * @param {Page} page
 * @param {string} type
 */
export async function untilEvent(page, type) {
  await until(async () => (await eventsOf(page)).includes(type), `"${type}"`);
  return eventsOf(page);
}

/**
 * Has the network go and come back.
 *
 * @param {Page} page
 */
export async function goOffline(page) {
  const context = page.context();
  if (!context.setOffline) {
    return page.evaluate(() => {
      for (const type of ["offline", "online"]) dispatchEvent(new Event(type));
    });
  }
  await context.setOffline(true);
  await context.setOffline(false);
}

/**
 * Drivers keep every page visible, so the page is made to believe otherwise.
 *
 * @param {Page} page
 * @param {"visible" | "hidden"} state
 */
export async function setVisibility(page, state, isAnnounced = true) {
  await page.evaluate(
    ({ state, isAnnounced }) => {
      Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
      Object.defineProperty(document, "hidden", { value: state === "hidden", configurable: true });
      if (isAnnounced) document.dispatchEvent(new Event("visibilitychange"));
    },
    { state, isAnnounced },
  );
}

/**
 * Waits for a request of its own: all that the page has begun before is seen by then.
 *
 * @param {Page} page
 */
export async function untilSettled(page) {
  await page.evaluate(async () => void (await fetch("/favicon.svg?settled")).text());
}

/**
 * Logs in on one page and out again, and asserts that two more pages with its session end it, too.
 *
 * @template {Page} P
 * @param {object} profile of `openProfile`
 * @param {() => Promise<P>} profile.open
 * @param {() => (string | undefined)[][]} profile.calls
 * @param {(expected?: RegExp) => string[]} profile.complaints
 * @param {(page: P) => Promise<P>} openAnother opens a page that has the session of that one
 * @param {object} [options] of the clients
 */
export async function assertLogoutReachesAll(profile, openAnother, options) {
  const page = await profile.open();
  await startClient(page, options);
  const { jwt } = await logIn(page, "alice");
  const others = [await openAnother(page), await openAnother(page)];
  for (const other of others) {
    await startClient(other, options);
    assert.equal((await call(other, "Account.Info")).value.userName, "alice");
  }

  await call(page, "Account.Logout");
  for (const tab of [page, ...others]) await untilEvent(tab, "logged-out");
  assert.equal(profile.calls().at(-1)?.[0], "Logout");
  for (const other of others) {
    assert.deepEqual(await call(other, "Account.Refresh", 60), { code: "not-logged-in" });
    assert.deepEqual(await call(other, "Xmpp.GetRoster"), { code: "not-logged-in" });
    assert.equal(await other.evaluate(() => sessionStorage.length + localStorage.length), 0);
  }
  const sent = profile.calls();
  assert.equal(sent.at(-1)?.[0], "Logout", "nothing was sent without a session");
  assert.equal(sent.filter(([, token]) => token === `Bearer ${jwt}`).length, 3);
  for (const tab of [page, ...others]) {
    const events = await eventsOf(tab);
    assert.equal(events.filter((event) => event === "logged-out").length, 1);
  }
  assert.deepEqual(profile.complaints(), []);
}
