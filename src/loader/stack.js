// @ts-check
/**
 * Gives an error the stack of the caller: of the ten frames that an engine keeps, those of the library and
 * its module would leave none for the caller.
 */

import { AgentApiError } from "./error.js";

/**
 * Captures the stack above a function of the library. It is formatted only if the call fails.
 *
 * @param {Function} method
 * @returns {{ stack?: unknown }} without a stack if the engine can't capture one
 */
export function captureCallers(method) {
  const trace = {};
  Reflect.get(Error, "captureStackTrace")?.(trace, method);
  return trace;
}

/**
 * @param {unknown} error
 * @param {{ stack?: unknown }} callers
 */
export function withCallers(error, { stack }) {
  // A program's own `Error.prepareStackTrace` may return anything.
  if (AgentApiError.is(error) && typeof stack === "string") {
    // V8 begins the stack with a title, which is replaced; other engines have frames alone.
    error.stack = stack.replace(/^Error:? *(?=\n|$)/, () => `${error}`);
  }
  return error;
}
