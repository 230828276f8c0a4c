// @ts-check
/** Those who want to hear of requests and sessions, and the log, which is one of them. */

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
   * @returns {() => void} takes it back
   */
  add(hook, listener) {
    // Each registration is one of its own, though it be of the same function.
    const own = (/** @type {object} */ event) => listener(event);
    this.#listeners[hook].add(own);
    return () => void this.#listeners[hook].delete(own);
  }

  /** @param {Hook} hook */
  has(hook) {
    return this.#listeners[hook].size > 0 || this.#logs(hook === "session" ? "warn" : "debug");
  }

  /**
   * @param {Hook} hook
   * @param {any} event
   */
  tell(hook, event) {
    Object.freeze(event);
    // Later, so that a listener may call the library, and can't get in the way of what it hears of.
    queueMicrotask(() => {
      for (const listener of this.#listeners[hook]) {
        // An asynchronous one fails later.
        new Promise((resolve) => resolve(listener(event))).catch(report);
      }
    });
    this.log(levelOf(hook, event), `neuron-agent-api: ${hook}`, event);
  }

  /**
   * @param {Level | "log"} [level] "log" writes whatever was chosen
   * @param {unknown[]} message
   */
  log(level = "log", ...message) {
    if (level === "silent" || !this.#logs(level)) return;
    try {
      console[level](...message);
    } catch (error) {
      // A page's own console is no part of a call.
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
