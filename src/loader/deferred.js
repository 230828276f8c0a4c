// @ts-check
/** A promise that the module settles. */
export class Deferred {
  /** @type {(value: unknown) => void} */
  resolve = () => {};
  /** @type {(error: unknown) => void} */
  reject = () => {};
  promise = new Promise((resolve, reject) => Object.assign(this, { resolve, reject }));
}
