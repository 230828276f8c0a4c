// @ts-check
/** Hosts that lack globals or have them from another realm, such as test environments. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, beforeEach, describe, test } from "node:test";
import vm from "node:vm";
import { createAgentAPI } from "neuron-agent-api";
import { Decoder } from "../../src/loader/text-decoder.js";
import { Encoder } from "../../src/loader/text-encoder.js";
import { json, startRecorder, text } from "../support/recorder.mjs";
import { storeWithToken } from "../support/stores.mjs";

const script = readFileSync(new URL("../../pkg/agentapi.global.js", import.meta.url), "latin1");

/** @type {Awaited<ReturnType<typeof startRecorder>>} */
let server;
before(async () => {
  server = await startRecorder();
});
after(() => server.stop());
beforeEach(() => server.reset());

/** What a realm of jsdom has, as Jest makes it, with a `fetch` of the test's. */
const JSDOM = { AbortController, clearTimeout, crypto, fetch, queueMicrotask, setTimeout };

/** @param {Record<string, unknown>} globals */
function clientIn(globals) {
  const realm = vm.createContext({ ...globals });
  vm.runInContext(script, realm);
  return realm.createAgentAPI({ host: server.host, secure: false, store: storeWithToken(server.host) });
}

describe("without TextEncoder and TextDecoder, as in jsdom", () => {
  const NAME = "Zoë 🥪 \u{10ffff} ".repeat(20);

  test("texts of all kinds are sent and received unchanged", async () => {
    const client = clientIn(JSDOM);
    server.always(
      json({ bareJid: "bob@example.org", pendingSubscription: false, status: "None", name: NAME }),
    );
    for (const encoding of ["json", "xml"]) {
      client.IO.SetEncoding(encoding);
      if (encoding === "xml") {
        const item = `<RosterItem xmlns="https://waher.se/Schema/BrokerAgent.xsd" bareJid="bob@example.org" pendingSubscription="false" status="None" name="${NAME}"/>`;
        server.always(text(`\ufeff${item}`, 200, "text/xml"));
      }
      const { name } = await client.Xmpp.SetRosterItem("bob@example.org", NAME);
      assert.equal(name, NAME);
      assert.ok(server.requests.at(-1)?.body.includes(NAME));
    }
    await assert.rejects(client.Xmpp.SetRosterItem("bob@example.org", "\ud83e"), {
      code: "invalid-argument",
      message: /contains an unpaired surrogate/,
    });
    client.dispose();
  });

  test("the replacements behave like the originals", () => {
    const real = { TextDecoder: globalThis.TextDecoder };
    Reflect.deleteProperty(globalThis, "TextDecoder");
    const decoder = new Decoder();
    Object.assign(globalThis, real);
    const encoder = new Encoder();
    for (const each of [
      "",
      "a",
      "\0\x7f\x80\xff",
      NAME,
      "\ufeffa",
      "\ud83e",
      "a\udd6ab\ud83e\ud83e\udd6a",
      "%41&",
    ]) {
      const bytes = new TextEncoder().encode(each);
      assert.deepEqual(encoder.encode(each), bytes);
      assert.equal(decoder.decode(bytes), new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes));
    }
    assert.equal(decoder.decode(), "");
  });
});

describe("with signals of another realm", () => {
  /** As jsdom's, which Node's `fetch` refuses. */
  class ForeignController {
    signal = Object.assign(new EventTarget(), { aborted: false, reason: /** @type {unknown} */ (undefined) });
    abort(reason = new Error("aborted")) {
      Object.assign(this.signal, { aborted: true, reason });
      this.signal.dispatchEvent(new Event("abort"));
    }
  }
  /** As that of Node 24; Node 20 takes whatever can be listened to. */
  class StrictRequest extends Request {
    /** @param {string} url @param {RequestInit} [options] */
    constructor(url, options) {
      if (options?.signal && !(options.signal instanceof AbortSignal))
        throw new TypeError("no signal of mine");
      super(url, options);
    }
  }
  const strictFetch = async (/** @type {string} */ url, /** @type {RequestInit} */ options) =>
    fetch(new StrictRequest(url, options));
  const globals = {
    ...{ ...JSDOM, TextDecoder, TextEncoder },
    ...{ AbortController: ForeignController, Request: StrictRequest, fetch: strictFetch },
  };

  for (const [label, given] of [
    ["where fetch is the global one", globals],
    [
      "where there is no Request",
      { ...globals, Request: undefined, fetch: async () => Response.json({ RosterItems: [] }) },
    ],
  ]) {
    test(`a call is answered ${label}`, async () => {
      const client = clientIn(/** @type {any} */ (given));
      server.always(json({ RosterItems: [] }));
      assert.equal(JSON.stringify(await client.Xmpp.GetRoster()), '{"RosterItems":[]}');
      client.dispose();
    });
  }

  test("a call can be aborted by a signal of its realm or of ours, and can time out", async () => {
    const client = clientIn(globals);
    server.always(() => {});
    for (const controller of [new ForeignController(), new AbortController()]) {
      const reason = new Error("enough");
      const call = client.Xmpp.GetRoster(0, 1, { signal: controller.signal });
      controller.abort(reason);
      await assert.rejects(call, { code: "aborted", cause: reason });
    }
    await assert.rejects(client.Xmpp.GetRoster(0, 1, { timeoutMs: 30 }), { code: "timeout" });
    client.dispose();
  });

  test("the package's own signal is passed to fetch if the host accepts it", async () => {
    /** @type {(AbortSignal | null | undefined)[]} */
    const signals = [];
    const client = createAgentAPI({
      host: server.host,
      secure: false,
      store: storeWithToken(server.host),
      fetch: (url, options) => {
        signals.push(options?.signal);
        return fetch(url, options);
      },
    });
    server.always(json({ RosterItems: [] }));
    await client.Xmpp.GetRoster();
    assert.ok(signals[0] instanceof AbortSignal);
    client.dispose();
  });
});

describe("a missing feature of the host is named, with what to do about it", () => {
  for (const [name, says] of /** @type {[string, RegExp][]} */ ([
    ["fetch", /no fetch here.*createAgentAPI\(\{ fetch \}\)/],
    ["AbortController", /no AbortController/],
  ])) {
    test(name, async () => {
      const client = clientIn({ ...JSDOM, [name]: undefined });
      await assert.rejects(client.Xmpp.GetRoster(), { code: "unsupported", message: says, attempts: 1 });
      client.dispose();
    });
  }

  test("crypto", async () => {
    const client = clientIn({ ...JSDOM, crypto: undefined });
    await assert.rejects(client.Account.Login("alice", "secret", 60), {
      code: "unsupported",
      message: /no crypto\.getRandomValues here/,
    });
    client.dispose();
  });
});
