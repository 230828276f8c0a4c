// @ts-check
/**
 * What callers pass, held to its rules before the module takes it. For a broken rule a text is thrown:
 * a sentence that begins with the parameter's name, or the rest of it where the module knows the name.
 */

import { LEVELS } from "./hooks.js";
import { LONGEST_MS } from "./page.js";
import { bodyOf, isPlain } from "./payload.js";
import { isGiven, items, normalizePassword, readOptions, tryOrUndefined, withoutPrototype } from "./value.js";

const ENCODING_RULE = 'must be "json" or "xml".';

/** @type {(value: unknown) => boolean} */
const isEncoding = (value) => value === "json" || value === "xml";

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
    LEVELS.includes(value) ? value : refuse('must be "silent", "error", "warn", "info" or "debug".'),
  listener: (value, refuse) => (typeof value === "function" ? value : refuse("must be a function.")),
  handler: (value, refuse) =>
    typeof value === "function" || (typeof value === "string" && NAME.test(value))
      ? value
      : refuse('must be a function, or the dotted name of a global one, for example "Page.OnAlert".'),
  payload: (value, refuse) =>
    tryOrUndefined(() => bodyOf(value)) ??
    refuse(
      "can't be sent. Write an object that JSON can hold, or what fetch takes here, for example a URLSearchParams.",
    ),
  timeouts: (value, refuse) => options(value, refuse, "attemptMs, totalMs", "{ totalMs: 30000 }"),
  limits: (value, refuse) => options(value, refuse, "maxInFlight, maxResponseBytes", "{ maxInFlight: 6 }"),
  options(value, refuse) {
    const given = options(value, refuse, "signal, timeoutMs, encoding", "{ timeoutMs: 5000 }");
    return [given.signal, given.timeoutMs, given.encoding];
  },
};

/**
 * @param {string} kind
 * @param {string} parameter
 * @param {unknown} value
 * @param {boolean} [isOptional]
 * @returns {any} nothing where it is absent and may be
 */
export function checkArgument(kind, parameter, value, isOptional) {
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
  const given = readOptions(value, known, example);
  if (typeof given === "string") return refuse(given);
  for (const name of known.split(", ")) {
    const option = given[name];
    if (!isGiven(option)) delete given[name];
    const rule = name !== "signal" && brokenByOption(name, option);
    if (rule) refuse(rule, `.${name}`);
  }
  return given;
}

/**
 * The rule that an encoding or a count breaks.
 *
 * @param {string} name
 * @param {any} value
 */
export function brokenByOption(name, value) {
  if (!isGiven(value)) return undefined;
  if (name === "encoding") return isEncoding(value) ? undefined : ENCODING_RULE;
  if (Number.isInteger(value) && value > 0 && value <= LONGEST_MS) return undefined;
  const unit = name.endsWith("Ms") ? " of milliseconds" : "";
  return `must be a whole number${unit} from 1 to ${LONGEST_MS}.`;
}

/**
 * Puts arguments that come in two orders into the places of the parameters.
 *
 * @param {string} operation
 * @param {unknown[]} args
 */
export function reorderArguments(operation, args) {
  const is = (/** @type {number} */ place, /** @type {string} */ type) => typeof args[place] === type;
  // With a lifetime in the sixth place there is no phone number.
  if (operation === "Account.Create" && is(5, "number") && !is(6, "number")) args.splice(2, 0, undefined);
  // TAG's `Agent.Things.js` passes a language here, which `Agent.js` ignores.
  if (operation === "Xmpp.InformationQuery" && is(3, "string")) args[3] = undefined;
}

/**
 * How an argument is read. `InputKind::argument_type` in `src/wire/check.rs` chooses by the kind of the input.
 *
 * @typedef {"scalar" | "number" | "password" | "date" | "object" | "map" | "content"} ArgumentType
 */

/**
 * Documented arguments, as they are to be checked: a text, or JSON in an array of its own. Throws a text for
 * one that can't be sent, in three lines: its number, the place in it, such as `[2].value`, and the broken
 * rule.
 *
 * @param {unknown[]} args
 * @param {string} parameters a line for each: its {@link ArgumentType}, a colon, and what it must be in words
 */
export function argumentsToJson(args, parameters) {
  return parameters.split("\n").map((parameter, index) => {
    const [type, expected] = parameter.split(":");
    try {
      return argumentToJson(args[index], /** @type {ArgumentType} */ (type), expected);
    } catch (broken) {
      // Anything else comes of an object that contains itself.
      throw `${index}\n${typeof broken === "string" ? broken : "\ncan't be read, or is nested too deeply."}`;
    }
  });
}

/**
 * @param {unknown} value
 * @param {ArgumentType} type
 * @param {string} expected
 */
function argumentToJson(value, type, expected) {
  // The module asks for it by itself, because no text can carry it.
  if (type === "content") return [String(isGiven(value) || null)];
  const plain = copyOf(value, type, expected, "");
  // Not as JSON, which is slow for XML of a megabyte.
  if (typeof plain === "string") return type === "password" ? normalizePassword(plain) : plain;
  // JSON has no such number, but one that is read as such.
  if (type === "number" && typeof plain === "number" && !Number.isFinite(plain)) return ["1e999"];
  return [JSON.stringify(plain) ?? "null"];
}

/**
 * A copy that JSON can carry without loss.
 *
 * @param {any} value
 * @param {ArgumentType} type
 * @param {string} expected
 * @param {string} place
 * @returns {any}
 */
function copyOf(value, type, expected, place) {
  const refuse = (/** @type {string} */ rule) => {
    throw `${place}\n${rule}`;
  };
  if (typeof value !== "object" || !value) {
    const rule = brokenByScalar(value, `must be ${expected}, not`);
    if (rule) refuse(rule);
    if (typeof value === "number" && !Number.isFinite(value) && expected !== "a number")
      refuse("must be a finite number.");
    return value;
  }
  const copyItem = (/** @type {unknown} */ item, /** @type {number} */ index) =>
    copyOf(item, type, expected, `${place}[${index}]`);
  const list =
    tryOrUndefined(() => ({ items: items(value) })) ?? refuse("can't be read, or has more than 10000 items.");
  if (list.items) return list.items.map(copyItem);
  const takesObjects = type === "object" || type === "map";
  const date =
    (takesObjects || type === "date") && tryOrUndefined(() => Date.prototype.toISOString.call(value));
  if (date) return date;
  const pairs = type === "map" && tryOrUndefined(() => [...Map.prototype.entries.call(value)]);
  if (pairs) return pairs.map(copyItem);
  const properties =
    takesObjects && tryOrUndefined(() => isPlain(value) && Object.entries(withoutPrototype(value)));
  if (!properties) return refuse(`must be ${place ? "a value of JSON" : expected}, not ${kindOf(value)}.`);
  return Object.fromEntries(
    properties.map((/** @type {[string, unknown]} */ [name, property]) => [
      name,
      copyOf(property, type, expected, `${place}.${name}`),
    ]),
  );
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
  return tryOrUndefined(() => !Array.isArray(value)) ? "an object" : "an array";
}
