// @ts-check

import { report } from "../loader/report.js";

/**
 * Calls a function of the program. Its failure is none of ours: it is shown where the host shows uncaught errors.
 *
 * @template Value
 * @param {((value: Value) => unknown) | null | undefined} listener
 * @param {Value} value
 */
export function callListener(listener, value) {
  // A promise, because an asynchronous listener fails later.
  new Promise((resolve) => resolve(listener?.(value))).catch(report);
}
