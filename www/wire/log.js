// @ts-check
/** What has gone over the wire since the page was opened, within bounds. */

/**
 * @typedef {object} Exchange
 * @property {string} client whose request it is
 * @property {number} [attempt] of its call, counted from 1
 * @property {Date} startedAt
 * @property {string} method
 * @property {string} url
 * @property {[name: string, value: string][]} headers
 * @property {string} body empty if there is none
 * @property {number} bodyBytes
 * @property {number | null} status `null` if no response came
 * @property {string} statusText
 * @property {number} elapsedMs until the headers of the response
 * @property {Answer} [answer] missing until all of it is there
 */

/**
 * @typedef {object} Answer what a response held
 * @property {[name: string, value: string][]} headers
 * @property {string} body
 * @property {number} bodyBytes
 * @property {number} elapsedMs until its end
 */

/** A page that stays open all day must not grow for ever. */
export const LONGEST_LOG = 100;

/** @typedef {Partial<Record<"added" | "changed" | "removed", (exchange: Exchange) => void>>} Listener */

/** The oldest first. @type {Exchange[]} */
export const exchanges = [];

/** @type {Listener[]} */
const listeners = [];

/** @param {Listener} listener */
export const onLog = (listener) => listeners.push(listener);

/** @param {Exchange} exchange which has its status */
export function add(exchange) {
  exchanges.push(exchange);
  for (const listener of listeners) listener.added?.(exchange);
  while (exchanges.length > LONGEST_LOG) remove(exchanges[0]);
}

/** @param {Exchange} exchange which has its answer now */
export function change(exchange) {
  if (!exchanges.includes(exchange)) return;
  for (const listener of listeners) listener.changed?.(exchange);
}

/** @param {Exchange} exchange */
export function remove(exchange) {
  const at = exchanges.indexOf(exchange);
  if (at < 0) return;
  exchanges.splice(at, 1);
  for (const listener of listeners) listener.removed?.(exchange);
}

export function clear() {
  for (const exchange of [...exchanges]) remove(exchange);
}
