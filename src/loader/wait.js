// @ts-check
/** What the module waits for: a time, a caller's signal, a promise. */

import { tryOrUndefined } from "./value.js";

/**
 * Calls back when it ends, and never after `stop`, even if a test has replaced `clearTimeout` since: what
 * the callback needs is gone by then.
 */
export class Wait {
  /** What a promise gave, or the reason of a signal. @type {unknown} */
  outcome;
  hasFailed = false;
  /** @type {(() => void) | undefined} */
  #callback;
  #cancel = () => {};

  /** @param {() => void} callback */
  constructor(callback) {
    this.#callback = callback;
  }

  /**
   * @param {() => void} callback
   * @param {number} milliseconds
   */
  static time(callback, milliseconds) {
    const wait = new Wait(callback);
    const timer = setTimeout(() => wait.#end(), milliseconds);
    wait.#cancel = () => clearTimeout(timer);
    return wait;
  }

  /**
   * A signal is recognized by its properties, since another frame has another class `AbortSignal`, and
   * the value may be anything. Throws for anything but a signal.
   *
   * @param {() => void} callback called at once if the signal has fired
   * @param {any} signal
   */
  static signal(callback, signal) {
    const { aborted } = signal;
    if (typeof aborted !== "boolean") throw new TypeError();
    const wait = new Wait(callback);
    const end = () => wait.#end(tryOrUndefined(() => signal.reason));
    if (aborted) end();
    else signal.addEventListener("abort", end);
    // A test's double may throw.
    wait.#cancel = () => tryOrUndefined(() => signal.removeEventListener("abort", end));
    return wait;
  }

  /**
   * @param {() => void} callback
   * @param {Promise<unknown>} promise
   */
  static promise(callback, promise) {
    const wait = new Wait(callback);
    promise.then(
      (value) => wait.#end(value),
      (error) => wait.#end(error, true),
    );
    return wait;
  }

  /**
   * @param {unknown} [outcome]
   * @param {boolean} [hasFailed]
   */
  #end(outcome, hasFailed = false) {
    this.outcome = outcome;
    this.hasFailed = hasFailed;
    this.#callback?.();
  }

  stop() {
    this.#callback = undefined;
    this.#cancel();
  }
}
