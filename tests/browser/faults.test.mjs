// @ts-check
/**
 * Every method on a network on which every call fails in the same way: each settles in time, with
 * the documented code, and writes nothing to the console.
 */

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startBroker } from "../support/broker.mjs";
import { engine, launchBrowser } from "../support/browser.mjs";
import { openLibrary } from "../support/page.mjs";
import { OPEN, REFUSED } from "../support/refused.mjs";

/** @typedef {import("../support/page.mjs").WithLibrary} WithLibrary */

/**
 * What a call rejects with, by what goes wrong; and whether the broker may have done what it asked
 * for.
 *
 * @type {[fault: string, code: string, mayHaveArrived: boolean][]}
 */
const FAULTS = [
  ["reset", "network", true],
  ["lost", "network", true],
  ["truncate", "network", true],
  ["hang", "timeout", true],
  ["slow", "timeout", true],
  ["html", "bad-response", true],
  ["empty", "bad-response", true],
  ["wrong", "bad-response", true],
  ["big", "bad-response", true],
  ["status=429", "rate-limited", false],
  ["status=500", "server-error", true],
  ["status=503", "unavailable", false],
];

const BOB = "bob@localhost";

/** Calls of all methods whose requests go to the own broker. @type {Record<string, unknown[]>} */
const CALLS = {
  "Account.DomainInfo": [],
  "Account.Create": ["dave", "dave@example.org", "pw", "demo-key", "demo-secret", 600],
  "Account.GetSessionToken": [],
  "Account.VerifyEMail": ["alice@example.org", "123456"],
  "Account.VerifyPhoneNr": ["+46700000000", "123456"],
  "Account.ResendVerificationCodes": ["alice@example.org"],
  "Account.Login": ["alice", "wonderland", 600],
  "Account.QuickLogin": [600],
  "Account.WwwLogin": ["alice", "wonderland", 600],
  "Account.Refresh": [600],
  "Account.Logout": [],
  "Account.Recover": ["alice", null, null, "alice@example.org"],
  "Account.AuthenticateJwt": ["a.b.c"],
  "Account.Info": [],
  "Account.Transfer": ["ed448", "urn:nf:iot:e2e:1.0", "key", "key password", "password"],
  "Account.PrepareRemoteQuickLogin": [],
  "Account.RemoteReferences": [],
  "Xmpp.SendTextMessage": [BOB, "Hi"],
  "Xmpp.SendFormattedMessage": [BOB, "**Hi**"],
  "Xmpp.SendXmlMessage": [BOB, "<a/>"],
  "Xmpp.SendPresenceSubscription": [BOB],
  "Xmpp.SendPresenceUnsubscription": [BOB],
  "Xmpp.SendSubscriptionAccepted": [BOB],
  "Xmpp.SendSubscriptionDeclined": [BOB],
  "Xmpp.GetRoster": [],
  "Xmpp.GetRosterItem": [BOB],
  "Xmpp.SetRosterItem": [BOB, "Bob"],
  "Xmpp.RemoveRosterItem": [BOB],
  "Xmpp.PresenceProbe": [BOB],
  "Xmpp.InformationQuery": [`${BOB}/pc`, "get", "<ping xmlns='urn:xmpp:ping'/>"],
  "Xmpp.PopMessages": [],
  "Xmpp.ClearMessages": [],
  "Xmpp.RegisterEventHandler": ["alert", "urn:example", null, "handler"],
};

/** Methods that send no request of their own, or one to another broker over TLS. */
const ELSEWHERE = [
  "Account.OnSessionChange",
  "Account.RemoteQuickLogin",
  "Account.RestartActiveSession",
  "Account.XmlEncode",
  "Xmpp.OnMessage",
  "Xmpp.UnregisterEventHandler",
];

/** Which read, or only open a session, so that nothing is left open by a failure. */
const HARMLESS = [
  "Account.AuthenticateJwt",
  "Account.DomainInfo",
  "Account.GetSessionToken",
  "Account.Info",
  "Account.Login",
  "Account.QuickLogin",
  "Account.Refresh",
  "Account.RemoteReferences",
  "Account.WwwLogin",
  "Xmpp.GetRoster",
  "Xmpp.GetRosterItem",
  "Xmpp.PresenceProbe",
];

/** Whose answer is nothing, so that it can be no other. */
const WITHOUT_ANSWER = [
  "Account.Logout",
  "Account.Recover",
  "Account.ResendVerificationCodes",
  "Xmpp.RegisterEventHandler",
];

/**
 * Time for four attempts with their pauses, behind the six connections that a browser has, and under
 * the eyes of a driver that looks at each request.
 */
const TOTAL_MS = 20_000;
/** Where there is no answer; else one attempt has as much as all, for a browser queues requests. */
const ATTEMPT_MS = 400;
/** What a busy machine may add. */
const LATE_MS = 1_500;

/** @type {import("../support/engines/types.js").Browser} */
let browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

/**
 * In Firefox, pages that are busy at the same time delay each other's timers by seconds.
 */
const AT_A_TIME = process.env.ENGINE === "firefox" ? 1 : 3;

describe("on a network of nothing but", { concurrency: AT_A_TIME }, () => {
  for (const [fault, code, mayHaveArrived] of FAULTS) {
    test(`${fault}, every method settles in time with ${code}`, async (t) => {
      const spec = fault.includes("=") ? `${fault}:1` : `${fault}=1`;
      const broker = await startBroker("--fault", spec, "--block-after", "0");
      t.after(() => broker.stop());
      const { page, complaints } = await openLibrary(browser, `http://${broker.faultHost}`);
      t.after(() => page.context().close());
      const methods = await page.evaluate(() => {
        const { Account, Xmpp } = /** @type {WithLibrary} */ (globalThis).AgentAPI;
        const named = (/** @type {string} */ group, /** @type {object} */ of) =>
          Object.keys(of).map((name) => `${group}.${name}`);
        return [...named("Account", Account), ...named("Xmpp", Xmpp)].sort();
      });
      assert.deepEqual(methods, [...Object.keys(CALLS), ...ELSEWHERE].sort());

      const outcomes = await page.evaluate(callAll, {
        host: broker.host,
        faultHost: broker.faultHost,
        timeouts: { attemptMs: code === "timeout" ? ATTEMPT_MS : TOTAL_MS, totalMs: TOTAL_MS },
        calls: CALLS,
      });
      assert.equal(outcomes.length, Object.keys(CALLS).length);
      for (const { operation, error, value, elapsedMs } of outcomes) {
        const label = `${operation}: ${JSON.stringify(error ?? value)} after ${elapsedMs} ms`;
        assert.ok(elapsedMs < TOTAL_MS + LATE_MS, label);
        if (fault === "empty" && WITHOUT_ANSWER.includes(operation)) {
          assert.deepEqual(value, {}, label);
          continue;
        }
        // Then nothing shows that a short answer was cut.
        const isHalf = fault === "truncate" && !engine.detectsTruncation && error?.code === "bad-response";
        if (fault === "truncate" && OPEN.includes(operation)) {
          assert.ok(value || isHalf || [code, "not-found"].includes(error?.code), label);
          continue;
        }
        const refused = fault === "truncate" ? REFUSED[operation] : undefined;
        if (!isHalf) assert.equal(error?.code, refused ?? code, label);
        assert.equal(error.operation, operation);
        assert.ok(error.attempts >= 1 && error.attempts <= 4, label);
        const isOpen = mayHaveArrived && !refused && !HARMLESS.includes(operation);
        assert.equal(error.ambiguous, isOpen || undefined, label);
      }
      const own = complaints.filter((line) => !/^Failed to load resource/.test(line));
      assert.deepEqual(own, []);
    });
  }
});

test("a response of more than 8 MiB is refused by default", async (t) => {
  const broker = await startBroker("--fault", "big=1");
  t.after(() => broker.stop());
  const { page } = await openLibrary(browser, `http://${broker.faultHost}`);
  const outcome = await page.evaluate(() =>
    /** @type {WithLibrary} */ (globalThis).AgentAPI.Account.DomainInfo().catch(
      (/** @type {import("neuron-agent-api").AgentApiError} */ { code, message }) => ({ code, message }),
    ),
  );
  assert.ok("code" in outcome, "it was not refused");
  assert.equal(outcome.code, "bad-response");
  assert.match(outcome.message, /more than 8388608 bytes/);
  await page.context().close();
});

/**
 * Runs in the page. Each method has a client of its own, for some end their sessions; and those
 * that do have one of their own at the broker, too.
 *
 * @param {{
 *   host: string,
 *   faultHost: string,
 *   timeouts: object,
 *   calls: Record<string, unknown[]>,
 * }} settings
 */
async function callAll({ host, faultHost, timeouts, calls }) {
  const { createAgentAPI } = /** @type {WithLibrary} */ (globalThis);
  Reflect.set(globalThis, "handler", () => {});

  async function logIn() {
    const kept = new Map();
    const store = {
      getItem: (/** @type {string} */ key) => kept.get(key),
      setItem: (/** @type {string} */ key, /** @type {string} */ value) => kept.set(key, value),
      removeItem: (/** @type {string} */ key) => kept.delete(key),
    };
    const client = createAgentAPI({ host, secure: false, store });
    await client.Account.Login("alice", "wonderland", 600);
    return kept;
  }

  /** @param {Map<string, string>} session */
  function clientWith(session) {
    // The same broker, but under the other address, which it does not know.
    const kept = new Map(
      [...session]
        .filter(([key]) => !key.endsWith(".Broker"))
        .map(([key, value]) => [key.replace(host, faultHost), value]),
    );
    const store = {
      getItem: (/** @type {string} */ key) => kept.get(key),
      setItem: (/** @type {string} */ key, /** @type {string} */ value) => kept.set(key, value),
      removeItem: (/** @type {string} */ key) => kept.delete(key),
    };
    const client = createAgentAPI({ host: faultHost, secure: false, store, ...timeouts });
    client.IO.SetLimits({ maxResponseBytes: 100_000 });
    return client;
  }

  const [shared, ending, renewed] = await Promise.all([logIn(), logIn(), logIn()]);
  return Promise.all(
    Object.entries(calls).map(async ([operation, values]) => {
      const [group, name] = operation.split(".");
      const own = name === "Logout" ? ending : name === "Refresh" ? renewed : shared;
      const client = clientWith(own);
      const start = performance.now();
      const elapsedMs = () => Math.round(performance.now() - start);
      try {
        const value = await Reflect.get(client, group)[name](...values);
        return { operation, value, elapsedMs: elapsedMs() };
      } catch (error) {
        const json = /** @type {any} */ (error).toJSON?.() ?? { message: String(error) };
        return { operation, error: json, elapsedMs: elapsedMs() };
      }
    }),
  );
}
