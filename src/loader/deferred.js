// @ts-check
/** A promise with the functions that settle it. */
export class Deferred {
  /** @type {(value: unknown) => void} */
  resolve = () => {};
  /** @type {(error: unknown) => void} */
  reject = () => {};
  promise = new Promise((resolve, reject) => Object.assign(this, { resolve, reject }));
}
