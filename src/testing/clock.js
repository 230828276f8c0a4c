// @ts-check

/** @typedef {{ now(): number }} BaseClock */

/** The broker's clock: another one, which it can be ahead of. */
export class Clock {
  #base;
  #ahead = 0;
  #onChange;
  /** What waits for a time, by the function that looks whether it has come. @type {Set<() => void>} */
  #waiting = new Set();

  /**
   * @param {BaseClock} base
   * @param {() => void} onChange
   */
  constructor(base, onChange) {
    this.#base = base;
    this.#onChange = onChange;
  }

  now() {
    return this.#base.now() + this.#ahead;
  }

  /** @param {number} ms */
  advance(ms) {
    if (typeof ms !== "number" || !(ms >= 0 && ms < Infinity)) {
      throw new TypeError("clock.advance: the time must be in milliseconds, and not negative.");
    }
    this.#ahead += ms;
    for (const look of [...this.#waiting]) look();
    this.#onChange();
  }

  /** Goes back to the clock that it is made of. */
  reset() {
    this.#ahead = 0;
  }

  /**
   * Waits until a time has passed, by this clock or by the timers of the environment.
   *
   * @param {number} ms
   * @param {AbortSignal} [signal] ends it early: a timer that nobody needs would keep a program running
   * @returns {Promise<void>}
   */
  wait(ms, signal) {
    if (!(ms > 0)) return Promise.resolve();
    const due = this.now() + ms;
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.#waiting.delete(look);
        signal?.removeEventListener("abort", end);
        resolve();
      };
      const look = () => this.now() >= due && end();
      const timer = setTimeout(end, ms);
      this.#waiting.add(look);
      signal?.addEventListener("abort", end);
      if (signal?.aborted) end();
    });
  }
}
