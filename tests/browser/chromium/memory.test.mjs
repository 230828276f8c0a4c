// @ts-check
/** A page that stays open for weeks: its memory must not grow with the number of calls. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startBroker } from "../../support/broker.mjs";
import { launchChromium } from "../../support/engines/chromium.mjs";
import { openPage } from "../../support/page.mjs";
import { startPages } from "../../support/pages.mjs";

/** @typedef {import("../../support/page.mjs").WithLibrary} WithLibrary */

const PAGES = {
  "/page.html": {
    body: `<!doctype html><link rel="icon" href="data:," />
      <script src="/memory.js"></script>
      <script src="/pkg/agentapi.global.js"></script>`,
  },
  // The library keeps its memory to itself, so it is caught at its making.
  "/memory.js": {
    body: `WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
        construct(Instance, args) {
          const instance = new Instance(...args);
          globalThis.wasmMemory = instance.exports.memory;
          return instance;
        },
      });`,
  },
};

/** Until caches have their size, and the engine has optimised what is hot. */
const WARM_UP_CALLS = 5_000;

/**
 * How much a heap may grow over the measured calls, in bytes.
 *
 * That of the scripts was seen to grow by 10 to 18 KB, however many the calls, from code that the
 * engine compiles late. The least leak that there can be, one forgotten pointer a call, makes 80 KB
 * of 10,000 calls. That of the browser, which holds signals and responses, goes up and down by
 * 450 KB at rest; one forgotten signal a call makes more than 1 MB.
 */
const TOLERANCE = { script: 60_000, browser: 700_000 };

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof startBroker>>} */
let broker;
/** @type {Awaited<ReturnType<typeof startPages>>} */
let pages;

before(async () => {
  [browser, broker, pages] = await Promise.all([launchChromium(), startBroker(), startPages(PAGES)]);
});
after(() => Promise.all([browser.close(), broker.stop(), pages.stop()]));

test("10,000 calls leave no memory behind", async (t) => {
  const { page, measure } = await open();
  // An answer at once, so that the calls are the library's work alone.
  await page.evaluate(() => {
    const answer = JSON.stringify({
      sent: true,
      id: "1",
      RosterItem: {
        bareJid: "bob@localhost",
        pendingSubscription: true,
        status: "None",
        name: "Bob",
        Groups: ["Friends"],
      },
    });
    globalThis.fetch = async () => new Response(answer);
    sessionStorage.setItem("AgentAPI.Token", "token");
  });
  await calls(page, WARM_UP_CALLS);
  const before = await measure();
  await calls(page, 10_000);
  assertFlat(t, before, await measure(), "script", "browser");
  await page.context().close();
});

test("10,000 calls that fail leave no memory behind", async (t) => {
  const { page, measure } = await open();
  await page.evaluate(() => {
    globalThis.fetch = async () => new Response("no", { status: 500 });
    sessionStorage.setItem("AgentAPI.Token", "token");
  });
  await calls(page, WARM_UP_CALLS);
  const before = await measure();
  await calls(page, 10_000);
  assertFlat(t, before, await measure(), "script", "browser");
  await page.context().close();
});

test("1,000 calls of the real broker leave no memory behind", async (t) => {
  const { page, measure } = await open();
  await page.evaluate(
    async ({ host, alice }) => {
      const { AgentAPI } = /** @type {WithLibrary} */ (globalThis);
      AgentAPI.IO.SetHost(host, false);
      await AgentAPI.Account.Login(alice.userName, alice.password, 3600);
    },
    { host: broker.host, ...broker.accounts },
  );
  // Fewer, because they take longer: after them the growth of a thousand is that of late compilation no more.
  await calls(page, 1_500);
  const before = await measure();
  await calls(page, 1_000);
  // Not the browser's own: while it is driven from outside it keeps some hundred bytes of each real
  // request, also of other code.
  assertFlat(t, before, await measure(), "script");
  await page.context().close();
});

async function open() {
  const { page } = await openPage(browser, `${pages.url}/page.html`);
  const session = await page.context().newCDPSession(page);
  return {
    page,
    async measure() {
      // The second collection takes what finalizers of the first set free.
      await session.send("HeapProfiler.collectGarbage");
      await session.send("HeapProfiler.collectGarbage");
      const heap = await session.send("Runtime.getHeapUsage");
      const wasm = await page.evaluate(() => Reflect.get(globalThis, "wasmMemory").buffer.byteLength);
      return { script: heap.usedSize, browser: heap.embedderHeapUsedSize, wasm };
    },
  };
}

/**
 * Makes that many calls, ten at a time, each with all arguments and with a signal that outlives it.
 *
 * @param {import("playwright-core").Page} page
 * @param {number} count
 */
async function calls(page, count) {
  await page.evaluate(async (count) => {
    const shared = /** @type {WithLibrary & { controller?: AbortController }} */ (globalThis);
    shared.controller ??= new AbortController();
    const options = { signal: shared.controller.signal, timeoutMs: 600_000 };
    const call = () =>
      shared.AgentAPI.Xmpp.SendPresenceSubscription(
        "bob@localhost",
        "<nick xmlns='http://jabber.org/protocol/nick'>Alice</nick>",
        "en",
        "sub-1",
        options,
      ).catch((/** @type {{ code: string }} */ error) => {
        if (error.code !== "server-error") throw error;
      });
    for (let made = 0; made < count; made += 10) await Promise.all(Array.from({ length: 10 }, call));
  }, count);
}

/**
 * @param {import("node:test").TestContext} t
 * @param {Record<"script" | "browser" | "wasm", number>} before
 * @param {Record<"script" | "browser" | "wasm", number>} after
 * @param {("script" | "browser")[]} heaps
 */
function assertFlat(t, before, after, ...heaps) {
  for (const heap of heaps) {
    const growth = after[heap] - before[heap];
    t.diagnostic(`${heap} heap: ${growth} bytes more than ${before[heap]}`);
    assert.ok(growth < TOLERANCE[heap], `the ${heap} heap grew by ${growth} from ${before[heap]} bytes`);
  }
  // A module's own memory never shrinks, so it must have had its size before.
  assert.equal(after.wasm, before.wasm);
}
