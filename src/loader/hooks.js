// @ts-check
/** Listeners for requests, responses, retries and sessions, and the log of these events. */

import { report, runReported } from "./report.js";

/** @typedef {"request" | "response" | "retry" | "session"} Hook */
/** @typedef {"silent" | "error" | "warn" | "info" | "debug"} Level */

/** By their numbers, which `Hook` in `src/environment.rs` has too. @type {readonly Hook[]} */
const HOOKS = ["request", "response", "retry", "session"];

/** @type {readonly Level[]} */
export const LEVELS = ["silent", "error", "warn", "info", "debug"];

export class Hooks {
  /** By the numbers of the hooks. @type {Set<(event: object) => void>[]} */
  #listeners = HOOKS.map(() => new Set());
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
    const listeners = this.#listeners[HOOKS.indexOf(hook)];
    listeners.add(registered);
    return () => void listeners.delete(registered);
  }

  /** @param {number} number */
  has(number) {
    return this.#listeners[number].size > 0 || this.#logs(HOOKS[number] === "session" ? "warn" : "debug");
  }

  /**
   * @param {number} number
   * @param {any} event
   */
  emit(number, event) {
    const hook = HOOKS[number];
    Object.freeze(event);
    // Later, so that a listener may call the library and can't disturb the call that it is told of.
    Promise.resolve().then(() => {
      for (const listener of this.#listeners[number]) {
        runReported(() => listener(event));
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
