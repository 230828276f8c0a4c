// @ts-check
/**
 * Shows an error where its call was made: of the ten frames that an engine keeps, ours and the
 * module's would leave none to the caller.
 */

import { AgentApiError } from "./error.js";

/**
 * The stack above a function of ours. Nobody formats it unless the call fails.
 *
 * @param {Function} method
 * @returns {{ stack?: unknown }} nothing, where an engine has no such function
 */
export function callersOf(method) {
  const trace = {};
  Reflect.get(Error, "captureStackTrace")?.(trace, method);
  return trace;
}

/**
 * @param {unknown} error
 * @param {{ stack?: unknown }} callers
 */
export function shownTo(error, { stack }) {
  // What a program puts in the place of `Error.prepareStackTrace` may make anything of a stack.
  if (AgentApiError.is(error) && typeof stack === "string") {
    // V8 begins with a title, which is that of no error here; others have frames alone.
    error.stack = stack.replace(/^Error:? *(?=\n|$)/, () => `${error}`);
  }
  return error;
}
