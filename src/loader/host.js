// @ts-check
/**
 * The state of one client that outlives an instance of the module: its store, listeners, timer and options.
 * The module calls this class for all of it.
 */

import { broadcastLogout, listen } from "./channel.js";
import { Exchange } from "./exchange.js";
import { Hooks } from "./hooks.js";
import { Inbox } from "./inbox.js";
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
 * @property {typeof globalThis.WebSocket} [WebSocket]
 * @property {Record<string, string>} [headers]
 * @property {boolean} [isDefault] whether it is `AgentAPI` itself
 * @property {() => Promise<object[]>} popMessages takes what comes next out of the queue
 */

/** @typedef {{ waiting: (string | boolean)[], wake: () => void }} Events */

export class Host {
  #choices;
  #store;
  /** What `createAgentAPI` was given, such as the host, is kept in memory only. @type {Store} */
  #settings;
  #sessionKeys = new Set();
  /** The keys of all that the module reads. @type {string[]} */
  #keys = [];
  /** The texts that the module knows. @type {string[]} */
  #known = [];
  /** In which store of the page the session is, and under which prefix; empty where there is none. */
  #place;
  /** @type {SharedSession | undefined} */
  #sharedSession;
  /** Those in use, and their events that have not been read. @type {Map<WebSocket, Events>} */
  #sockets = new Map();
  #maintenanceTimer = new MaintenanceTimer(() => this.onMaintenanceDue?.());
  /** @type {(() => void) | undefined} */
  #stopListening;
  hooks = new Hooks();
  #inbox;
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
    this.#inbox = new Inbox(choices.popMessages, this.hooks);
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
    return callLocal(what, args, this.hooks, this.#inbox, this.#limits);
  }

  /** @param {string} keys each ends a line; an instance that begins knows none of their texts */
  setKeys(keys) {
    this.#keys = keys.trim().split("\n");
    this.#known = [];
  }

  /** @param {number} count how many of the keys are those of the session, which come first */
  open(count) {
    const keys = this.#keys.slice(0, count);
    this.#sessionKeys = new Set(keys);
    return this.#store.open(keys);
  }

  /** The stored texts, as a list in JSON; `undefined` if the module knows them all. */
  snapshot() {
    const known = this.#known;
    this.#known = this.#keys.map((key) => this.load(key) ?? "");
    const isKnown = this.#known.every((text, index) => text === known[index]);
    return isKnown ? undefined : JSON.stringify(this.#known);
  }

  /** @param {string} key */
  load(key) {
    return this.#storeFor(key).load(key);
  }

  /** @param {string} json a list of keys, each followed by its text; all of the session, or none */
  write(json) {
    this.#write(JSON.parse(json));
  }

  /** @param {string[]} list */
  #write(list) {
    this.#known = [];
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
    this.#write([TAB_CHANNEL, name]);
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
      this.#write(list);
    });
  }

  /**
   * @param {string} broker
   * @param {string} userName
   */
  broadcastLogout(broker, userName) {
    if (this.hasPageStorage) broadcastLogout({ broker, userName, place: this.#place });
  }

  /** @param {number} hook */
  hasListener(hook) {
    return this.hooks.has(hook);
  }

  /**
   * @param {number} hook
   * @param {string} event as JSON
   */
  emit(hook, event) {
    this.hooks.emit(hook, JSON.parse(event));
  }

  /**
   * @param {string} url
   * @param {string} protocol
   * @returns {WebSocket | undefined} `undefined` if the host has no WebSocket
   */
  connect(url, protocol) {
    /** @type {{ WebSocket?: typeof globalThis.WebSocket }} */
    const { WebSocket = globalThis.WebSocket } = this.#choices;
    if (typeof WebSocket !== "function") return undefined;
    const socket = new WebSocket(url, protocol);
    /** @type {Events} */
    const events = { waiting: [], wake: () => {} };
    this.#sockets.set(socket, events);
    const add = (/** @type {string | boolean} */ event) => {
      if (!this.#sockets.has(socket)) return;
      events.waiting.push(event);
      events.wake();
    };
    socket.addEventListener("open", () => add(true));
    socket.addEventListener("message", ({ data }) => {
      add(typeof data === "string" ? data : "");
      this.#inbox.wake();
    });
    socket.addEventListener("close", () => add(false));
    return socket;
  }

  /**
   * The next event of a socket: a text, `true` when it has opened and `false` when it has closed.
   *
   * @param {WebSocket} socket
   * @param {import("./task.js").Task} task is woken when there is one, if there is none yet
   */
  nextEvent(socket, task) {
    const events = this.#sockets.get(socket);
    if (events) events.wake = () => task.wake();
    return events?.waiting.shift();
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
   * @param {string} secrets a list in JSON of those that it may quote, besides the headers that the caller has set
   * @param {number} longest
   */
  redact(text, secrets, longest) {
    const values = Object.values(this.#choices.headers ?? {});
    // Shorter values occur in any sentence.
    return redact(text, [...JSON.parse(secrets), ...values.filter((value) => value.length >= 4)], longest);
  }

  /** @returns {boolean} whether any was open */
  closeSockets() {
    const { size } = this.#sockets;
    for (const socket of this.#sockets.keys()) socket.close();
    this.#sockets.clear();
    return size > 0;
  }

  /**
   * Sends a request. `fetch` is looked up each time, so that a test's double is used.
   *
   * @param {string} head a list in JSON; `src/web/tasks.rs` says of what
   * @param {unknown} body
   * @param {(status: number, body: unknown) => void} onEnd
   * @returns {Exchange | undefined} `undefined` if the host can't send
   */
  send(head, body, onEnd) {
    const { fetch = globalThis.fetch, headers: more } = this.#choices;
    const canAbort = typeof globalThis.AbortController === "function";
    if (typeof fetch !== "function" || !canAbort) return undefined;
    const [url, method, withCookies, toOwnBroker, readsBytes, maxBytes, ...list] = JSON.parse(head);
    const headers = withoutPrototype(Object.fromEntries(list));
    if (toOwnBroker) Object.assign(headers, more);
    return new Exchange(fetch, { url, method, headers, body, withCookies, maxBytes, readsBytes }, onEnd);
  }

  dispose() {
    this.isDisposed = true;
    this.scheduleMaintenance(undefined);
    this.#inbox.clear();
  }
}
