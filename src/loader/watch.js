// @ts-check
/**
 * A caller's signal that is listened to. By what it can do: it may come from another frame, whose
 * `AbortSignal` is another class, and it may be anything.
 */
export class Watch {
  #signal;
  #tell = () => {};
  /** Comes when it fires; nothing, where it had fired before. @type {Promise<void> | undefined} */
  fired;

  /** @param {any} signal throws for what is none */
  constructor(signal) {
    this.#signal = signal;
    const { aborted } = signal;
    if (typeof aborted !== "boolean") throw new TypeError();
    if (aborted) return;
    this.fired = new Promise((resolve) => (this.#tell = resolve));
    signal.addEventListener("abort", this.#tell);
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
      this.#signal.removeEventListener("abort", this.#tell);
    } catch {
      // A double may do as it likes.
    }
    // A future on a promise that never settles would never be freed.
    this.#tell();
  }
}
