// @ts-check

import { captureCallers, withCallers } from "../loader/stack.js";

/**
 * A function with a name and a length of its own, which inspectors show. Its errors have the stack of the caller.
 *
 * @param {string} name
 * @param {number} length how many parameters it has, the options included
 * @param {(args: unknown[], guard: <Result>(promise: Promise<Result>) => Promise<Result>) => unknown} run gives what
 *   the caller gets; a promise that `guard` returns is that of its argument, but for the stack of its error
 * @returns {any}
 */
export function method(name, length, run) {
  const method = (/** @type {unknown[]} */ ...args) => {
    const callers = captureCallers(method);
    return run(args, (promise) =>
      promise.catch((error) => {
        throw withCallers(error, callers);
      }),
    );
  };
  return Object.defineProperties(method, { name: { value: name }, length: { value: length } });
}
