// @ts-check
/**
 * The object that callers see: the library's functions, each of which loads the library first.
 *
 * Importing the package therefore does nothing, which server-side rendering and tree shaking ask
 * for, and there is no `init` to forget. Loading is synchronous because `IO.SetHost` is; it takes a
 * few milliseconds once.
 */

import { understood } from "./failure.js";
import { shape } from "./glue.js";
import { Instance } from "./instance.js";

/**
 * @param {(operation: string) => WebAssembly.Module} compile
 * @returns {Readonly<Record<string, Readonly<Record<string, Function>>>>}
 */
export function lazy(compile) {
  /** @type {WebAssembly.Module | undefined} */
  let module;
  /** @type {Instance | undefined} */
  let instance;

  /** @param {string} operation */
  function load(operation) {
    if (instance && !instance.broken) return instance;
    try {
      // Each is kept only when it succeeded, so a call after a failed one tries again.
      module ??= compile(operation);
      instance = new Instance(module);
      return instance;
    } catch (error) {
      throw understood(operation, error);
    }
  }

  /**
   * @param {string} group
   * @param {string} name
   */
  function outward(group, name) {
    const operation = `${group}.${name}`;
    return isSynchronous(group, name)
      ? (/** @type {unknown[]} */ ...args) => load(operation).call(group, name, args)
      : async (/** @type {unknown[]} */ ...args) => load(operation).callAsync(group, name, args);
  }

  return mapValues(shape, (functions, group) =>
    mapValues(functions, (length, name) =>
      // What an inspector shows, and what a program that wraps functions looks at.
      Object.defineProperties(outward(group, name), {
        name: { value: name },
        length: { value: length },
      }),
    ),
  );
}

/** The methods that return a promise although their neighbours don't, and the other way round. */
const EXCEPTIONS = ["IO.Request", "Account.XmlEncode"];

/**
 * @param {string} group
 * @param {string} name
 */
const isSynchronous = (group, name) =>
  (group === "IO") !== EXCEPTIONS.includes(`${group}.${name}`);

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
