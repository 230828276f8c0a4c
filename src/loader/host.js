// @ts-check
/**
 * What belongs to one client and outlives an instance of the module: what it keeps, who listens, its
 * alarm, its choices. The module asks here for all of it.
 */

import { announce, listen } from "./channel.js";
import { Exchange } from "./exchange.js";
import { Hooks } from "./hooks.js";
import { Alarm } from "./page.js";
import { redact } from "./redact.js";
import { choose, pageStorage, shared, Store } from "./store.js";
import { Twins } from "./shared-session.js";
import { own } from "./value.js";

/** Under which the name of the channel of the session's copies is kept. */
const TWINS = "AgentAPI.Twins";

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
   * @param {(heard: string | boolean) => void} hear is told what comes: a text, and whether the
   *   socket is open now, or closed
   * @returns {WebSocket | undefined} nothing, where there is no such thing
   */
  connect(url, protocol, hear) {
    if (typeof globalThis.WebSocket !== "function") return undefined;
    const socket = new WebSocket(url, protocol);
    this.#sockets.add(socket);
    const tell = (/** @type {string | boolean} */ heard) => {
      if (this.#sockets.has(socket)) hear(heard);
    };
    socket.addEventListener("open", () => tell(true));
    socket.addEventListener("message", ({ data }) => tell(typeof data === "string" ? data : ""));
    socket.addEventListener("close", () => {
      tell(false);
      this.#sockets.delete(socket);
    });
    return socket;
  }

  /**
   * Hears nothing more of a socket.
   *
   * @param {WebSocket} socket
   */
  leave(socket) {
    this.#sockets.delete(socket);
  }

  /**
   * @param {string} text of somebody else
   * @param {string[]} secrets that it may quote; the headers that the caller chose are some as well
   * @param {number} longest
   */
  redact(text, secrets, longest) {
    const values = Object.values(this.#choices.headers ?? {});
    // Shorter ones are words of any sentence.
    return redact(text, [...secrets, ...values.filter((value) => value.length >= 4)], longest);
  }

  /** @returns {boolean} whether there were any */
  closeSockets() {
    const { size } = this.#sockets;
    for (const socket of this.#sockets) socket.close();
    this.#sockets.clear();
    return size > 0;
  }

  /**
   * Looks `fetch` up at the time of the call, so that a test's double is seen.
   *
   * @param {string} url
   * @param {string} method
   * @param {Record<string, string>} headers
   * @param {any} body
   * @param {boolean} withCookies
   * @param {boolean} isToOwnBroker
   * @param {number} mostBytes
   * @returns {Exchange | undefined} nothing, where there is no way to send
   */
  send(url, method, headers, body, withCookies, isToOwnBroker, mostBytes) {
    const { fetch = globalThis.fetch, headers: more } = this.#choices;
    const canAbort = typeof globalThis.AbortController === "function";
    if (typeof fetch !== "function" || !canAbort) return undefined;
    const all = own({ ...headers, ...(isToOwnBroker && more) });
    return new Exchange(fetch, { url, method, headers: all, body, withCookies }, mostBytes);
  }

  dispose() {
    this.isDisposed = true;
    this.schedule(undefined);
  }
}
