// @ts-check
/**
 * What callers pass, held to its rules before the module takes it. For a broken rule a text is thrown:
 * a sentence that begins with the parameter's name, or the rest of it where the module knows the name.
 */

import { LEVELS } from "./hooks.js";
import { LONGEST_MS } from "./page.js";
import { bodyOf, fileOf } from "./payload.js";
import {
  isGiven,
  isPlain,
  items,
  normalizePassword,
  readNamed,
  readOptions,
  tryOrUndefined,
  withoutPrototype,
} from "./value.js";

const ENCODING_RULE = 'must be "json" or "xml".';

const FUNCTION_RULE = "must be a function.";

const SIGNAL_RULE = "must be an AbortSignal, for example new AbortController().signal.";

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
  listener: (value, refuse) => (typeof value === "function" ? value : refuse(FUNCTION_RULE)),
  handler: (value, refuse) =>
    typeof value === "function" || (typeof value === "string" && NAME.test(value))
      ? value
      : refuse('must be a function, or the dotted name of a global one, for example "Page.OnAlert".'),
  payload: (value, refuse) =>
    tryOrUndefined(() => bodyOf(value)) ??
    refuse("must be what JSON can hold or fetch takes here, for example a URLSearchParams."),
  file: (value, refuse) =>
    tryOrUndefined(() => bodyOf(fileOf(value), true)) ??
    refuse(
      'must be a File, a Blob, bytes, a string, an unread stream or a form with a part named "Content".',
    ),
  timeouts: (value, refuse) => checkedOptions(value, refuse, "attemptMs, totalMs", "{ totalMs: 30000 }"),
  polling: (value, refuse) => checkedOptions(value, refuse, "everyMs, onError", "{ everyMs: 5000 }"),
  limits: (value, refuse) =>
    checkedOptions(value, refuse, "maxInFlight, maxResponseBytes", "{ maxInFlight: 6 }"),
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
 * What an object of options holds, as far as it is given: counts, a signal, a function, the name of an encoding.
 *
 * @param {any} value
 * @param {(rule: string, option?: string) => never} refuse
 * @param {string} known
 * @param {string} example
 */
function checkedOptions(value, refuse, known, example) {
  const given = readOptions(value, known, example);
  if (typeof given === "string") return refuse(given);
  for (const name of known.split(", ")) {
    const option = given[name];
    if (!isGiven(option)) delete given[name];
    const rule = brokenByOption(name, option);
    if (rule) refuse(rule, `.${name}`);
  }
  return given;
}

/**
 * The rule that a signal, a function, an encoding or a count breaks.
 *
 * @param {string} name
 * @param {any} value
 */
export function brokenByOption(name, value) {
  if (!isGiven(value)) return undefined;
  if (name === "onError") return typeof value === "function" ? undefined : FUNCTION_RULE;
  if (name === "encoding") return isEncoding(value) ? undefined : ENCODING_RULE;
  if (name === "signal")
    return tryOrUndefined(() => typeof value.aborted) === "boolean" ? undefined : SIGNAL_RULE;
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
 * @typedef {"scalar" | "password" | "date" | "object" | "map" | "content" | "function"} ArgumentType
 */

/**
 * The arguments of a call as one text, in which a NUL separates them: each after a colon, or as JSON after an
 * equals sign, and then the options that there are: `t` and a timeout, `e` and an encoding, `s` for a signal.
 * Throws a text for one that can't be sent, in three lines: its number or name, the place in it, such as
 * `[2].value`, and the broken rule.
 *
 * @param {unknown[]} args
 * @param {string} parameters a line for each, with colons between its {@link ArgumentType}, what it must be in
 *   words and, if the arguments may be one object, its name
 * @param {number} optionsIndex
 * @param {(signal: AbortSignal) => object} listen to a signal; throws for what only looks like one
 * @param {(callback: Function) => void} hold a function, which no text can carry
 */
export function argumentsToText(args, parameters, optionsIndex, listen, hold) {
  const described = parsed(parameters);
  const named = namedArguments(
    args[0],
    described.map(([, , name]) => name),
  );
  const place = named ? 1 : optionsIndex;
  const texts = described.map(([type, expected], index) => {
    try {
      const value = (named ?? args)[index];
      if (type === "function" && typeof value === "function") {
        hold(value);
        return "=null";
      }
      return argumentToText(value, /** @type {ArgumentType} */ (type), expected);
    } catch (broken) {
      // Anything else comes of an object that contains itself.
      const rule = typeof broken === "string" ? broken : "\ncan't be read, or is nested too deeply.";
      throw `${index}\n${rule.replace(/options\.$/, `options; that is argument ${place + 1}.`)}`;
    }
  });
  const { timeoutMs, encoding, signal } = callOptions(args[place]);
  if (timeoutMs) texts.push(`t${timeoutMs}`);
  if (encoding) texts.push(`e${encoding}`);
  if (isGiven(signal)) {
    if (tryOrUndefined(() => listen(signal)) === undefined) throw `Options\n.signal\n${SIGNAL_RULE}`;
    texts.push("s");
  }
  return texts.join("\0");
}

/**
 * The arguments in the order of the parameters, where all of them come as one object.
 *
 * @param {unknown} first argument
 * @param {string[]} names of the parameters, if they have any
 * @returns {unknown[] | undefined}
 */
function namedArguments(first, names) {
  const { given, unknown } = readNamed(names[0] && first, names) ?? {};
  if (unknown !== undefined)
    throw `Parameters\n.${String(unknown)}\nis unknown; expected ${names.join(", ")}.`;
  return given && names.map((name) => given[name]);
}

/** What was parsed, as often as each is called: there are not many. @type {Map<string, string[][]>} */
const known = new Map();

/** @param {string} parameters */
function parsed(parameters) {
  let found = known.get(parameters);
  if (!found) {
    found = parameters ? parameters.split("\n").map((parameter) => parameter.split(":")) : [];
    known.set(parameters, found);
  }
  return found;
}

/** @param {unknown} options */
function callOptions(options) {
  if (!isGiven(options)) return withoutPrototype({});
  const refuse = (/** @type {string} */ rule, option = "") => {
    throw `Options\n${option}\n${rule}`;
  };
  return checkedOptions(options, refuse, "signal, timeoutMs, encoding", "{ timeoutMs: 5000 }");
}

/**
 * @param {unknown} value
 * @param {ArgumentType} type
 * @param {string} expected
 */
function argumentToText(value, type, expected) {
  // The module asks for it by itself, because no text can carry it.
  if (type === "content") return isGiven(value) ? "=true" : "=null";
  const copy = copyOf(value, type, expected, "");
  const plain = type === "password" ? normalizePassword(copy) : copy;
  // Not as JSON, which is slow for XML of a megabyte.
  if (typeof plain === "string" && !plain.includes("\0")) {
    return `:${plain}`;
  }
  // JSON has no such number, but one that is read as such: the module says what it must be instead.
  if (typeof plain === "number" && !Number.isFinite(plain)) return "=1e999";
  return `=${JSON.stringify(plain) ?? "null"}`;
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
  const takesObjects = type === "object" || type === "map";
  const start = `must be ${place ? "a value of JSON" : expected}, not`;
  if (typeof value !== "object" || !value) {
    const rule = brokenByScalar(value, start);
    if (rule) refuse(rule);
    const isInJson = place || takesObjects;
    if (isInJson && typeof value === "number" && !Number.isFinite(value)) refuse("must be a finite number.");
    return value;
  }
  const copyItem = (/** @type {unknown} */ item, /** @type {number} */ index) =>
    copyOf(item, type, expected, `${place}[${index}]`);
  const list =
    tryOrUndefined(() => ({ items: items(value) })) ?? refuse("can't be read, or has more than 10000 items.");
  if (list.items) return list.items.map(copyItem);
  const date =
    (takesObjects || type === "date") && tryOrUndefined(() => Date.prototype.toISOString.call(value));
  if (date) return date;
  const pairs = type === "map" && tryOrUndefined(() => [...Map.prototype.entries.call(value)]);
  if (pairs) return pairs.map(copyItem);
  const properties =
    takesObjects && tryOrUndefined(() => isPlain(value) && Object.entries(withoutPrototype(value)));
  if (!properties) return refuse(`${start} ${kindOf(value)}.`);
  return Object.fromEntries(
    properties.map((/** @type {[string, unknown]} */ [name, property]) => [
      name,
      // What has no value is left out of JSON. A name of a map is kept without one, to be refused.
      copyOf(place || property !== undefined ? property : null, type, expected, `${place}.${name}`),
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
  return (
    tryOrUndefined(() => {
      if (Array.isArray(value)) return "an array";
      if (ArrayBuffer.isView(value)) return "bytes";
      // Other names may be secrets, such as a password that a form parser took for a name.
      return ("timeoutMs" in value || "signal" in value) && "an object with options";
    }) || "an object"
  );
}
