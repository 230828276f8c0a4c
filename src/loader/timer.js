// @ts-check
/**
 * A timer whose callback is never called after `stop`, even if a test has replaced `clearTimeout` since it
 * was started: what the callback needs is gone by then.
 */
export class Timer {
  /** @type {(() => void) | undefined} */
  #callback;
  #handle;

  /**
   * @param {number} milliseconds
   * @param {() => void} callback
   */
  constructor(milliseconds, callback) {
    this.#callback = callback;
    this.#handle = setTimeout(() => this.#callback?.(), milliseconds);
  }

  stop() {
    this.#callback = undefined;
    clearTimeout(this.#handle);
  }
}
