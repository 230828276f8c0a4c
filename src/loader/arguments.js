// @ts-check
/**
 * What callers pass, held to its rules before the module takes it. For a broken rule a sentence is
 * thrown that begins with the parameter's name.
 */

import { LEVELS } from "./hooks.js";
import { bodyOf } from "./payload.js";
import { isGiven, items, looked, named, opaque } from "./value.js";

/** Timers take a signed 32-bit number, and fire at once for more. */
export const LARGEST = 2 ** 31 - 1;

export const ENCODING_RULE = 'must be "json" or "xml".';

/** @type {(value: any) => boolean} */
export const isCount = (value) => Number.isInteger(value) && value > 0 && value <= LARGEST;

/** @type {(value: unknown) => boolean} */
export const isEncoding = (value) => value === "json" || value === "xml";

/** The dotted name of a global function. */
const NAME = /^[a-z\d]+(\.[a-z\d]+)*$/i;

/**
 * Kinds of arguments, each with the rule that a value breaks; nothing, if it breaks none.
 *
 * @type {Record<string, (value: any) => string | false>}
 */
const KINDS = {
  value: (value) => brokenByScalar(value, "must not be"),
  text: (value) => KINDS.value(value) || (typeof value !== "string" && `must be a string, not ${kindOf(value)}.`),
  boolean: (value) =>
    KINDS.value(value) || (typeof value !== "boolean" && `must be true or false, not ${kindOf(value)}.`),
  encoding: (value) => !isEncoding(value) && ENCODING_RULE,
  level: (value) => !LEVELS.includes(value) && 'must be "silent", "error", "warn", "info" or "debug".',
  listener: (value) => typeof value !== "function" && "must be a function.",
  handler: (value) =>
    !(typeof value === "function" || (typeof value === "string" && NAME.test(value))) &&
    'must be a function, or the dotted name of a global one, for example "Page.OnAlert".',
};

/**
 * @param {string} kind
 * @param {string} parameter
 * @param {unknown} value
 * @param {boolean} isOptional
 * @returns {unknown} the value; nothing where it is absent and may be
 */
export function checked(kind, parameter, value, isOptional) {
  if (isOptional && !isGiven(value)) return undefined;
  const rule = KINDS[kind](value);
  if (rule) throw `${parameter} ${rule}`;
  return value;
}

/**
 * What is sent for a payload; see `bodyOf`.
 *
 * @param {string} parameter
 * @param {unknown} payload
 */
export function checkedBody(parameter, payload) {
  try {
    return isGiven(payload) ? bodyOf(payload) : undefined;
  } catch {
    throw `${parameter} can't be sent. Write an object that JSON can hold, or what fetch takes here, for example a URLSearchParams.`;
  }
}

/**
 * Counts and others by their names, as they were given.
 *
 * @param {string} parameter
 * @param {any} value
 * @param {string} known the names, those of counts first
 * @param {string} example
 * @returns {any} without what is absent
 */
export function checkedOptions(parameter, value, known, example) {
  const given = named(value, known, example);
  if (typeof given === "string") throw `${parameter} ${given}`;
  for (const name of known.split(", ")) {
    const option = given[name];
    if (!isGiven(option)) delete given[name];
    else if (name === "encoding") checked(name, `${parameter}.${name}`, option, false);
    else if (name !== "signal" && !isCount(option)) {
      const unit = name.endsWith("Ms") ? " of milliseconds" : "";
      throw `${parameter}.${name} must be a whole number${unit} from 1 to ${LARGEST}.`;
    }
  }
  return given;
}

/**
 * A documented argument.
 *
 * @param {any} value
 * @param {string} expected
 * @param {boolean} isPassword
 * @returns {unknown} a scalar, or an array of such; throws the rule that it breaks
 */
export function taken(value, expected, isPassword) {
  const list = looked(() => ({ items: items(value) }));
  if (!list) throw "can't be read, or has more than 10000 items.";
  for (const item of list.items ?? [value]) {
    const rule = brokenByScalar(item, `must be ${expected}, not`);
    if (rule) throw rule;
  }
  return isPassword ? opaque(value) : (list.items ?? value);
}

/**
 * @param {any} value
 * @param {string} start of the rule that only scalars are taken
 */
function brokenByScalar(value, start) {
  const isScalar = !isGiven(value) || ["boolean", "number", "string"].includes(typeof value);
  if (!isScalar) return `${start} ${kindOf(value)}.`;
  // It would silently become U+FFFD.
  return typeof value === "string" && /\p{Cs}/u.test(value) && "contains an unpaired surrogate.";
}

/** @param {any} value */
function kindOf(value) {
  if (!isGiven(value)) return "null";
  if (typeof value !== "object") return `a ${typeof value}`;
  return looked(() => !Array.isArray(value)) ? "an object" : "an array";
}
