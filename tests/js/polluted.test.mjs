// @ts-check
/** A polluted `Object.prototype` changes neither where a request goes nor what it holds. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { AgentAPI, AgentApiError, createAgentAPI } from "neuron-agent-api";
import { pause } from "../support/client.mjs";
import { fetchDouble } from "../support/fetch-double.mjs";
import { rejection, wrong } from "../support/rejection.mjs";
import { storeWithToken } from "../support/stores.mjs";

/** What a script of an attacker may have put there, by a merge of objects that it was given. @type {Record<string, unknown>} */
const POLLUTION = {
  host: "evil.example",
  secure: false,
  store: "local",
  prefix: "Evil",
  isDefault: true,
  fetch: "evil",
  headers: { Authorization: "Bearer evil", "X-Evil": "1" },
  encoding: "xml",
  attemptMs: 1,
  totalMs: 1,
  maxInFlight: 1,
  maxResponseBytes: 1,
  timeoutMs: 1,
  signal: { aborted: true, reason: "evil" },
  method: "PUT",
  body: "evil",
  mode: "no-cors",
  credentials: "include",
  redirect: "follow",
  referrer: "http://evil.example",
  referrerPolicy: "unsafe-url",
  cache: "force-cache",
  integrity: "evil",
  keepalive: true,
  dispatcher: {},
  duplex: "half",
  window: null,
  priority: "low",
  location: { protocol: "http:", host: "evil.example", origin: "http://evil.example" },
  origin: "http://evil.example",
  TabID: "evil",
  chrome: { runtime: { id: "evil" } },
  code: "ECONNREFUSED",
  cause: { code: "ECONNREFUSED" },
  status: 418,
  message: "evil",
  userName: "evil",
  broker: "evil",
  place: "evil",
  jwt: "evil.token",
  session: { "AgentAPI.Token": "evil.token" },
};

/**
 * @template T
 * @param {() => T | Promise<T>} act
 * @returns {Promise<T>}
 */
async function polluted(act) {
  const names = Object.keys(POLLUTION).filter((name) => !(name in Object.prototype));
  for (const name of names) {
    // As an assignment would do it, and not in the way of the test runner's own loops.
    Object.defineProperty(Object.prototype, name, {
      value: POLLUTION[name],
      configurable: true,
      writable: true,
      enumerable: false,
    });
  }
  try {
    return await act();
  } finally {
    for (const name of names) Reflect.deleteProperty(Object.prototype, name);
  }
}

/**
 * A request as `fetch` would read it.
 *
 * @typedef {object} Seen
 * @property {string} url
 * @property {import("../support/fetch-double.mjs").FetchOptions} init
 * @property {Record<string, unknown>} read what it finds by each of the names above
 * @property {Map<string, string>} headers
 * @property {boolean} hasPrototype
 */

/**
 * A `fetch` that records its requests.
 *
 * @param {unknown[]} answers in JSON, or an error to reject with
 */
function recordingFetch(answers) {
  /** @type {Seen[]} */
  const seen = [];
  const fetch = fetchDouble(async (url, init) => {
    const read = Object.fromEntries(Object.keys(POLLUTION).map((name) => [name, Reflect.get(init, name)]));
    const prototypes = [init, init.headers].map((each) => Object.getPrototypeOf(each));
    const hasPrototype = prototypes.some((prototype) => prototype !== null);
    seen.push({ url, init, read, headers: new Map(Object.entries(init.headers)), hasPrototype });
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return { status: 200, statusText: "", headers: new Headers(), text: async () => JSON.stringify(answer) };
  });
  return { seen, fetch };
}

/** What `fetch` may read of its options. */
const ALLOWED = { method: "POST", redirect: "manual" };

test("a client takes no option from a polluted prototype", async () => {
  const { seen, fetch } = recordingFetch([{ jwt: "the.token", expires: 0 }, { RosterItems: [] }]);
  const client = await polluted(async () => {
    const client = createAgentAPI({ host: "neuron.example", fetch, secure: undefined });
    await client.Account.Login("alice", "pw", 600);
    await client.Xmpp.GetRoster(0, 1, {});
    return client;
  });
  assert.equal(client.IO.GetBaseURL(), "https://neuron.example");
  assert.deepEqual(
    seen.map(({ url }) => url),
    ["https://neuron.example/Agent/Account/Login", "https://neuron.example/Agent/Xmpp/GetRoster"],
  );
  for (const { init, read, headers, hasPrototype } of seen) {
    assert.equal(hasPrototype, false, "the options of fetch, and its headers");
    for (const [name, value] of Object.entries(ALLOWED)) assert.equal(read[name], value);
    for (const name of [
      "credentials",
      "mode",
      "referrerPolicy",
      "cache",
      "integrity",
      "dispatcher",
      "referrer",
    ]) {
      assert.equal(read[name], undefined, name);
    }
    assert.deepEqual(
      [...headers.keys()].filter((name) => /evil/i.test(name)),
      [],
    );
    assert.equal(headers.get("Accept"), "application/json");
    assert.ok(init.signal instanceof AbortSignal);
  }
  assert.deepEqual(
    seen.map(({ headers }) => headers.get("Authorization")),
    [undefined, "Bearer the.token"],
  );
  client.dispose();
});

test("in a page, the options of fetch are set and not inherited", async () => {
  const { seen, fetch } = recordingFetch([{ domain: "a", useEncryption: true }]);
  const location = Object.getOwnPropertyDescriptor(globalThis, "location");
  const page = { protocol: "https:", host: "page.example", origin: "https://page.example" };
  Object.defineProperty(globalThis, "location", { value: page, configurable: true });
  try {
    await polluted(async () => {
      const client = createAgentAPI({ fetch });
      await client.Account.DomainInfo();
      client.dispose();
    });
  } finally {
    if (location) Object.defineProperty(globalThis, "location", location);
    else Reflect.deleteProperty(globalThis, "location");
  }
  const [{ url, read }] = seen;
  assert.equal(url, "https://page.example/Agent/Account/DomainInfo");
  const { method, body, mode, credentials, redirect, referrerPolicy, cache } = read;
  assert.deepEqual(
    { method, body, mode, credentials, redirect, referrerPolicy, cache },
    {
      method: "GET",
      body: undefined,
      mode: "cors",
      credentials: "omit",
      redirect: "manual",
      referrerPolicy: "no-referrer",
      cache: "no-store",
    },
  );
});

test("without a host and without a page, a polluted prototype does not set the broker", async () => {
  const error = await polluted(() => {
    const client = createAgentAPI();
    const login = rejection(client.Account.Login("alice", "pw", 600));
    return login.finally(() => client.dispose());
  });
  assert.equal(error.code, "no-host");
});

test("AgentAPI takes no options from a polluted prototype", async (context) => {
  const { seen, fetch } = recordingFetch([{ jwt: "the.token", expires: 0 }, { RosterItems: [] }, [1], {}]);
  context.mock.method(globalThis, "fetch", fetch);
  await polluted(async () => {
    assert.throws(() => AgentAPI.IO.GetHost(), { code: "no-host" });
    AgentAPI.IO.SetHost("neuron.example");
    await AgentAPI.Account.Login("alice", "pw", 600);
    await AgentAPI.Xmpp.GetRoster();
    await AgentAPI.IO.Request("/x", { a: 1 }, true, null, {});
    await AgentAPI.Account.Logout();
  });
  const bearer = "Bearer the.token";
  assert.deepEqual(
    seen.map(({ headers }) => headers.get("Authorization")),
    [undefined, bearer, bearer, bearer],
  );
  for (const { url, headers, read } of seen) {
    assert.ok(url.startsWith("https://neuron.example/"), url);
    assert.equal(headers.has("X-Evil"), false);
    assert.deepEqual([read.method, read.credentials], ["POST", undefined]);
  }
  AgentAPI.IO.SetHost(null);
});

test("limits and timeouts are not taken from a polluted prototype", async () => {
  const late = fetchDouble(async () => {
    await pause(20);
    const text = async () => '{"RosterItems":[]}';
    return { status: 200, statusText: "", headers: new Headers(), text };
  });
  const store = storeWithToken("neuron.example");
  const client = createAgentAPI({ host: "neuron.example", fetch: late, store });
  await polluted(async () => {
    client.IO.SetTimeout({});
    client.IO.SetLimits({});
    assert.deepEqual(await client.Xmpp.GetRoster(0, 1, {}), { RosterItems: [] });
  });
  client.dispose();
});

test("an error takes nothing from a polluted prototype", async () => {
  const lost = new TypeError("fetch failed");
  const { seen, fetch } = recordingFetch([lost]);
  const store = storeWithToken("neuron.example");
  await polluted(async () => {
    const client = createAgentAPI({ host: "neuron.example", fetch, store });
    const error = await rejection(client.Xmpp.SendTextMessage("bob@localhost", "Hi"));
    assert.deepEqual(
      [error.code, error.ambiguous, error.attempts],
      ["network", true, 1],
      "not taken for unsent",
    );
    assert.equal(error.cause, lost);
    assert.equal(Object.hasOwn(error, "status"), false);
    assert.equal(Object.hasOwn(AgentApiError.fromJSON(error.toJSON()), "status"), false);
    assert.throws(() => AgentApiError.fromJSON({}), { code: "invalid-argument" });
    const refused = await rejection(client.Xmpp.GetRoster(-1));
    assert.equal(Object.hasOwn(refused, "cause"), false);
    client.dispose();
  });
  assert.equal(seen.length, 1);
});

test("Children returns own properties only", () => {
  for (const name of ["__proto__", "constructor", "toString"]) {
    assert.deepEqual(AgentAPI.IO.Children(wrong({ a: {} }), name), [], name);
  }
  assert.deepEqual(AgentAPI.IO.Children(wrong({ toString: { __name: "toString" } }), "toString").length, 1);
});
