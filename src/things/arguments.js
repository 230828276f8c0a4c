// @ts-check
/** Reads the arguments of a method, one by one or as one object, and holds them to their rules. */

import { brokenByOption } from "../loader/arguments.js";
import { isGiven, items, readNamed, readOptions, tryOrUndefined, withoutPrototype } from "../loader/value.js";
import { failure } from "./failure.js";
import { isWritable } from "./xml.js";

/** What a method takes. @typedef {{ names: string[], required: string[] }} Parameters */

/** What a method was given, by the names of the parameters; without what is absent. @typedef {any} Given */

/** @typedef {(rule: string) => never} Refuse */

/** The longest JID (RFC 7622 §3.1): three parts of 1,023 bytes, with two characters between them. */
const LONGEST_JID = 3071;

/** A domain with or without an account and a resource. The client checks the rest. */
const JID = /^([^\s@/"&'<>:]+@)?[^\s@/]+(\/.+)?$/su;

/** A point in time with a time zone (ISO 8601). */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/i;

/**
 * How an argument of each kind is read: what it becomes, or, by `refuse`, the rule that it breaks.
 *
 * @type {Record<string, (value: any, refuse: Refuse) => unknown>}
 */
const KINDS = {
  jid: (value, refuse) =>
    value.length <= LONGEST_JID && JID.test(value)
      ? value
      : refuse('is not a JID, for example "house@example.org".'),
  language: (value, refuse) =>
    tryOrUndefined(() => Intl.getCanonicalLocales(value))
      ? value
      : refuse(
          'is not a language tag. Write an ISO 639-1 code or a BCP 47 tag, for example "en" or "sv-SE".',
        ),
  text: (value) => value,
  flag: (value, refuse) => (typeof value === "boolean" ? value : refuse("must be true or false.")),
  names(value, refuse) {
    const names = tryOrUndefined(() => items(value));
    const isName = (/** @type {unknown} */ name) => typeof name === "string" && name && isWritable(name);
    return names?.every(isName) ? names : refuse('must be an array of names, for example ["Temperature"].');
  },
  time(value, refuse) {
    const time = typeof value === "string" && TIME.test(value) ? new Date(value) : value;
    return (
      tryOrUndefined(() => Date.prototype.toISOString.call(time)) ??
      refuse('must be a Date, or ISO 8601 with a time zone, for example "2026-11-26T12:00:00Z".')
    );
  },
};

/** The kinds that are given as texts. */
const TEXTS = ["jid", "language", "text"];

/** The kind of each parameter; of all others, `text`. @type {Record<string, string>} */
const KIND_OF = {
  JID: "jid",
  Language: "language",
  Parameters: "flag",
  Messages: "flag",
  Momentary: "flag",
  Peak: "flag",
  Status: "flag",
  Computed: "flag",
  Identity: "flag",
  History: "flag",
  Fields: "names",
  From: "time",
  To: "time",
  When: "time",
};

/**
 * @param {string} operation
 * @param {Parameters} parameters
 * @param {unknown[]} args
 * @param {string} [ownOptions] the names of options that other methods do not take
 * @returns {{ given: Given, options: any }}
 */
export function readArguments(operation, { names, required }, args, ownOptions = "") {
  const named = namedArguments(operation, args[0], names);
  const values = named ?? Object.fromEntries(names.map((name, index) => [name, args[index]]));
  /** @type {Given} */
  const given = withoutPrototype({});
  for (const name of names) {
    const value = readArgument(operation, name, values[name]);
    if (value !== undefined) given[name] = value;
    else if (required.includes(name)) throw invalid(operation, name, "is missing.");
  }
  return { given, options: readCallOptions(operation, args[named ? 1 : names.length], ownOptions) };
}

/**
 * The arguments by their names, if all of them come as one object.
 *
 * @param {string} operation
 * @param {unknown} first argument
 * @param {string[]} names of the parameters
 */
function namedArguments(operation, first, names) {
  const { given, unknown } = readNamed(first, names) ?? {};
  if (unknown === undefined) return given;
  throw invalid(operation, `Parameters.${String(unknown)}`, `is unknown; expected ${names.join(", ")}.`);
}

/**
 * @param {string} operation
 * @param {string} name of the parameter
 * @param {any} value
 * @returns {unknown} nothing if it is absent: an empty text counts as that
 */
function readArgument(operation, name, value) {
  if (!isGiven(value) || value === "") return undefined;
  /** @type {Refuse} */
  const refuse = (rule) => {
    throw invalid(operation, name, rule);
  };
  const kind = Object.hasOwn(KIND_OF, name) ? KIND_OF[name] : "text";
  if (TEXTS.includes(kind)) {
    if (typeof value !== "string") refuse("must be a string.");
    if (!isWritable(value)) refuse("has a character that XML can't hold.");
  }
  return KINDS[kind](value, refuse);
}

/**
 * @param {string} operation
 * @param {unknown} value
 * @param {string} ownOptions
 */
function readCallOptions(operation, value, ownOptions) {
  const known = `signal, timeoutMs, encoding${ownOptions && `, ${ownOptions}`}`;
  const options = readOptions(value ?? {}, known, "{ timeoutMs: 5000 }");
  if (typeof options === "string") throw invalid(operation, "Options", options);
  for (const name of ["signal", "timeoutMs", "encoding"]) {
    const rule = brokenByOption(name, options[name]);
    if (rule) throw invalid(operation, `Options.${name}`, rule);
  }
  if (isGiven(options.onProgress) && typeof options.onProgress !== "function") {
    throw invalid(operation, "Options.onProgress", "must be a function.");
  }
  return options;
}

/**
 * @param {string} operation
 * @param {string} parameter
 * @param {string} rule
 */
export const invalid = (operation, parameter, rule) =>
  failure(operation, "invalid-argument", `${parameter} ${rule}`, { parameter });
