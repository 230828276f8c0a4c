// @ts-check
/**
 * A page loads the library as a classic script or as a module, from another origin than the
 * broker's, with and without a content security policy.
 */

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startBroker } from "../support/broker.mjs";
import { launchBrowser } from "../support/browser.mjs";
import { openPage } from "../support/page.mjs";
import { startPages } from "../support/pages.mjs";

/** @typedef {import("../support/page.mjs").WithLibrary} WithLibrary */

/** The policy of the README, and not more. */
const SUFFICIENT = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src *";
const WITHOUT_WASM = "default-src 'none'; script-src 'self'; connect-src *";

const CLASSIC = `<!doctype html><link rel="icon" href="data:," />
  <script src="/pkg/agentapi.global.js"></script>`;
const MODULE = `<!doctype html><link rel="icon" href="data:," />
  <script type="module" src="/module.js"></script>`;

const PAGES = {
  "/classic.html": { body: CLASSIC },
  "/classic-with-policy.html": { body: CLASSIC, policy: `${SUFFICIENT}; img-src data:` },
  "/classic-without-wasm.html": { body: CLASSIC, policy: `${WITHOUT_WASM}; img-src data:` },
  "/module.html": { body: MODULE },
  "/module-with-policy.html": { body: MODULE, policy: `${SUFFICIENT}; img-src data:` },
  "/module-without-wasm.html": { body: MODULE, policy: `${WITHOUT_WASM}; img-src data:` },
  "/module.js": {
    body: `import { AgentAPI, AgentApiError } from "/pkg/index.js";
      Object.assign(globalThis, { AgentAPI, AgentApiError });`,
  },
};

/** @type {import("../support/engines/types.js").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof startBroker>>} */
let broker;
/** @type {Awaited<ReturnType<typeof startPages>>} */
let pages;

before(async () => {
  [browser, broker, pages] = await Promise.all([launchBrowser(), startBroker(), startPages(PAGES)]);
});
after(() => Promise.all([browser.close(), broker.stop(), pages.stop()]));

for (const form of ["classic", "module"]) {
  describe(`a page that takes the library as ${form} script`, () => {
    for (const policy of ["", "-with-policy"]) {
      const under = policy ? "under the policy of the README" : "without a policy";

      test(`calls a broker of another origin ${under}`, async () => {
        const { page, requests, complaints } = await open(`${form}${policy}`);
        const answer = await page.evaluate(async ({ host, alice, bob }) => {
          const { AgentAPI } = /** @type {WithLibrary} */ (globalThis);
          AgentAPI.IO.SetHost(host, false);
          await AgentAPI.Account.Login(alice.userName, alice.password, 60);
          return AgentAPI.Xmpp.SendPresenceSubscription(bob.bareJid, "<a/>", "en", "sub-1");
        }, argumentsOfTheCall());
        assert.deepEqual(answer, {
          sent: true,
          id: "sub-1",
          RosterItem: {
            bareJid: "bob@localhost",
            pendingSubscription: true,
            status: "None",
            name: "",
            Groups: [],
          },
        });
        const calls = requests.filter((request) => request.url().startsWith(broker.url));
        assert.deepEqual(
          calls.map((request) => request.url().slice(broker.url.length)),
          ["/Agent/Account/Login", "/Agent/Xmpp/SendPresenceSubscription"],
        );
        for (const call of calls) {
          const { origin, referer, cookie } = await call.allHeaders();
          assert.deepEqual(
            { origin, referer, cookie },
            {
              origin: pages.url,
              referer: undefined,
              cookie: undefined,
            },
          );
        }
        assert.deepEqual(complaints, []);
        await page.context().close();
      });
    }

    test("does nothing until it is called", async () => {
      const { page, requests, complaints } = await open(`${form}-without-wasm`);
      assert.deepEqual(complaints, []);
      assert.ok(requests.every((request) => request.url().startsWith(`${pages.url}/`)));
      assert.equal(await page.evaluate(() => sessionStorage.length), 0);
      await page.context().close();
    });

    test("gets an error that names the keyword that its policy lacks", async () => {
      const { page, requests } = await open(`${form}-without-wasm`);
      const errors = await page.evaluate(async () => {
        const { AgentAPI, AgentApiError } = /** @type {WithLibrary} */ (globalThis);
        /** @type {unknown[]} */
        const caught = [];
        try {
          AgentAPI.IO.GetHost();
        } catch (error) {
          caught.push(error);
        }
        await AgentAPI.Account.DomainInfo().catch((/** @type {unknown} */ error) => caught.push(error));
        return caught.map((error) => AgentApiError.is(error) && /** @type {any} */ (error).toJSON());
      });
      assert.deepEqual(
        errors.map(({ code, operation }) => [code, operation]),
        [
          ["wasm-blocked", "IO.GetHost"],
          ["wasm-blocked", "Account.DomainInfo"],
        ],
      );
      for (const { message } of errors) assert.match(message, /script-src 'self' 'wasm-unsafe-eval'/);
      assert.equal(
        requests.some((request) => request.url().startsWith(broker.url)),
        false,
      );
      await page.context().close();
    });

    test("shares the session with the other form on one page", async () => {
      const { page } = await open(form);
      const roster = await page.evaluate(async ({ host, alice }) => {
        const { AgentAPI } = /** @type {WithLibrary} */ (globalThis);
        AgentAPI.IO.SetHost(host, false);
        await AgentAPI.Account.Login(alice.userName, alice.password, 60);
        const script = document.createElement("script");
        script.src = "/pkg/agentapi.global.js";
        await new Promise((resolve) => {
          script.onload = resolve;
          document.head.append(script);
        });
        const other = /** @type {WithLibrary} */ (globalThis).AgentAPI;
        if (other === AgentAPI) throw new Error("this is the same copy");
        return other.Xmpp.GetRoster();
      }, argumentsOfTheCall());
      assert.ok(Array.isArray(roster.RosterItems));
      await page.context().close();
    });
  });
}

test("a page of another origin sends a preflight once, and not before each call", async (t) => {
  const told = await startBroker("--verbose");
  t.after(() => told.stop());
  const { page } = await open("module");
  const options = await page.evaluate(
    async ({ host, alice }) => {
      const { AgentAPI } = /** @type {WithLibrary} */ (globalThis);
      const { fetch } = globalThis;
      /** @type {Set<string>} */
      const options = new Set();
      globalThis.fetch = (url, init) => {
        const { method, cache, credentials, redirect, referrerPolicy } = init ?? {};
        options.add(JSON.stringify({ method, cache, credentials, redirect, referrerPolicy }));
        return fetch(url, init);
      };
      AgentAPI.IO.SetHost(host, false);
      await AgentAPI.Account.DomainInfo();
      await AgentAPI.Account.Login(alice.userName, alice.password, 60);
      for (let count = 0; count < 20; count += 1) await AgentAPI.Xmpp.GetRoster();
      return [...options].map((text) => JSON.parse(text));
    },
    { host: told.host, ...told.accounts },
  );
  const confined = { credentials: "omit", redirect: "manual", referrerPolicy: "no-referrer" };
  // No cache keeps an answer to a POST.
  assert.deepEqual(options, [
    { method: "GET", cache: "no-store", ...confined },
    { method: "POST", ...confined },
  ]);
  const asked = told.output().match(/OPTIONS \/Agent\/Xmpp\/GetRoster/g) ?? [];
  // Where the broker says nothing of it, a permission is remembered for five seconds.
  assert.ok(asked.length <= 5, `${asked.length} times for 20 calls`);
  await page.context().close();
});

test("a page that applies for an identity shows its origin, but not its address", async () => {
  const { page } = await open("module");
  const agent = await page.evaluate(
    async ({ host, alice }) => {
      const { AgentAPI } = /** @type {WithLibrary} */ (globalThis);
      AgentAPI.IO.SetHost(host, false);
      await AgentAPI.Account.Login(alice.userName, alice.password, 60);
      const { Crypto, Legal } = AgentAPI;
      const [name, namespace, keyId, keyPassword] = [
        "ed25519",
        "urn:nf:iot:e2e:1.0",
        `${Math.random()}`,
        "kp",
      ];
      await Crypto.CreateKey(name, namespace, keyId, keyPassword, alice.password);
      const person = { FIRST: "Alice", LAST: "Liddell", COUNTRY: "GB" };
      const applied = await Legal.ApplyId(name, namespace, keyId, keyPassword, alice.password, person);
      const properties = AgentAPI.IO.Children(applied.Identity, "property");
      return properties.find((property) => property.name === "AGENT")?.value;
    },
    { host: broker.host, ...broker.accounts },
  );
  // The browser writes it into the header `Referer`, which no script can.
  assert.equal(agent, `${pages.url}/`);
  await page.context().close();
});

test("an error of the classic script's copy is recognised by the module's copy", async () => {
  const { page } = await open("module");
  const seen = await page.evaluate(async () => {
    const { AgentAPI, AgentApiError } = /** @type {WithLibrary} */ (globalThis);
    const script = document.createElement("script");
    script.src = "/pkg/agentapi.global.js";
    await new Promise((resolve) => {
      script.onload = resolve;
      document.head.append(script);
    });
    const other = /** @type {WithLibrary} */ (globalThis).AgentApiError;
    const error = await AgentAPI.Xmpp.SendPresenceSubscription(/** @type {any} */ (7)).catch(
      (/** @type {unknown} */ e) => e,
    );
    return [other !== AgentApiError, other.is(error), AgentApiError.is(error), other.is(new Error())];
  });
  assert.deepEqual(seen, [true, true, true, false]);
  await page.context().close();
});

/** @param {string} name */
async function open(name) {
  const watched = await openPage(browser, `${pages.url}/${name}.html`);
  await watched.page.waitForFunction(() => "AgentAPI" in globalThis);
  return watched;
}

function argumentsOfTheCall() {
  return { host: broker.host, ...broker.accounts };
}
