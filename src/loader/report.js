// @ts-check

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
