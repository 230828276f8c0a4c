// @ts-check
/** What has happened to sessions and calls since the page was opened, within bounds. */

/**
 * @typedef {object} Moment
 * @property {string} client
 * @property {import("../../pkg/index.js").SessionEvent} [session]
 * @property {import("../../pkg/index.js").RetryEvent} [retry]
 *
 * @typedef {Moment & { at: Date }} DatedMoment
 */

/** A page that stays open all day must not grow for ever. */
const LONGEST_TIMELINE = 200;

/** The oldest first. @type {DatedMoment[]} */
export const moments = [];

/** @type {(() => void)[]} */
const listeners = [];

/** @param {() => void} listener is called when there is another */
export const onMoment = (listener) => listeners.push(listener);

/** @param {Moment} moment */
export function add(moment) {
  moments.push({ ...moment, at: new Date() });
  if (moments.length > LONGEST_TIMELINE) moments.shift();
  for (const listener of listeners) listener();
}
