// @ts-check
/** Hands over the messages that are queued for an account. */

import { LONGEST_MS } from "./page.js";
import { report, runReported } from "./report.js";

/** How often the queue is looked at, unless the caller says otherwise. */
const EVERY_MS = 5_000;

/** The longest pause after failures that the caller's own is not longer than. */
const LONGEST_PAUSE_MS = 60_000;

/**
 * @typedef {object} Receiver
 * @property {(message: object) => unknown} listener
 * @property {number} everyMs
 * @property {(error: unknown) => unknown} onError
 * @property {Promise<void>} [stopped] settles when the listener is removed
 */

export class Inbox {
  #pop;
  #hooks;
  /** @type {Set<Receiver>} */
  #receivers = new Set();
  #isRunning = false;
  /** Whether the queue is to be looked at once more. */
  #isDue = false;
  /** Whether the broker has asked to wait. */
  #isHeldBack = false;
  #endPause = () => {};

  /**
   * @param {() => Promise<object[]>} pop takes what comes next out of the queue
   * @param {import("./hooks.js").Hooks} hooks
   */
  constructor(pop, hooks) {
    this.#pop = pop;
    this.#hooks = hooks;
  }

  /**
   * @param {Receiver["listener"]} listener
   * @param {Partial<Receiver>} [options]
   * @returns {() => void} removes the listener
   */
  add(listener, { everyMs = EVERY_MS, onError = report } = {}) {
    let stop = () => {};
    const stopped = /** @type {Promise<void>} */ (new Promise((resolve) => (stop = resolve)));
    // An object of its own, so that a function that is added twice is two registrations.
    const receiver = { listener, everyMs, onError, stopped };
    this.#receivers.add(receiver);
    if (this.#isRunning) this.wake();
    else this.#run();
    return () => {
      this.#receivers.delete(receiver);
      stop();
      if (!this.#receivers.size) this.wake();
    };
  }

  /** Has the queue looked at now, or once more after the look that is under way. */
  wake() {
    this.#isDue = true;
    if (!this.#isHeldBack || !this.#receivers.size) this.#endPause();
  }

  /** Removes all listeners. */
  clear() {
    this.#receivers.clear();
    this.wake();
  }

  async #run() {
    this.#isRunning = true;
    // With a session there may be messages.
    const stopListening = this.#hooks.add("session", () => this.wake());
    let failures = 0;
    while (this.#receivers.size) {
      const receivers = [...this.#receivers];
      let pauseMs = Math.min(...receivers.map(({ everyMs }) => everyMs));
      this.#isDue = this.#isHeldBack = false;
      try {
        const messages = await this.#pop();
        failures = 0;
        for (const message of messages) {
          // It is gone from the queue: if all have stopped meanwhile, those who listened before get it.
          const present = this.#receivers.size ? [...this.#receivers] : receivers;
          for (const { listener, stopped } of present) {
            // Nobody waits for what a listener has begun that is not there any more.
            await Promise.race([runReported(() => listener(message)), stopped]);
          }
        }
        if (messages.length) continue;
      } catch (/** @type {any} */ error) {
        if (error.code === "disposed") break;
        // Nothing was sent: there will be a session, or the listener stops.
        if (error.code !== "not-logged-in") {
          for (const { onError } of receivers) runReported(() => onError(error));
          failures += 1;
          this.#isHeldBack = error.retryAfterMs !== undefined;
          pauseMs = Math.max(
            pauseMs,
            error.retryAfterMs ?? Math.min(pauseMs * 2 ** failures, LONGEST_PAUSE_MS),
          );
        }
      }
      if (this.#isHeldBack || !this.#isDue) await this.#pause(pauseMs);
    }
    this.#isRunning = false;
    stopListening();
  }

  /** @param {number} pauseMs */
  #pause(pauseMs) {
    return new Promise((resolve) => {
      // A broker may ask for more than a timer can wait.
      const timer = setTimeout(resolve, Math.min(pauseMs, LONGEST_MS));
      this.#endPause = () => {
        clearTimeout(timer);
        resolve(undefined);
      };
    });
  }
}
