// @ts-check
/**
 * The object that callers see: the library's functions, each of which loads the library first.
 *
 * Importing the package therefore does nothing, which server-side rendering and tree shaking ask
 * for, and there is no `init` to forget.
 */

import { failure } from "./failure.js";
import { shape } from "./glue.js";

/** @typedef {import("./host.js").Host} Host */
/** @typedef {import("./runtime.js").Runtime} Runtime */

const DISPOSED = "this client was disposed of. Make another: createAgentAPI(Options).";

/**
 * @param {Runtime} runtime
 * @param {() => Host} client made at the first call
 * @returns {Readonly<Record<string, Readonly<Record<string, Function>>>>}
 */
export function surface(runtime, client) {
  /**
   * @param {string} operation
   * @param {number} number that of the function in the bindings
   */
  function outward(operation, number) {
    const ready = () => {
      const host = client();
      if (host.isDisposed) throw failure(operation, "disposed", DISPOSED);
      return host;
    };
    if (isSynchronous(operation)) {
      return (/** @type {unknown[]} */ ...args) => {
        const host = ready();
        return runtime.load(operation).call(host, operation, number, args);
      };
    }
    return async (/** @type {unknown[]} */ ...args) => {
      const host = ready();
      return runtime.load(operation).callAsync(host, operation, number, args);
    };
  }

  let count = 0;
  return mapValues(shape, (functions, group) =>
    mapValues(functions, (length, name) =>
      // What an inspector shows, and what a program that wraps functions looks at.
      Object.defineProperties(outward(`${group}.${name}`, count++), {
        name: { value: name },
        length: { value: length },
      }),
    ),
  );
}

/** The methods that return a promise although their neighbours don't, and the other way round. */
const EXCEPTIONS = ["IO.Request", "Account.XmlEncode", "Account.OnSessionChange"];

/** @param {string} operation */
const isSynchronous = (operation) => operation.startsWith("IO.") !== EXCEPTIONS.includes(operation);

/**
 * @template Value, Result
 * @param {Readonly<Record<string, Value>>} object
 * @param {(value: Value, key: string) => Result} change
 * @returns {Readonly<Record<string, Result>>}
 */
function mapValues(object, change) {
  const entries = Object.entries(object).map(([key, value]) => [key, change(value, key)]);
  return Object.freeze(Object.fromEntries(entries));
}
