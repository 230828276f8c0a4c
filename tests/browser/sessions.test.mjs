// @ts-check
/**
 * A session in tabs that are reloaded, opened side by side or hidden: it continues or ends in all of
 * them as the README says, and hidden pages send nothing.
 */

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startBroker } from "../support/broker.mjs";
import { launchBrowser } from "../support/browser.mjs";
import { moveClock } from "../support/clock.mjs";
import { loadLibrary, openLibrary } from "../support/page.mjs";
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
} from "../support/sessions.mjs";

/** @typedef {import("../support/page.mjs").WithLibrary} WithLibrary */

/** @typedef {import("../support/engines/types.js").Page} Page */

/** @type {import("../support/engines/types.js").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof startBroker>>} */
let broker;
before(async () => {
  [browser, broker] = await Promise.all([launchBrowser(), startBroker()]);
});
after(() => Promise.all([browser.close(), broker.stop()]));

for (const [label, options] of /** @type {const} */ ([
  ["AgentAPI", undefined],
  ['a client with the store "local"', { store: "local" }],
])) {
  test(`a page that is loaded again continues the session of ${label}`, async (t) => {
    const profile = await openProfile(t, browser, broker.url);
    const page = await profile.open();
    await startClient(page, options);
    const { jwt } = await logIn(page, "alice");
    await page.reload();
    await loadLibrary(page);
    await startClient(page, options);
    assert.deepEqual((await call(page, "Account.Info")).value.userName, "alice");
    assert.deepEqual(profile.calls(), [
      ["Login", undefined],
      ["Info", `Bearer ${jwt}`],
    ]);
    assert.deepEqual(profile.complaints(), []);
  });
}

test('a logout in one tab logs out all tabs that share the session of a client with the store "local"', async (t) => {
  const profile = await openProfile(t, browser, broker.url);
  await assertLogoutReachesAll(profile, () => profile.open(), { store: "local" });
});

test("a logout in one tab does not log out tabs of another user or another broker", async (t) => {
  const elsewhere = await startBroker();
  t.after(() => elsewhere.stop());
  const profile = await openProfile(t, browser, broker.url);
  const [leaving, bobs, elsewheres] = [await profile.open(), await profile.open(), await profile.open()];
  await startClient(leaving);
  await startClient(bobs);
  await startClient(elsewheres, { host: elsewhere.host, secure: false, store: "session" });
  await logIn(leaving, "alice");
  await logIn(bobs, "bob");
  await logIn(elsewheres, "alice");
  const stayed = [bobs, elsewheres];
  // It listens after the library does, so it hears when the library has heard.
  for (const page of stayed) {
    await page.evaluate(() => {
      const channel = new BroadcastChannel("neuron-agent-api");
      channel.onmessage = ({ data }) => Object.assign(globalThis, { logout: data });
    });
  }

  await call(leaving, "Account.Logout");
  for (const page of stayed) {
    await page.waitForFunction(() => "logout" in globalThis);
    const logout = await page.evaluate(() => Reflect.get(globalThis, "logout"));
    assert.deepEqual(logout, { broker: broker.url, userName: "alice", place: "session AgentAPI" });
    assert.ok((await call(page, "Xmpp.GetRoster")).value);
    assert.deepEqual(await eventsOf(page), ["logged-in"]);
  }
  assert.deepEqual(profile.complaints(), []);
});

// Side by side, because most of their time is that for which a broker still takes an old token.
describe("a tab that was duplicated", { concurrency: true }, () => {
  /**
   * Two tabs with one session, of which the first has exchanged the token since; and a third of the
   * same origin, which hears what it can.
   *
   * @param {import("node:test").TestContext} t
   */
  async function openTwins(t) {
    const profile = await openProfile(t, browser, broker.url);
    const [page, twin, stranger] = [await profile.open(), await profile.open(), await profile.open()];
    await startClient(page);
    const { jwt } = await logIn(page, "alice");
    const session = await page.evaluate(() => Object.entries(sessionStorage));
    await twin.evaluate((session) => {
      for (const [key, value] of session) sessionStorage.setItem(key, value);
    }, session);
    await startClient(stranger);
    await logIn(stranger, "alice");
    await stranger.evaluate(() => {
      /** @type {unknown[]} */
      const heard = [];
      for (const name of ["neuron-agent-api", "AgentAPI.Twins", "undefined", ""]) {
        const channel = new BroadcastChannel(name);
        channel.onmessage = ({ data }) => heard.push(data);
        channel.postMessage("newer?");
      }
      Object.assign(globalThis, { heard });
    });
    const refreshed = await call(page, "Account.Refresh", LIFETIME_S);
    return { profile, page, twin, stranger, old: jwt, newer: refreshed.value.jwt };
  }

  /** @param {Page} page */
  const tokenOf = (page) => page.evaluate(() => sessionStorage.getItem("AgentAPI.Token"));

  /** A broker takes an old token for some seconds more. @param {string} token */
  async function untilRefused(token) {
    for (let count = 0; count < 100; count += 1) {
      const headers = {
        Authorization: `Bearer ${token}`,
        "Content-Type": "application/json",
        Accept: "application/json",
      };
      const response = await fetch(`${broker.url}/Agent/Xmpp/GetRoster`, {
        method: "POST",
        headers,
        body: "{}",
      });
      await response.text();
      if (response.status === 401) return;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    assert.fail("the old token is still good");
  }

  test("takes over the newer token when its own is refused, and no other page gets it", async (t) => {
    const { profile, twin, stranger, old, newer } = await openTwins(t);
    await untilRefused(old);
    await startClient(twin);
    assert.equal(await tokenOf(twin), old);
    assert.ok((await call(twin, "Xmpp.GetRoster")).value);
    assert.equal(await tokenOf(twin), newer);
    assert.deepEqual(await eventsOf(twin), []);
    const heard = JSON.stringify(await stranger.evaluate(() => Reflect.get(globalThis, "heard")));
    assert.deepEqual([heard.includes(old), heard.includes(newer)], [false, false]);
    assert.deepEqual(profile.complaints(/^Failed to load resource.* 401 /), []);
  });

  test("reports the session as lost if the other tab has no session either", async (t) => {
    const { page, twin, old } = await openTwins(t);
    await startClient(twin);
    await page.evaluate(() => sessionStorage.clear());
    await untilRefused(old);
    assert.deepEqual(await call(twin, "Xmpp.GetRoster"), { code: "unauthorized" });
    assert.deepEqual(await untilEvent(twin, "lost refused"), ["lost refused"]);
  });

  test("is not answered once the other tab is another user's", async (t) => {
    const { page, twin, old } = await openTwins(t);
    await startClient(twin);
    await logIn(page, "bob");
    await untilRefused(old);
    assert.deepEqual(await call(twin, "Xmpp.GetRoster"), { code: "unauthorized" });
    assert.equal(await tokenOf(twin), null);
  });
});

test("no lock is held or waited for by a session, a refresh or a logout", async (t) => {
  const profile = await openProfile(t, browser, broker.url);
  const page = await profile.open();
  await startClient(page, { store: "local" });
  /** @returns {Promise<LockManagerSnapshot>} */
  const locks = () => page.evaluate(() => navigator.locks.query());
  const none = { held: [], pending: [] };
  await logIn(page, "alice");
  assert.deepEqual(await locks(), none);
  for (const operation of ["Refresh", "Logout"]) {
    // Nothing awaits the call until its request is let go: some drivers run one script at a time.
    await page.evaluate((operation) => {
      const client = Reflect.get(globalThis, "client");
      const { fetch } = globalThis;
      const held = new Promise((resolve) => {
        globalThis.fetch = async (...args) => {
          await new Promise((letGo) => resolve(letGo));
          return fetch(...args);
        };
      });
      const { Account } = client;
      const calling = operation === "Refresh" ? Account.Refresh(60) : Account.Logout();
      held.then((letGo) => Object.assign(globalThis, { letGo }));
      Object.assign(globalThis, { calling, fetchOfPage: fetch });
    }, operation);
    await page.waitForFunction(() => "letGo" in globalThis);
    assert.deepEqual(await locks(), none, `during ${operation}`);
    await page.evaluate(() => {
      globalThis.fetch = Reflect.get(globalThis, "fetchOfPage");
      Reflect.get(globalThis, "letGo")();
      Reflect.deleteProperty(globalThis, "letGo");
    });
    assert.ok(await page.evaluate(() => Reflect.get(globalThis, "calling")));
    assert.equal(namesOf(profile).at(-1), operation);
  }
  assert.deepEqual(profile.complaints(), []);
});

describe("a hidden page", () => {
  /** How a page notices that it is visible again. @type {[string, (page: Page) => Promise<unknown>][]} */
  const RETURNS = [
    ["seen again", (page) => setVisibility(page, "visible")],
    [
      "shown again",
      async (page) => {
        await setVisibility(page, "visible", false);
        await page.evaluate(() => dispatchEvent(new Event("pageshow")));
      },
    ],
    [
      "online again",
      async (page) => {
        await setVisibility(page, "visible", false);
        await goOffline(page);
      },
    ],
  ];

  test("differs from a visible one, whose token is refreshed automatically", async (t) => {
    const { profile, page } = await openWithClock(t, browser, broker.url);
    await logIn(page, "alice", LIFETIME_S);
    await moveClock(page, PAST_HALF_MS);
    await untilEvent(page, "refreshed");
    assert.deepEqual(namesOf(profile), ["Login", "Refresh"]);
    assert.deepEqual(profile.complaints(), []);
  });

  for (const [label, comeBack] of RETURNS) {
    test(`sends nothing, and refreshes its token once it is ${label}`, async (t) => {
      const { profile, page } = await openWithClock(t, browser, broker.url);
      await logIn(page, "alice", LIFETIME_S);
      await setVisibility(page, "hidden");
      await moveClock(page, PAST_HALF_MS);
      await untilSettled(page);
      assert.deepEqual(namesOf(profile), ["Login"]);
      await comeBack(page);
      await untilEvent(page, "refreshed");
      assert.deepEqual(namesOf(profile), ["Login", "Refresh"]);
      assert.deepEqual(await eventsOf(page), ["logged-in", "refreshed"]);
      assert.deepEqual(profile.complaints(), []);
    });

    test(`reports that its session has expired once it is ${label}, and sends nothing`, async (t) => {
      const { profile, page } = await openWithClock(t, browser, broker.url);
      await logIn(page, "alice", LIFETIME_S);
      await setVisibility(page, "hidden");
      await moveClock(page, PAST_END_MS);
      await untilSettled(page);
      assert.deepEqual(await eventsOf(page), ["logged-in"], "nobody is there to be told");
      await comeBack(page);
      await untilEvent(page, "lost expired");
      await untilSettled(page);
      assert.deepEqual(namesOf(profile), ["Login"]);
      assert.deepEqual(await eventsOf(page), ["logged-in", "lost expired"]);
      assert.equal(await page.evaluate(() => sessionStorage.length), 0);
      assert.deepEqual(profile.complaints(), []);
    });
  }

  test("also sends nothing for a session that began while it was hidden", async (t) => {
    const { profile, page } = await openWithClock(t, browser, broker.url);
    await setVisibility(page, "hidden");
    await logIn(page, "alice", LIFETIME_S);
    await moveClock(page, PAST_HALF_MS);
    await untilSettled(page);
    assert.deepEqual(namesOf(profile), ["Login"]);
    await setVisibility(page, "visible");
    await untilEvent(page, "refreshed");
    assert.deepEqual(profile.complaints(), []);
  });
});

test("a logout of one client does not end the session of a client with another storage", async (t) => {
  const context = await browser.newContext();
  t.after(() => context.close());
  const { page, complaints } = await openLibrary(context, broker.url);
  const events = await page.evaluate(async (password) => {
    const { AgentAPI, createAgentAPI } = /** @type {WithLibrary} */ (globalThis);
    const other = createAgentAPI({ store: "local" });
    /** @type {string[]} */
    const events = [];
    for (const { Account } of [AgentAPI, other]) await Account.Login("alice", password, 600);
    AgentAPI.Account.OnSessionChange(({ type }) => events.push(type));
    // It listens after the library would, so it hears when the library has heard.
    const channel = new BroadcastChannel("neuron-agent-api");
    const heard = new Promise((resolve) => (channel.onmessage = resolve));
    await other.Account.Logout();
    await heard;
    await AgentAPI.Account.Info();
    return events;
  }, broker.accounts.alice.password);
  assert.deepEqual(events, []);
  assert.deepEqual(complaints, []);
});
