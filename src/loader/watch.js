// @ts-check
/**
 * Listens to a caller's signal. A signal is recognized by its properties, since another frame has another
 * class `AbortSignal`, and the value may be anything.
 */
export class Watch {
  #signal;
  #resolve = () => {};
  /** Resolves when the signal fires; `undefined` if it had fired before. @type {Promise<void> | undefined} */
  fired;

  /** @param {any} signal throws for anything but a signal */
  constructor(signal) {
    this.#signal = signal;
    const { aborted } = signal;
    if (typeof aborted !== "boolean") throw new TypeError();
    if (aborted) return;
    this.fired = new Promise((resolve) => (this.#resolve = resolve));
    signal.addEventListener("abort", this.#resolve);
  }

  get reason() {
    try {
      return this.#signal.reason;
    } catch {
      return undefined;
    }
  }

  stop() {
    try {
      this.#signal.removeEventListener("abort", this.#resolve);
    } catch {
      // A test's double may throw.
    }
    // A future that waits for a promise that never settles would never be freed.
    this.#resolve();
  }
}
