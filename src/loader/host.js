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
  /** Where the session is kept: who else keeps it there has the same. */
  #place;
  /** @type {Set<WebSocket>} */
  #sockets = new Set();
  #alarm = new Alarm(() => this.onAlarm?.());
  /** @type {(() => void) | undefined} */
  #deafen;
  hooks = new Hooks();
  isDisposed = false;
  /** Milliseconds and counts that were chosen; see `AgentAPI.IO`. @type {Record<string, number>} */
  limits = {};
  /** @type {(() => void) | undefined} */
  onAlarm;
  /** @type {((logout: import("./channel.js").Logout) => void) | undefined} */
  onLogout;

  /** @param {Choices} choices */
  constructor({ store = "memory", prefix = "AgentAPI", isDefault = false, ...choices }) {
    this.#choices = choices;
    this.#place = `${store} ${prefix}`;
    const backing = choose(store, isDefault ? shared() : new Map());
    this.#store = new Store(backing, prefix);
    this.#settings = isDefault ? this.#store : new Store(choose("memory", new Map()), prefix);
    this.hasPageStorage =
      (store === "session" && pageStorage("sessionStorage") !== undefined) ||
      (store === "local" && pageStorage("localStorage") !== undefined);
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

  /**
   * @param {string} key
   * @param {string} value
   */
  save(key, value) {
    this.#storeFor(key).save(key, value);
  }

  /** @param {string} key */
  remove(key) {
    this.#storeFor(key).remove(key);
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
    } else if (this.hasPageStorage) {
      this.#deafen ??= listen((logout) => {
        if (logout?.place === this.#place) this.onLogout?.(logout);
      });
    }
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
    return typeof (this.#choices.fetch ?? globalThis.fetch) === "function";
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
    const { fetch = globalThis.fetch, headers: own } = this.#choices;
    if (isToOwnBroker) Object.assign(headers, own);
    // A redirect could lead the token to another origin. "manual" is known everywhere, "error" is
    // not; either way nothing is followed.
    /** @type {RequestInit} */
    const options = { method, headers, body, signal, redirect: "manual" };
    // A stream is taken by no `fetch` without it.
    if (body?.getReader) Reflect.set(options, "duplex", "half");
    // Where there is a location there are cookies, a referrer and a cache to keep out of this.
    // Elsewhere a host may refuse options that it has no use for.
    if (globalThis.location) {
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
    return UNSENT.includes(error?.cause?.code ?? error?.code);
  }

  dispose() {
    this.isDisposed = true;
    this.schedule(undefined);
  }
}
