// @ts-check
/**
 * What belongs to one client and outlives an instance of the module: what it keeps, who listens, its
 * alarm, its choices. The module asks here for all of it.
 */

import { readBody } from "./body.js";
import { announce, listen } from "./channel.js";
import { Hooks } from "./hooks.js";
import { Alarm } from "./page.js";
import { choose, pageStorage, shared, Store } from "./store.js";
import { Twins } from "./twins.js";
import { get, own } from "./value.js";

/** Under which the name of the channel of the session's copies is kept. */
const TWINS = "AgentAPI.Twins";

/** Before the connection stood: nothing can have been sent. The words are Node's and Bun's. */
const UNSENT = [
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
  "ConnectionRefused",
];

/**
 * @typedef {object} Choices
 * @property {"session" | "local" | "memory" | import("./store.js").CallersStore} [store]
 * @property {string} [prefix]
 * @property {typeof globalThis.fetch} [fetch]
 * @property {Record<string, string>} [headers]
 * @property {boolean} [isDefault] whether it is `AgentAPI` itself
 */

export class Host {
  #choices;
  #store;
  /** What a client of its own was made with is not its session, and is not kept. @type {Store} */
  #settings;
  #sessionKeys = new Set();
  /** Where a page keeps the session: who else keeps it there has the same. */
  #place;
  /** @type {Twins | undefined} */
  #twins;
  /** @type {Set<WebSocket>} */
  #sockets = new Set();
  #alarm = new Alarm(() => this.onAlarm?.());
  /** @type {(() => void) | undefined} */
  #deafen;
  hooks = new Hooks();
  isDisposed = false;
  /** Milliseconds and counts that were chosen; see `AgentAPI.IO`. @type {Record<string, number>} */
  limits = own({});
  /** @type {(() => void) | undefined} */
  onAlarm;
  /** @type {((logout: import("./channel.js").Logout) => void) | undefined} */
  onLogout;

  /** @param {Choices} choices */
  constructor(choices) {
    this.#choices = own(choices);
    const { store = "memory", prefix = "AgentAPI", isDefault = false } = this.#choices;
    const isInTab = store === "session" && pageStorage("sessionStorage") !== undefined;
    this.hasPageStorage =
      isInTab || (store === "local" && pageStorage("localStorage") !== undefined);
    if (isInTab) this.#twins = new Twins(() => this.#session());
    this.#place = this.hasPageStorage ? `${store} ${prefix}` : "";
    const backing = choose(store, isDefault ? shared() : new Map());
    this.#store = new Store(backing, prefix);
    this.#settings = isDefault ? this.#store : new Store(choose("memory", new Map()), prefix);
  }

  /** @param {string[]} sessionKeys */
  open(sessionKeys) {
    this.#sessionKeys = new Set(sessionKeys);
    return this.#store.open(sessionKeys);
  }

  /** @param {string} key */
  load(key) {
    return this.#storeFor(key).load(key);
  }

  /** @param {string[]} list keys, and after each its text; of the session, or all not */
  write(list) {
    this.#storeFor(list[0]).write(list);
  }

  /** Waits until what was written of the session is kept, and what was to be forgotten is not. */
  flush() {
    return this.#store.flush();
  }

  /** @param {string} key */
  #storeFor(key) {
    return this.#sessionKeys.has(key) ? this.#store : this.#settings;
  }

  /** @param {number | undefined} milliseconds */
  schedule(milliseconds) {
    this.#alarm.set(milliseconds);
    if (milliseconds === undefined) {
      this.#deafen?.();
      this.#deafen = undefined;
      this.#twins?.answerOn(undefined);
    } else if (this.hasPageStorage) {
      this.#deafen ??= listen((logout) => {
        if (logout.place === this.#place) this.onLogout?.(logout);
      });
      this.#answerTwins();
    }
  }

  /** On a channel of all that have a copy of this session, and of nobody else. */
  #answerTwins() {
    const userName = this.load("AgentAPI.UserName");
    // A session of nobody in particular is no copy of another one.
    if (!this.#twins || userName === undefined) return this.#twins?.answerOn(undefined);
    const whose = ` ${userName} ${this.load("AgentAPI.Broker")}`;
    const known = this.load(TWINS);
    if (known?.endsWith(whose)) return this.#twins.answerOn(known, true);
    const name = Twins.newName() + whose;
    this.write([TWINS, name]);
    this.#twins.answerOn(name);
  }

  /** What is kept of the session, by its keys. */
  #session() {
    return Object.fromEntries([...this.#sessionKeys].map((key) => [key, this.load(key)]));
  }

  /**
   * Asks the other tabs of the session for a newer token, and keeps what they answer.
   *
   * @param {string} token that is not good any more
   * @returns {Promise<void> | undefined} nothing, where there can't be any
   */
  askForNewer(token) {
    return this.#twins?.ask(token)?.then((session) => {
      if (!session || this.load("AgentAPI.Token") !== token) return;
      // Another script may have put another user's session into the other tab's storage.
      const isSame = (/** @type {string} */ key) => session[key] === this.load(key);
      if (!["AgentAPI.UserName", "AgentAPI.Broker"].every(isSame)) return;
      // The token comes last, as in the module.
      const list = [...this.#sessionKeys].reverse().flatMap((key) => {
        const text = session[key];
        return [key, typeof text === "string" ? text : ""];
      });
      this.write(list);
    });
  }

  /**
   * @param {string} broker
   * @param {string} userName
   */
  announce(broker, userName) {
    if (this.hasPageStorage) announce({ broker, userName, place: this.#place });
  }

  /**
   * @param {string} url
   * @param {string} protocol
   */
  connect(url, protocol) {
    const socket = new WebSocket(url, protocol);
    this.#sockets.add(socket);
    socket.addEventListener("close", () => this.#sockets.delete(socket));
    return socket;
  }

  /** @returns {boolean} whether there were any */
  closeSockets() {
    const { size } = this.#sockets;
    for (const socket of this.#sockets) socket.close();
    this.#sockets.clear();
    return size > 0;
  }

  get canFetch() {
    return (
      typeof (this.#choices.fetch ?? globalThis.fetch) === "function" &&
      typeof globalThis.AbortController === "function"
    );
  }

  /**
   * Looks `fetch` up at the time of the call, so that a test's double is seen.
   *
   * @param {string} url
   * @param {string} method
   * @param {Record<string, string>} headers
   * @param {any} body
   * @param {AbortSignal} signal
   * @param {boolean} withCookies
   * @param {boolean} isToOwnBroker
   */
  fetch(url, method, headers, body, signal, withCookies, isToOwnBroker) {
    const { fetch = globalThis.fetch, headers: more } = this.#choices;
    // A redirect could lead the token to another origin. "manual" is known everywhere, "error" is
    // not; either way nothing is followed.
    // Without a prototype: `fetch` would take from it whatever is not said here.
    /** @type {RequestInit} */
    const options = own({ method, body, redirect: "manual" });
    options.headers = own({ ...headers, ...(isToOwnBroker && more) });
    // A stream is taken by no `fetch` without it.
    if (get(body, "getReader")) Reflect.set(options, "duplex", "half");
    if (isTaken(signal)) options.signal = signal;
    // Where there is a location there are cookies, a referrer and a cache to keep out of this.
    // Elsewhere a host may refuse options that it has no use for.
    if (get(globalThis, "location")) {
      options.mode = "cors";
      // Another origin gets no cookies: without its explicit consent a browser would withhold the
      // answer.
      options.credentials = withCookies ? "same-origin" : "omit";
      options.referrerPolicy = "no-referrer";
      // A cache keeps no answer to a POST, and to say so has Chromium ask for permission (CORS)
      // before each: half of a call's time.
      if (method === "GET") options.cache = "no-store";
    }
    return fetch(url, options);
  }

  /**
   * @param {any} response
   * @param {number} most
   */
  read(response, most) {
    return readBody(response, most);
  }

  /** @param {any} error why there was no answer */
  isUnsent(error) {
    try {
      return UNSENT.includes(get(get(error, "cause"), "code") ?? get(error, "code"));
    } catch {
      // It may be anything that somebody threw.
      return false;
    }
  }

  dispose() {
    this.isDisposed = true;
    this.schedule(undefined);
  }
}

/** The class of signals that was looked at last. @type {unknown} */
let known;
let isKnownTaken = true;

/**
 * Whether `fetch` takes such a signal. jsdom has a class of its own, which Node's `fetch` refuses: a
 * request goes on there though its call has ended.
 *
 * @param {AbortSignal} signal
 */
function isTaken(signal) {
  if (signal.constructor !== known) {
    known = signal.constructor;
    try {
      isKnownTaken = typeof Request !== "function" || !!new Request("data:,", { signal });
    } catch {
      isKnownTaken = false;
    }
  }
  return isKnownTaken;
}
