// @ts-check
/**
 * What callers pass, held to its rules before the module takes it. For a broken rule a text is thrown:
 * a sentence that begins with the parameter's name, or the rest of it where the module knows the name.
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
 * Kinds of arguments: what the module takes for a value, or, by `refuse`, the rule that it breaks.
 *
 * @type {Record<string, (value: any, refuse: (rule: string, option?: string) => never) => unknown>}
 */
const KINDS = {
  value(value, refuse) {
    const rule = brokenByScalar(value, "must not be");
    return rule ? refuse(rule) : value;
  },
  text: (value, refuse) =>
    typeof KINDS.value(value, refuse) === "string"
      ? value
      : refuse(`must be a string, not ${kindOf(value)}.`),
  boolean(value, refuse) {
    if (!isGiven(value)) refuse("is missing. Write true or false.");
    return typeof KINDS.value(value, refuse) === "boolean"
      ? value
      : refuse(`must be true or false, not ${kindOf(value)}.`);
  },
  encoding: (value, refuse) => (isEncoding(value) ? value : refuse(ENCODING_RULE)),
  level: (value, refuse) =>
    LEVELS.includes(value)
      ? value
      : refuse('must be "silent", "error", "warn", "info" or "debug".'),
  listener: (value, refuse) =>
    typeof value === "function" ? value : refuse("must be a function."),
  handler: (value, refuse) =>
    typeof value === "function" || (typeof value === "string" && NAME.test(value))
      ? value
      : refuse(
          'must be a function, or the dotted name of a global one, for example "Page.OnAlert".',
        ),
  payload: (value, refuse) =>
    looked(() => bodyOf(value)) ??
    refuse(
      "can't be sent. Write an object that JSON can hold, or what fetch takes here, for example a URLSearchParams.",
    ),
  timeouts: (value, refuse) => options(value, refuse, "attemptMs, totalMs", "{ totalMs: 30000 }"),
  limits: (value, refuse) => options(value, refuse, "maxInFlight, maxResponseBytes", "{ maxInFlight: 6 }"),
  options: (value, refuse) => options(value, refuse, "signal, timeoutMs, encoding", "{ timeoutMs: 5000 }"),
};

/**
 * @param {string} kind
 * @param {string} parameter
 * @param {unknown} value
 * @param {boolean} isOptional
 * @returns {unknown} nothing where it is absent and may be
 */
export function checked(kind, parameter, value, isOptional) {
  if (isOptional && !isGiven(value)) return undefined;
  return KINDS[kind](value, (rule, option = "") => {
    throw `${parameter}${option} ${rule}`;
  });
}

/**
 * Counts, a signal and the name of an encoding, as far as they are given. What is a signal knows the
 * module.
 *
 * @param {any} value
 * @param {(rule: string, option?: string) => never} refuse
 * @param {string} known
 * @param {string} example
 */
function options(value, refuse, known, example) {
  const given = named(value, known, example);
  if (typeof given === "string") return refuse(given);
  for (const name of known.split(", ")) {
    const option = given[name];
    if (!isGiven(option)) delete given[name];
    else if (name === "encoding") {
      if (!isEncoding(option)) refuse(ENCODING_RULE, ".encoding");
    } else if (name !== "signal" && !isCount(option)) {
      const unit = name.endsWith("Ms") ? " of milliseconds" : "";
      refuse(`must be a whole number${unit} from 1 to ${LARGEST}.`, `.${name}`);
    }
  }
  return given;
}

/**
 * Puts arguments that come in two orders into the places of the parameters.
 *
 * @param {string} name of the function
 * @param {unknown[]} args
 */
export function arrange(name, args) {
  const is = (/** @type {number} */ place, /** @type {string} */ type) => typeof args[place] === type;
  // With a lifetime in the sixth place there is no phone number.
  if (name === "Create" && is(5, "number") && !is(6, "number")) args.splice(2, 0, undefined);
  // The maintainers' Agent.Things.js passes a language here, which their client ignores.
  if (name === "InformationQuery" && is(3, "string")) args[3] = undefined;
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
