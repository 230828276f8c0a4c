// @ts-check
/**
 * A timer that can be stopped for good: a test that has put a double in the place of `clearTimeout`
 * since leaves it running, and what it would call is not there any more.
 */
export class Timer {
  /** @type {(() => void) | undefined} */
  #ring;
  #handle;

  /**
   * @param {number} milliseconds
   * @param {() => void} ring
   */
  constructor(milliseconds, ring) {
    this.#ring = ring;
    this.#handle = setTimeout(() => this.#ring?.(), milliseconds);
  }

  stop() {
    this.#ring = undefined;
    clearTimeout(this.#handle);
  }
}
