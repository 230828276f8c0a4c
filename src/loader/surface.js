// @ts-check
/**
 * The object that callers see: the library's functions, each of which loads the library first.
 *
 * Importing the package therefore does nothing, which server-side rendering and tree shaking ask
 * for, and there is no `init` to forget.
 */

import { arrange } from "./arguments.js";
import { failure } from "./failure.js";
import { shape } from "./glue.js";
import { captureCallers, withCallers } from "./stack.js";

/** @typedef {import("./host.js").Host} Host */
/** @typedef {import("./runtime.js").Runtime} Runtime */

const DISPOSED = "this client has been disposed; create another: createAgentAPI(Options).";

/**
 * @param {Runtime} runtime
 * @param {() => Host} client made at the first call
 * @returns {Record<string, Record<string, Function>>} a test may replace any of them, since the
 *   library calls none of them itself
 */
export function surface(runtime, client) {
  /**
   * @param {string} operation
   * @param {number} number of the function in the bindings
   */
  function wrap(operation, number) {
    const run = (/** @type {"call" | "callAsync"} */ kind, /** @type {unknown[]} */ args) => {
      const host = client();
      if (host.isDisposed) throw failure(operation, "disposed", DISPOSED);
      arrange(operation, args);
      return runtime.load(operation)[kind](host, operation, number, args);
    };
    /** @type {(...args: unknown[]) => unknown} */
    const method = isSynchronous(operation)
      ? (...args) => {
          try {
            return run("call", args);
          } catch (error) {
            throw withCallers(error, captureCallers(method));
          }
        }
      : async (...args) => {
          const callers = captureCallers(method);
          try {
            return await run("callAsync", args);
          } catch (error) {
            throw withCallers(error, callers);
          }
        };
    return method;
  }

  let count = 0;
  return mapValues(shape, (functions, group) =>
    mapValues(functions, (length, name) =>
      // Inspectors show them, and programs that wrap functions read them.
      Object.defineProperties(wrap(`${group}.${name}`, count++), {
        name: { value: name },
        length: { value: length },
      }),
    ),
  );
}

/** The methods that return a promise although others of their group don't, or the reverse. */
const EXCEPTIONS = ["IO.Request", "Account.XmlEncode", "Account.OnSessionChange"];

/** @param {string} operation */
const isSynchronous = (operation) => operation.startsWith("IO.") !== EXCEPTIONS.includes(operation);

/**
 * @template Value, Result
 * @param {Readonly<Record<string, Value>>} object
 * @param {(value: Value, key: string) => Result} change
 * @returns {Record<string, Result>}
 */
function mapValues(object, change) {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value, key)]));
}
