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
export const withoutPrototype = (object) => Object.assign(Object.create(null), object);

/** @type {(value: unknown) => boolean} */
export const isGiven = (value) => value !== undefined && value !== null;

/**
 * What a function returns, `undefined` if it throws: for values that may be anything, such as a proxy.
 *
 * @param {() => any} read
 */
export function tryOrUndefined(read) {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/**
 * A property, unless it is one of every object.
 *
 * @param {any} object
 * @param {string} name
 */
export const get = (object, name) =>
  name in Object.prototype && !Object.hasOwn(object ?? {}, name) ? undefined : object?.[name];

/**
 * What a caller gives by names; or, as a text, the rule that it breaks.
 *
 * @param {any} value
 * @param {string} known the names that there are
 * @param {string} example
 */
export function readOptions(value, known, example) {
  const isList = () => Array.isArray(value) || ArrayBuffer.isView(value);
  const given = tryOrUndefined(
    () => typeof value === "object" && isGiven(value) && !isList() && withoutPrototype(value),
  );
  if (!given) return `must be an object, for example ${example}.`;
  const unknown = Reflect.ownKeys(given).find((name) => !known.split(", ").includes(String(name)));
  return unknown === undefined ? given : `has an unknown option ${String(unknown)}; expected ${known}.`;
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
 * Whether JSON loses nothing of an object but its identity. The prototype of plain objects, in every
 * realm, has no prototype itself.
 *
 * @param {object} object
 */
export function isPlain(object) {
  const prototype = Object.getPrototypeOf(object);
  return !prototype || Array.isArray(object) || !Object.getPrototypeOf(prototype);
}

/**
 * What is given by the names of parameters, as one object, and a name that is none of them. Nothing for what is no
 * object, or can't be read.
 *
 * @param {any} first argument; the first parameter takes no object
 * @param {string[]} names
 * @returns {{ given: any, unknown: string | symbol | undefined } | undefined}
 */
export function readNamed(first, names) {
  // Most calls have no such object, and an error that is thrown and caught takes a tenth of their time.
  if (typeof first !== "object" || !first) return undefined;
  const given = tryOrUndefined(() => isPlain(first) && !Array.isArray(first) && withoutPrototype(first));
  return given && { given, unknown: Reflect.ownKeys(given).find((name) => !names.includes(String(name))) };
}

/**
 * A password as it is signed, however it was typed (RFC 8265 §4.2.2). The tables are the engine's.
 *
 * @param {any} value
 */
export const normalizePassword = (value) =>
  typeof value === "string" ? value.replace(/\p{Zs}/gu, " ").normalize() : value;

/**
 * The child elements of a name. JSON shows one as an object and several as an array, and an attribute
 * of that name as a text.
 *
 * @param {any} element
 * @param {string} name
 * @returns {object[]}
 */
export function children(element, name) {
  const found = tryOrUndefined(() => [get(element, name)].flat()) ?? [];
  return found.filter((/** @type {unknown} */ child) => typeof child === "object" && child !== null);
}

/**
 * The text of the first element of a name, in a list of elements or in an element; or the attribute of that name.
 *
 * @param {any} from
 * @param {string} name
 * @returns {string | undefined} nothing if there is none, or it has no text
 */
export function textOf(from, name) {
  const found = tryOrUndefined(() =>
    Array.isArray(from)
      ? from.find((element) => get(element, "__name") === name)
      : [get(from, name)].flat()[0],
  );
  const text =
    typeof found === "string" ? found : tryOrUndefined(() => get(found, "__value") ?? get(found, "value"));
  return typeof text === "string" ? text : undefined;
}

/** @param {string} json */
export const parseJson = (json) => tryOrUndefined(() => JSON.parse(json));
