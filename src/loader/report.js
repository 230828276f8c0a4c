// @ts-check
/** Failures for which no call waits. */

/**
 * Runs what a program has given, at once. Its failure, also that of a promise, is none of ours.
 *
 * @param {() => unknown} run
 * @returns {Promise<unknown>} settles when it has ended, and never fails
 */
export function runReported(run) {
  // A promise, because what is asynchronous fails later.
  return new Promise((resolve) => resolve(run())).catch(report);
}

/**
 * Reports an error for which no call waits, where the host shows uncaught errors.
 *
 * @param {unknown} error
 */
export function report(error) {
  try {
    // Node has no such function before 25, and would end at an uncaught error.
    (globalThis.reportError ?? console.error)(error);
  } catch {
    // A page may have replaced it by a function that throws.
  }
}
