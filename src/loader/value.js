// @ts-check
/**
 * What comes from outside, read so that neither what it does by itself nor what somebody has put on
 * `Object.prototype` decides anything here.
 */

/** More than anything has that a broker would take. */
const MOST_ITEMS = 10_000;

/**
 * The own properties of an object, on one without a prototype. Throws where they can't be read.
 *
 * @param {any} object
 * @returns {any}
 */
export const own = (object) => Object.assign(Object.create(null), object);

/**
 * A property, unless it is one of every object.
 *
 * @param {any} object
 * @param {string} name
 */
export const get = (object, name) =>
  name in Object.prototype && !Object.hasOwn(object ?? {}, name) ? undefined : object?.[name];

/**
 * What a caller gives by names. Throws for what can't be that, or can't be read.
 *
 * @param {any} value
 */
export function named(value) {
  const isList = Array.isArray(value) || ArrayBuffer.isView(value);
  if (typeof value !== "object" || value === null || isList) throw new TypeError();
  return own(value);
}

/**
 * The items of an array, each read once; nothing for what is no array. Throws for one that can't be
 * read, or is too long to be meant.
 *
 * @param {any} value
 */
export function items(value) {
  if (!Array.isArray(value)) return undefined;
  const length = Number(value.length);
  // A proxy may say anything.
  if (!(length <= MOST_ITEMS)) throw new RangeError();
  return Array.from({ length }, (_, index) => value[index]);
}

/**
 * A password as it is signed, however it was typed (RFC 8265 §4.2.2). The tables are the engine's.
 *
 * @param {any} value
 */
export const opaque = (value) =>
  typeof value === "string" ? value.replace(/\p{Zs}/gu, " ").normalize() : value;
