// @ts-check
/** Listeners for requests, responses, retries and sessions, and the log of these events. */

import { report } from "./report.js";

/** @typedef {"request" | "response" | "retry" | "session"} Hook */
/** @typedef {"silent" | "error" | "warn" | "info" | "debug"} Level */

/** @type {readonly Level[]} */
export const LEVELS = ["silent", "error", "warn", "info", "debug"];

export class Hooks {
  /** @type {Record<Hook, Set<(event: object) => void>>} */
  #listeners = { request: new Set(), response: new Set(), retry: new Set(), session: new Set() };
  /** @type {Level} */
  level = "silent";

  /**
   * @param {Hook} hook
   * @param {(event: object) => void} listener
   * @returns {() => void} removes the listener
   */
  add(hook, listener) {
    // A wrapper, so that a function that is added twice is two registrations.
    const registered = (/** @type {object} */ event) => listener(event);
    this.#listeners[hook].add(registered);
    return () => void this.#listeners[hook].delete(registered);
  }

  /** @param {Hook} hook */
  has(hook) {
    return this.#listeners[hook].size > 0 || this.#logs(hook === "session" ? "warn" : "debug");
  }

  /**
   * @param {Hook} hook
   * @param {any} event
   */
  emit(hook, event) {
    Object.freeze(event);
    // Later, so that a listener may call the library and can't disturb the call that it is told of.
    queueMicrotask(() => {
      for (const listener of this.#listeners[hook]) {
        // A promise, because an asynchronous listener fails later.
        new Promise((resolve) => resolve(listener(event))).catch(report);
      }
    });
    this.log(levelOf(hook, event), `neuron-agent-api: ${hook}`, event);
  }

  /**
   * @param {Level | "log"} [level] "log" is written at every level
   * @param {unknown[]} message
   */
  log(level = "log", ...message) {
    if (level === "silent" || !this.#logs(level)) return;
    try {
      console[level](...message);
    } catch (error) {
      // A page may have replaced the console; that must not fail a call.
      report(error);
    }
  }

  /** @param {Level | "log"} level */
  #logs(level) {
    return LEVELS.indexOf(/** @type {Level} */ (level)) <= LEVELS.indexOf(this.level);
  }
}

/**
 * @param {Hook} hook
 * @param {any} event
 * @returns {Level}
 */
function levelOf(hook, event) {
  if (hook !== "session") return "debug";
  return event.type === "lost" ? "warn" : "info";
}
