// @ts-check
/**
 * The state of one client that outlives an instance of the module: its store, listeners, timer and options.
 * The module calls this class for all of it.
 */

import { broadcastLogout, listen } from "./channel.js";
import { Exchange } from "./exchange.js";
import { Hooks } from "./hooks.js";
import { callLocal } from "./local-functions.js";
import { MaintenanceTimer } from "./page.js";
import { redact } from "./redact.js";
import { SharedSession } from "./shared-session.js";
import { backingOf, pageStorage, Store, sharedState } from "./store.js";
import { withoutPrototype } from "./value.js";

/** The key of the name of the channel over which the tabs with this session talk. */
const TAB_CHANNEL = "AgentAPI.Twins";

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
  /** What `createAgentAPI` was given, such as the host, is kept in memory only. @type {Store} */
  #settings;
  #sessionKeys = new Set();
  /** In which store of the page the session is, and under which prefix; empty where there is none. */
  #place;
  /** @type {SharedSession | undefined} */
  #sharedSession;
  /** @type {Set<WebSocket>} */
  #sockets = new Set();
  #maintenanceTimer = new MaintenanceTimer(() => this.onMaintenanceDue?.());
  /** @type {(() => void) | undefined} */
  #stopListening;
  hooks = new Hooks();
  isDisposed = false;
  /** Milliseconds and counts, set by `AgentAPI.IO`. @type {Record<string, number>} */
  #limits = withoutPrototype({});
  /** @type {(() => void) | undefined} */
  onMaintenanceDue;
  /** @type {((logout: import("./channel.js").Logout) => void) | undefined} */
  onLogout;

  /** @param {Choices} choices */
  constructor(choices) {
    this.#choices = withoutPrototype(choices);
    const { store = "memory", prefix = "AgentAPI", isDefault = false } = this.#choices;
    const isInTab = store === "session" && pageStorage("sessionStorage") !== undefined;
    this.hasPageStorage = isInTab || (store === "local" && pageStorage("localStorage") !== undefined);
    if (isInTab) this.#sharedSession = new SharedSession(() => this.#session());
    this.#place = this.hasPageStorage ? `${store} ${prefix}` : "";
    const backing = backingOf(store, isDefault ? sharedState() : new Map());
    this.#store = new Store(backing, prefix);
    this.#settings = isDefault ? this.#store : new Store(backingOf("memory", new Map()), prefix);
  }

  /** As far as they were chosen. */
  get limits() {
    const { attemptMs, totalMs, maxInFlight, maxResponseBytes } = this.#limits;
    return [attemptMs, totalMs, maxInFlight, maxResponseBytes];
  }

  /**
   * Calls a function in which the module has no part.
   *
   * @param {string} what
   * @param {unknown[]} args
   */
  callLocal(what, args) {
    return callLocal(what, args, this.hooks, this.#limits);
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

  /** @param {string[]} list keys, each followed by its text; all of the session, or none */
  write(list) {
    this.#storeFor(list[0]).write(list);
  }

  /** Waits until the store has written, and removed, everything of the session. */
  flush() {
    return this.#store.flush();
  }

  /** @param {string} key */
  #storeFor(key) {
    return this.#sessionKeys.has(key) ? this.#store : this.#settings;
  }

  /** @param {number | undefined} milliseconds */
  scheduleMaintenance(milliseconds) {
    this.#maintenanceTimer.set(milliseconds);
    if (milliseconds === undefined) {
      this.#stopListening?.();
      this.#stopListening = undefined;
      this.#sharedSession?.answerOn(undefined);
    } else if (this.hasPageStorage) {
      this.#stopListening ??= listen((logout) => {
        if (logout.place === this.#place) this.onLogout?.(logout);
      });
      this.#shareSession();
    }
  }

  /** Opens a channel that only the tabs with a copy of this session know. */
  #shareSession() {
    const userName = this.load("AgentAPI.UserName");
    // Sessions without a user name can't be told apart.
    if (!this.#sharedSession || userName === undefined) return this.#sharedSession?.answerOn(undefined);
    const whose = ` ${userName} ${this.load("AgentAPI.Broker")}`;
    const known = this.load(TAB_CHANNEL);
    if (known?.endsWith(whose)) return this.#sharedSession.answerOn(known, true);
    const name = SharedSession.newName() + whose;
    this.write([TAB_CHANNEL, name]);
    this.#sharedSession.answerOn(name);
  }

  /** The stored texts of the session, by their keys. */
  #session() {
    return Object.fromEntries([...this.#sessionKeys].map((key) => [key, this.load(key)]));
  }

  /**
   * Asks the other tabs with this session for a newer token, and stores their answer.
   *
   * @param {string} token that is no longer valid
   * @returns {Promise<void> | undefined} `undefined` if there is no other tab
   */
  requestNewerToken(token) {
    return this.#sharedSession?.ask(token)?.then((session) => {
      if (!session || this.load("AgentAPI.Token") !== token) return;
      // Another script may have put another user's session into the other tab's storage.
      const isSame = (/** @type {string} */ key) => session[key] === this.load(key);
      if (!["AgentAPI.UserName", "AgentAPI.Broker"].every(isSame)) return;
      // The token comes last, as in the module: until then the session is not valid.
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
  broadcastLogout(broker, userName) {
    if (this.hasPageStorage) broadcastLogout({ broker, userName, place: this.#place });
  }

  /**
   * @param {string} url
   * @param {string} protocol
   * @param {(event: string | boolean) => void} onEvent called with each text, with `true` when the socket
   *   opens and with `false` when it closes
   * @returns {WebSocket | undefined} `undefined` if the host has no WebSocket
   */
  connect(url, protocol, onEvent) {
    if (typeof globalThis.WebSocket !== "function") return undefined;
    const socket = new WebSocket(url, protocol);
    this.#sockets.add(socket);
    const emit = (/** @type {string | boolean} */ event) => {
      if (this.#sockets.has(socket)) onEvent(event);
    };
    socket.addEventListener("open", () => emit(true));
    socket.addEventListener("message", ({ data }) => emit(typeof data === "string" ? data : ""));
    socket.addEventListener("close", () => {
      emit(false);
      this.#sockets.delete(socket);
    });
    return socket;
  }

  /**
   * Ignores all further events of a socket.
   *
   * @param {WebSocket} socket
   */
  leave(socket) {
    this.#sockets.delete(socket);
  }

  /**
   * @param {string} text from outside
   * @param {string[]} secrets that it may quote, besides the headers that the caller has set
   * @param {number} longest
   */
  redact(text, secrets, longest) {
    const values = Object.values(this.#choices.headers ?? {});
    // Shorter values occur in any sentence.
    return redact(text, [...secrets, ...values.filter((value) => value.length >= 4)], longest);
  }

  /** @returns {boolean} whether any was open */
  closeSockets() {
    const { size } = this.#sockets;
    for (const socket of this.#sockets) socket.close();
    this.#sockets.clear();
    return size > 0;
  }

  /**
   * Looks up `fetch` at each call, so that a test's double is used.
   *
   * @param {string} url
   * @param {string} method
   * @param {Record<string, string>} headers
   * @param {any} body
   * @param {boolean} withCookies
   * @param {boolean} isToOwnBroker
   * @param {number} maxBytes
   * @param {boolean} readsBytes
   * @returns {Exchange | undefined} `undefined` if the host can't send
   */
  send(url, method, headers, body, withCookies, isToOwnBroker, maxBytes, readsBytes) {
    const { fetch = globalThis.fetch, headers: more } = this.#choices;
    const canAbort = typeof globalThis.AbortController === "function";
    if (typeof fetch !== "function" || !canAbort) return undefined;
    const all = withoutPrototype({ ...headers, ...(isToOwnBroker && more) });
    return new Exchange(fetch, { url, method, headers: all, body, withCookies, maxBytes, readsBytes });
  }

  dispose() {
    this.isDisposed = true;
    this.scheduleMaintenance(undefined);
  }
}
