// @ts-check
/** Passwords and tokens are sent only where they must be, seen by what the browser sends. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startBroker } from "../support/broker.mjs";
import { launchBrowser } from "../support/browser.mjs";
import { openPage } from "../support/page.mjs";
import { startPages } from "../support/pages.mjs";

/** @typedef {import("../support/page.mjs").WithLibrary} WithLibrary */

const PASSWORD = "c4nary passwörd";
const COOKIE = "of-the-broker";

const PAGES = {
  "/page.html": {
    body: `<!doctype html><link rel="icon" href="data:," />
      <script src="/pkg/agentapi.global.js"></script>`,
  },
};

/** @type {import("../support/engines/types.js").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof startBroker>>} */
let broker;
/** @type {Awaited<ReturnType<typeof startBroker>>} */
let stranger;
/** @type {Awaited<ReturnType<typeof startPages>>} */
let pages;
before(async () => {
  [browser, broker, stranger, pages] = await Promise.all([
    launchBrowser(),
    startBroker("--account", `alice:${PASSWORD}`, "--account", "bob:x"),
    startBroker(),
    startPages(PAGES),
  ]);
});
after(() => Promise.all([browser.close(), broker.stop(), stranger.stop(), pages.stop()]));

for (const [label, store, encoding] of /** @type {const} */ ([
  ["the default client", undefined, "json"],
  ['a client with the store "local", in XML', "local", "xml"],
])) {
  test(`password and token of ${label} stay out of page, console, addresses and other origins`, async (t) => {
    const { page, sent, complaints } = await open(t);
    const settings = { host: broker.host, password: PASSWORD, store, encoding, stranger: stranger.url };
    const { jwt, codes } = await page.evaluate(journey, settings);
    assert.deepEqual(codes, { wrong: "unauthorized", cookie: "not-implemented", taken: "unauthorized" });

    const requests = await sent();
    const { texts, sockets } = await page.evaluate(() => Reflect.get(globalThis, "written"));
    const toBroker = requests.filter(({ url }) => new URL(url).origin === broker.url);
    const toStranger = requests.filter(({ url }) => new URL(url).origin === stranger.url);
    const logins = toBroker.filter(({ url }) => url.endsWith("/Login"));
    const bearers = requests.filter(({ headers }) => headers.authorization === `Bearer ${jwt}`);
    assert.equal(logins.length, 2);
    assert.equal(toStranger.length, 2);
    assert.ok(bearers.length >= 4, "the token was shown");
    assert.equal(sockets.length, 1);

    const secrets = [PASSWORD, "c4nary", Buffer.from(PASSWORD).toString("base64"), jwt, ...jwt.split(".")];
    for (const { postData } of logins) {
      // Found by their form, which is the same in JSON and in XML.
      secrets.push(...(String(postData).match(/[A-Za-z0-9+/]{32,}=*/g) ?? []));
    }
    assert.ok(secrets.length >= 3 + 4 + 2 * 2, "nonces and signatures were caught");

    const document = await page.evaluate(() => [
      window.document.documentElement.outerHTML,
      window.document.cookie,
      window.name,
      location.href,
      JSON.stringify(history.state),
      JSON.stringify(performance.getEntries()),
    ]);
    assert.ok(texts.join().includes("Account.Login"), "there was something in the console");
    const referrers = requests.map(({ headers }) => headers.referer ?? "");
    for (const text of [
      ...document,
      ...texts,
      ...sockets,
      ...referrers,
      ...requests.map(({ url }) => url),
      JSON.stringify(toStranger),
    ]) {
      for (const secret of secrets) assert.equal(text.includes(secret), false, `a secret in ${text}`);
    }

    for (const { url, headers } of requests) {
      if (headers.authorization) assert.equal(new URL(url).origin, broker.url, url);
    }
    // No page can keep cookies out of a WebSocket's handshake, which not all drivers report.
    const calls = [...toBroker, ...toStranger].filter(({ url }) => !url.endsWith("/ClientEventsWS"));
    for (const { url, headers } of calls) {
      assert.deepEqual([headers.referer, headers.cookie], [undefined, undefined], url);
    }
    for (const request of [...toBroker, ...toStranger]) {
      assert.equal(JSON.stringify(request).includes("c4nary"), false, request.url);
    }
    const kept = await page.evaluate(() => JSON.stringify([sessionStorage, localStorage]));
    assert.ok(kept.includes(jwt), "the token is where it is kept");
    assert.equal(kept.includes("c4nary"), false);
    assert.deepEqual(complaints(), []);
  });
}

test("a page of another origin would send the cookie and the referrer with plain fetch", async (t) => {
  const { page, sent } = await open(t);
  const url = `${broker.url}/favicon.svg`;
  await page.evaluate((url) => fetch(url, { mode: "no-cors", credentials: "include" }), url);
  const requests = await sent();
  const { cookie, referer } = requests.findLast((request) => request.url === url)?.headers ?? {};
  assert.deepEqual([cookie, referer], [`sid=${COOKIE}`, `${pages.url}/`]);
});

test("a page of the broker's own origin sends its cookie only to take over a session", async (t) => {
  const { page, sent, complaints } = await open(t, `${broker.url}/favicon.svg`);
  await page.evaluate(async (password) => {
    const { AgentAPI } = await import(new URL("/pkg/index.js", location.href).href);
    await AgentAPI.Account.Login("alice", password, 600);
    await AgentAPI.Xmpp.GetRoster();
    await AgentAPI.IO.Request("/Agent/Account/Info", {});
    await AgentAPI.Account.GetSessionToken().catch(() => {});
  }, PASSWORD);
  const requests = await sent();
  const calls = requests.filter(({ url }) => url.includes("/Agent/"));
  assert.deepEqual(
    calls.map(({ url, headers }) => [url.split("/").at(-1), headers.cookie, headers.referer]),
    [
      ["Login", undefined, undefined],
      ["GetRoster", undefined, undefined],
      ["Info", undefined, undefined],
      ["GetSessionToken", `sid=${COOKIE}`, undefined],
    ],
  );
  assert.deepEqual(complaints(), []);
});

/**
 * A page whose profile has a cookie of the broker's host.
 *
 * @param {import("node:test").TestContext} t
 */
async function open(t, url = `${pages.url}/page.html`) {
  const { page, requests, complaints } = await openPage(browser, url, async (page) => {
    await page.goto(`${broker.url}/favicon.svg`);
    await page.evaluate((value) => {
      // biome-ignore lint/suspicious/noDocumentCookie: WebKit has no other interface for it
      document.cookie = `sid=${value}`;
    }, COOKIE);
    await page.addInitScript(writeDown);
  });
  t.after(() => page.context().close());
  return {
    page,
    // But for calls that are to fail, and for the icon that a browser asks for by itself.
    complaints: () => complaints.filter((line) => !/^Failed to load resource.* (40[14]|501) /.test(line)),
    /** Requests as they went out: with what the browser adds. */
    sent: () =>
      Promise.all(
        requests.map(async (request) => ({
          url: request.url(),
          headers: await request.allHeaders(),
          postData: await request.postData(),
        })),
      ),
  };
}

/** Runs in the page, first of all: keeps what goes to the console and which sockets are opened. */
function writeDown() {
  /** @type {string[]} */
  const texts = [];
  /** @type {string[]} */
  const sockets = [];
  const write = (/** @type {any[]} */ values) => {
    for (const value of values) {
      texts.push(String(value), JSON.stringify(value) ?? "", `${value?.stack} ${value?.cause}`);
    }
  };
  for (const level of /** @type {const} */ (["debug", "log", "info", "warn", "error"])) {
    const original = console[level];
    console[level] = (...values) => {
      original.apply(console, values);
      write(values);
    };
  }
  addEventListener("error", ({ error }) => write([error]));
  addEventListener("unhandledrejection", ({ reason }) => write([reason]));
  globalThis.WebSocket = class extends WebSocket {
    /**
     * @param {string | URL} url
     * @param {string | string[]} [protocols]
     */
    constructor(url, protocols) {
      super(url, protocols);
      sockets.push(`${this.url} ${protocols}`);
    }
  };
  Object.assign(globalThis, { written: { texts, sockets } });
}

/**
 * Runs in the page: calls that succeed and calls that fail, with all written down that can be.
 *
 * @param {{
 *   host: string,
 *   password: string,
 *   store?: "local",
 *   encoding: import("neuron-agent-api").Encoding,
 *   stranger: string,
 * }} settings
 */
async function journey({ host, password, store, encoding, stranger }) {
  const { AgentAPI, createAgentAPI } = /** @type {WithLibrary} */ (globalThis);
  const client = store ? createAgentAPI({ host, secure: false, store }) : AgentAPI;
  client.IO.SetHost(host, false);
  client.IO.SetEncoding(encoding);
  client.IO.SetLogLevel("debug");
  const codeOf = (/** @type {Promise<unknown>} */ call) =>
    call.then(
      () => "none",
      (/** @type {import("neuron-agent-api").AgentApiError} */ error) => {
        console.log(error, JSON.stringify(error), error.stack, String(error.cause));
        return error.code;
      },
    );
  const wrong = await codeOf(client.Account.Login("alice", `${password}!`, 600));
  const { jwt } = await client.Account.Login("alice", password, 600);
  await client.Account.Info();
  await client.Xmpp.SendTextMessage("bob@localhost", "Hi");
  await client.Xmpp.GetRoster();
  await client.Xmpp.RegisterEventHandler("alert", "urn:example", null, "onAlert");
  const cookie = await codeOf(client.Account.GetSessionToken());
  // Another origin that would take whatever it is shown.
  await client.IO.Request(`${stranger}/Agent/Account/DomainInfo`);
  const taken = await codeOf(client.IO.Request(`${stranger}/Agent/Account/Info`, {}));
  return { jwt, codes: { wrong, cookie, taken } };
}
