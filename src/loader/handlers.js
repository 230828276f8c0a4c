// @ts-check
/** Calls those who handle events. */

import { runReported } from "./report.js";
import { get } from "./value.js";

/**
 * Calls a function, or the global function of a dotted name, if there is one. Its failure is none of ours: it is
 * shown where the host shows uncaught errors.
 *
 * @param {string | ((data: unknown) => unknown)} handler
 * @param {string} json
 */
export const handle = (handler, json) =>
  runReported(() => {
    const [found, holder] = typeof handler === "string" ? findGlobal(handler) : [handler];
    return typeof found === "function" && Reflect.apply(found, holder, [JSON.parse(json)]);
  });

/**
 * @param {string} name
 * @returns {any[]} what has this name, and the object that holds it
 */
function findGlobal(name) {
  let holder;
  /** @type {any} */
  let found = globalThis;
  for (const part of name.split(".")) {
    holder = found;
    found = get(found, part);
  }
  return [found, holder];
}
