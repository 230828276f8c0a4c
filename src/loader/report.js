// @ts-check

/**
 * Shows a failure that is nobody's who waits, where the host shows uncaught errors.
 *
 * @param {unknown} error
 */
export function report(error) {
  try {
    // Node has no such function before 25, and would end at an uncaught error.
    (globalThis.reportError ?? console.error)(error);
  } catch {
    // A page's own double may throw.
  }
}
