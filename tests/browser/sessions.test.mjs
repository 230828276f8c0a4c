// @ts-check
/**
 * A session in tabs that are loaded again, opened side by side, hidden, put aside and brought back:
 * it goes on or ends in all of them as the README says, and nothing is sent for one that nobody sees.
 */

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startBroker } from "../support/broker.mjs";
import { launchBrowser, unlessIn } from "../support/browser.mjs";
import { until } from "../support/client.mjs";
import { complaintsOf, loadLibrary, openLibrary } from "../support/page.mjs";

/** @typedef {import("playwright-core").Page} Page */

/** The lifetime of a token whose age is that of the page's own clock, which the test moves. */
const LIFETIME_S = 600;
const PAST_HALF_MS = 301_000;
const PAST_END_MS = 601_000;

/** The browser asks for that by itself. */
const NO_ICON = /^Failed to load resource.* 404 /;

/** Tests of what only Playwright does with tabs. @param {string} what */
const onlyPlaywright = (what) => {
  const reason = `only Playwright ${what}`;
  return unlessIn({ firefox: reason, webkit: reason });
};
const takesPopUps = onlyPlaywright("takes over a tab that a page has opened");
const putsAside = onlyPlaywright("leaves a page and comes back to it as it was");
const tellsOfSockets = onlyPlaywright("tells of sockets that open and close");

/** @type {import("playwright-core").Browser} */
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
  test(`a page that is loaded again goes on with the session of ${label}`, async (t) => {
    const profile = await openProfile(t);
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

  // A tab that a page opens has a copy of its `sessionStorage`; any other tab has its `localStorage`.
  const wanted = options ? {} : takesPopUps;
  test(`a logout in one tab is one in those that share the session of ${label}`, wanted, async (t) => {
    const profile = await openProfile(t);
    const page = await profile.open();
    await startClient(page, options);
    const { jwt } = await logIn(page, "alice");
    const open = () => (options ? profile.open() : profile.openFrom(page));
    const others = [await open(), await open()];
    for (const other of others) {
      await startClient(other, options);
      assert.equal((await call(other, "Account.Info")).value.userName, "alice");
    }

    await call(page, "Account.Logout");
    for (const tab of [page, ...others]) await told(tab, "logged-out");
    assert.equal(profile.calls().at(-1)?.[0], "Logout");
    for (const other of others) {
      assert.deepEqual(await call(other, "Account.Refresh", 60), { code: "not-logged-in" });
      assert.deepEqual(await call(other, "Xmpp.GetRoster"), { code: "unauthorized" });
      assert.equal(await other.evaluate(() => sessionStorage.length + localStorage.length), 0);
    }
    const sent = profile.calls();
    const afterLogout = sent.slice(sent.findIndex(([name]) => name === "Logout") + 1);
    assert.deepEqual(afterLogout, [["GetRoster", undefined], ["GetRoster", undefined]]);
    assert.equal(sent.filter(([, shown]) => shown === `Bearer ${jwt}`).length, 3);
    for (const tab of [page, ...others]) {
      assert.equal((await told(tab, "logged-out")).filter((event) => event === "logged-out").length, 1);
    }
    assert.deepEqual(profile.complaints(/^Failed to load resource.* 401 /), []);
  });
}

test("a logout in one tab is none in those of another user or another broker", async (t) => {
  const elsewhere = await startBroker();
  t.after(() => elsewhere.stop());
  const profile = await openProfile(t);
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

describe("a tab that was duplicated", () => {
  /**
   * Two tabs with one session, of which the first has exchanged the token since; and a third of the
   * same origin, which hears what it can.
   *
   * @param {import("node:test").TestContext} t
   */
  async function openTwins(t) {
    const profile = await openProfile(t);
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
      const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json", Accept: "application/json" };
      const response = await fetch(`${broker.url}/Agent/Xmpp/GetRoster`, { method: "POST", headers, body: "{}" });
      await response.text();
      if (response.status === 401) return;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    assert.fail("the old token is still good");
  }

  test("takes over the newer token when its own is refused, and nobody else hears of it", async (t) => {
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

  test("tells that the session is lost when the other tab has none either", async (t) => {
    const { page, twin, old } = await openTwins(t);
    await startClient(twin);
    await page.evaluate(() => sessionStorage.clear());
    await untilRefused(old);
    assert.deepEqual(await call(twin, "Xmpp.GetRoster"), { code: "unauthorized" });
    assert.deepEqual(await told(twin, "lost refused"), ["lost refused"]);
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
  const profile = await openProfile(t);
  const page = await profile.open();
  await startClient(page, { store: "local" });
  /** @returns {Promise<LockManagerSnapshot>} */
  const locks = () => page.evaluate(() => navigator.locks.query());
  const none = { held: [], pending: [] };
  await logIn(page, "alice");
  assert.deepEqual(await locks(), none);
  for (const operation of ["Refresh", "Logout"]) {
    /** @type {(() => Promise<void>)[]} */
    const held = [];
    await page.route(`**/Account/${operation}`, (route) => held.push(() => route.continue()));
    // Not awaited: some drivers do one thing at a time.
    await page.evaluate((operation) => {
      const { Account } = Reflect.get(globalThis, "client");
      const calling = operation === "Refresh" ? Account.Refresh(60) : Account.Logout();
      Object.assign(globalThis, { calling });
    }, operation);
    await until(() => held.length === 1);
    assert.deepEqual(await locks(), none, `during ${operation}`);
    await held[0]();
    assert.ok(await page.evaluate(() => Reflect.get(globalThis, "calling")));
  }
  assert.deepEqual(profile.complaints(), []);
});

describe("a page that nobody sees", () => {
  /** What tells a page that it is back. @type {[string, (page: Page) => Promise<unknown>][]} */
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

  test("is told from one that is seen, whose token is exchanged by itself", async (t) => {
    const { profile, page } = await openWithClock(t);
    await logIn(page, "alice", LIFETIME_S);
    await page.clock.fastForward(PAST_HALF_MS);
    await told(page, "refreshed");
    assert.deepEqual(namesOf(profile), ["Login", "Refresh"]);
    assert.deepEqual(profile.complaints(), []);
  });

  for (const [label, comeBack] of RETURNS) {
    test(`sends nothing, and exchanges its token once it is ${label}`, async (t) => {
      const { profile, page } = await openWithClock(t);
      await logIn(page, "alice", LIFETIME_S);
      await setVisibility(page, "hidden");
      await page.clock.fastForward(PAST_HALF_MS);
      await pageHasSettled(page);
      assert.deepEqual(namesOf(profile), ["Login"]);
      await comeBack(page);
      await told(page, "refreshed");
      assert.deepEqual(namesOf(profile), ["Login", "Refresh"]);
      assert.deepEqual(await eventsOf(page), ["logged-in", "refreshed"]);
      assert.deepEqual(profile.complaints(), []);
    });

    test(`tells that its session is over once it is ${label}, and asks nobody`, async (t) => {
      const { profile, page } = await openWithClock(t);
      await logIn(page, "alice", LIFETIME_S);
      await setVisibility(page, "hidden");
      await page.clock.fastForward(PAST_END_MS);
      await pageHasSettled(page);
      assert.deepEqual(await eventsOf(page), ["logged-in"], "nobody is there to be told");
      await comeBack(page);
      await told(page, "lost expired");
      await pageHasSettled(page);
      assert.deepEqual(namesOf(profile), ["Login"]);
      assert.deepEqual(await eventsOf(page), ["logged-in", "lost expired"]);
      assert.equal(await page.evaluate(() => sessionStorage.length), 0);
      assert.deepEqual(profile.complaints(), []);
    });
  }

  test("sends nothing for a session either that began behind its back", async (t) => {
    const { profile, page } = await openWithClock(t);
    await setVisibility(page, "hidden");
    await logIn(page, "alice", LIFETIME_S);
    await page.clock.fastForward(PAST_HALF_MS);
    await pageHasSettled(page);
    assert.deepEqual(namesOf(profile), ["Login"]);
    await setVisibility(page, "visible");
    await told(page, "refreshed");
    assert.deepEqual(profile.complaints(), []);
  });
});

describe("a page that was left, and kept by the browser", putsAside, () => {
  /** @type {import("playwright-core").Browser} */
  let keeping;
  before(async () => {
    keeping = await launchBrowser({ without: ["--disable-back-forward-cache"] });
  });
  after(() => keeping.close());

  // Lifetimes that can be waited for: the clock that a test moves stands still in a page that is kept.
  // A busy machine has some seconds to leave the page, and to come back.
  for (const [label, seconds, awayMs, type, requests] of /** @type {const} */ ([
    ["past half of its token's life, exchanges it", 6, 3_200, "refreshed", ["Login", "Refresh"]],
    ["past the end of its token, tells so", 4, 4_200, "lost expired", ["Login"]],
  ])) {
    test(`is kept with its session, and when it comes back ${label}`, async (t) => {
      const profile = await openProfile(t, keeping);
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
      await told(page, type);
      assert.deepEqual(namesOf(profile), requests);
      assert.deepEqual(await eventsOf(page), ["logged-in", type]);
      assert.deepEqual(profile.complaints(), []);
    });
  }

  test("hears of the logout that it missed, or is loaded anew without a session", async (t) => {
    const profile = await openProfile(t, keeping);
    const [kept, leaving] = [await profile.open(), await profile.open()];
    for (const page of [kept, leaving]) await startClient(page, { store: "local" });
    await logIn(kept, "alice");
    await kept.goto(`${broker.url}/favicon.svg?next`);
    await call(leaving, "Account.Logout");
    await goBack(kept);
    if (await kept.evaluate(() => "events" in globalThis)) {
      await told(kept, "logged-out");
    } else {
      await loadLibrary(kept);
      await startClient(kept, { store: "local" });
    }
    assert.deepEqual(await call(kept, "Account.Refresh", 60), { code: "not-logged-in" });
    assert.deepEqual(namesOf(profile), ["Login", "Logout"]);
    assert.deepEqual(profile.complaints(), []);
  });
});

test("nothing goes on of a client after its end, whatever happens to the page", tellsOfSockets, async (t) => {
  const { profile, page } = await openWithClock(t, { store: "local", maxInFlight: 2 });
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

  await page.clock.fastForward(PAST_HALF_MS);
  await setVisibility(page, "hidden");
  await setVisibility(page, "visible");
  await goOffline(page);
  await page.evaluate((url) => {
    dispatchEvent(new Event("pageshow"));
    const logout = { broker: url, userName: "alice", place: "local AgentAPI" };
    new BroadcastChannel("neuron-agent-api").postMessage(logout);
  }, broker.url);
  await page.clock.fastForward(PAST_END_MS);
  await pageHasSettled(page);
  assert.deepEqual(namesOf(profile), sent);
  assert.equal(sockets, 0);
  assert.deepEqual(await eventsOf(page), ["logged-in"]);
  assert.ok(await page.evaluate(() => localStorage.length), "what is kept of the session stays");
  assert.deepEqual(profile.complaints(), []);
});

/**
 * A profile in which all tabs are watched, those too that a page opens.
 *
 * @param {import("node:test").TestContext} t
 * @param {import("playwright-core").Browser} [where]
 */
async function openProfile(t, where = browser) {
  const context = await where.newContext();
  t.after(() => context.close());
  /** @type {import("playwright-core").Request[]} */
  const requests = [];
  /** @type {string[][]} */
  const complaints = [];
  return {
    /** @param {RegExp} [expected] what they had a reason to complain of */
    complaints: (expected = NO_ICON) =>
      complaints.flat().filter((line) => !NO_ICON.test(line) && !expected.test(line)),
    /** The resources that were asked for, and the token that was shown. */
    calls: () =>
      requests
        .filter((request) => /\/Agent\//.test(request.url()))
        .map((request) => [request.url().split("/").at(-1), request.headers().authorization]),
    /** @param {import("../support/page.mjs").Options} [options] */
    async open({ prepare } = {}) {
      const watched = await openLibrary(context, broker.url, {
        async prepare(page) {
          page.on("request", (request) => requests.push(request));
          await prepare?.(page);
        },
      });
      complaints.push(watched.complaints);
      return watched.page;
    },
    /**
     * A tab that a page opens has a copy of its `sessionStorage`.
     *
     * @param {Page} opener
     */
    async openFrom(opener) {
      const [page] = await Promise.all([
        context.waitForEvent("page"),
        opener.evaluate(() => void window.open(location.href)),
      ]);
      page.on("request", (request) => requests.push(request));
      complaints.push(complaintsOf(page));
      await page.waitForLoadState();
      await loadLibrary(page);
      return page;
    },
  };
}

/**
 * A page whose clock the test moves, as sleep does. The broker's goes on as it is.
 *
 * @param {import("node:test").TestContext} t
 * @param {object} [options] of the client
 */
async function openWithClock(t, options) {
  const profile = await openProfile(t);
  const page = await profile.open({ prepare: (page) => page.clock.install() });
  await startClient(page, options);
  return { profile, page };
}

/**
 * Makes the client of a page, which writes down what it tells of its session.
 *
 * @param {Page} page
 * @param {object} [options] of `createAgentAPI`, for another client than `AgentAPI`
 */
async function startClient(page, options) {
  await page.evaluate((options) => {
    const { AgentAPI, createAgentAPI } = /** @type {any} */ (globalThis);
    const client = options ? createAgentAPI(options) : AgentAPI;
    /** @type {string[]} */
    const events = [];
    client.Account.OnSessionChange((/** @type {any} */ { type, reason }) =>
      events.push(reason ? `${type} ${reason}` : type),
    );
    Object.assign(globalThis, { client, events });
  }, options);
}

/**
 * @param {Page} page
 * @param {string} operation
 * @param {...unknown} args
 * @returns {Promise<{ value?: any, code?: string }>}
 */
async function call(page, operation, ...args) {
  return page.evaluate(
    async ({ operation, args }) => {
      const [group, name] = operation.split(".");
      try {
        return { value: await Reflect.get(globalThis, "client")[group][name](...args) };
      } catch (error) {
        return { code: /** @type {any} */ (error).code };
      }
    },
    { operation, args },
  );
}

/**
 * @param {Page} page
 * @param {"alice" | "bob"} name
 */
async function logIn(page, name, seconds = LIFETIME_S) {
  const { userName, password } = broker.accounts[name];
  const { value, code } = await call(page, "Account.Login", userName, password, seconds);
  assert.equal(code, undefined);
  return value;
}

/** @param {Page} page @returns {Promise<string[]>} */
const eventsOf = (page) => page.evaluate(() => Reflect.get(globalThis, "events"));

/** @param {{ calls: () => (string | undefined)[][] }} profile */
const namesOf = (profile) => profile.calls().map(([name]) => name);

/**
 * Waits until the client has told that, and returns all that it has told.
 *
 * @param {Page} page
 * @param {string} type
 */
async function told(page, type) {
  await until(async () => (await eventsOf(page)).includes(type), `"${type}"`);
  return eventsOf(page);
}

/**
 * Has the network go and come back.
 *
 * @param {Page} page
 */
async function goOffline(page) {
  // Which others have no way to cut.
  if (!("setOffline" in page.context())) {
    return page.evaluate(() => {
      for (const type of ["offline", "online"]) dispatchEvent(new Event(type));
    });
  }
  await page.context().setOffline(true);
  await page.context().setOffline(false);
}

/**
 * Drivers keep every page visible, so the page is told otherwise.
 *
 * @param {Page} page
 * @param {"visible" | "hidden"} state
 */
async function setVisibility(page, state, isAnnounced = true) {
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
 * A page that was kept is not loaded, so there is no event to wait for.
 *
 * @param {Page} page
 */
async function goBack(page) {
  await page.goBack({ waitUntil: "commit" });
  await page.waitForURL((url) => url.search === "", { waitUntil: "commit" });
}

/**
 * Waits for a request that comes after all that the page has begun, so that those are seen.
 *
 * @param {Page} page
 */
async function pageHasSettled(page) {
  await page.evaluate(async () => void (await fetch("/favicon.svg?fence")).text());
}

test("a logout is one in a tab, too, that has a copy of the session and has not called yet", takesPopUps, async (t) => {
  const context = await browser.newContext();
  t.after(() => context.close());
  const { page } = await openLibrary(context, broker.url);
  const { jwt } = await page.evaluate((password) => {
    const { AgentAPI } = /** @type {any} */ (globalThis);
    return AgentAPI.Account.Login("alice", password, 600);
  }, broker.accounts.alice.password);

  const [copy] = await Promise.all([
    context.waitForEvent("page"),
    page.evaluate(() => void window.open(location.href)),
  ]);
  await copy.waitForLoadState();
  await loadLibrary(copy);
  await copy.evaluate(() => {
    /** @type {string[]} */
    const events = [];
    const { AgentAPI } = /** @type {any} */ (globalThis);
    AgentAPI.Account.OnSessionChange((/** @type {any} */ { type }) => events.push(type));
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
    Reflect.get(globalThis, "AgentAPI").Xmpp.GetRoster().catch(() => {}),
  );
  const events = await copy.evaluate(() => Reflect.get(globalThis, "events"));
  assert.equal(shown.includes(`Bearer ${jwt}`), false, `the dead token was sent; told: ${events}`);
  assert.deepEqual(events, ["logged-out"]);
});

test("a logout with one client ends no session that another keeps elsewhere", async (t) => {
  const context = await browser.newContext();
  t.after(() => context.close());
  const { page, complaints } = await openLibrary(context, broker.url);
  const events = await page.evaluate(async (password) => {
    const { AgentAPI, createAgentAPI } = /** @type {any} */ (globalThis);
    const other = createAgentAPI({ store: "local" });
    /** @type {string[]} */
    const events = [];
    for (const { Account } of [AgentAPI, other]) await Account.Login("alice", password, 600);
    AgentAPI.Account.OnSessionChange((/** @type {any} */ { type }) => events.push(type));
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
