// @ts-check
/** The options that do not belong to a method. */

import { invalid } from "./failure.js";
import { nearest } from "./names.js";

/**
 * @typedef {object} Option
 * @property {string} name
 * @property {string} [short]
 * @property {string} [value] what it takes, if it takes anything
 * @property {string} [variable] from the environment, instead of it
 * @property {string} text what it is for
 */

/** @type {Option[]} */
export const OPTIONS = [
  { name: "host", value: "HOST", variable: "NEURON_HOST", text: "The broker, such as neuron.example.org." },
  {
    name: "insecure",
    variable: "NEURON_INSECURE",
    text: "Use http. Refused unless the broker is on this machine. In the environment, 1 means yes.",
  },
  {
    name: "allow-insecure",
    text: "With --insecure, allow a broker on another machine of a network of your own.",
  },
  {
    name: "user",
    value: "NAME",
    variable: "NEURON_USER",
    text: "The account, for methods that need a session.",
  },
  {
    name: "password",
    value: "@FILE",
    variable: "NEURON_PASSWORD",
    text: "Its password. If it is in neither place, it is asked for at the terminal.",
  },
  { name: "encoding", value: "json|xml", text: "The encoding of requests and responses. Default: json." },
  { name: "timeout", value: "MS", text: "How long the call may take, in milliseconds. Default: 30000." },
  {
    name: "output",
    short: "o",
    value: "FILE",
    text: "Of Storage.Download: where to write the file, instead of the standard output.",
  },
  { name: "help", short: "h", text: "Show help: for all, for a group or for a method." },
  { name: "version", text: "Show the version." },
];

/**
 * Options as `parseArgs` takes them.
 *
 * @param {Option[]} options
 * @returns {import("node:util").ParseArgsConfig["options"]}
 */
export const parsable = (options) =>
  Object.fromEntries(
    options.map(({ name, short, value }) => [
      name,
      { type: value === undefined ? "boolean" : "string", ...(short && { short }) },
    ]),
  );

/**
 * The options among the parts of a command line.
 *
 * @param {{ kind: string, name?: string, rawName?: string, value?: string, inlineValue?: boolean }[]} tokens
 * @param {Option[]} options
 * @returns {Map<string, string>} of each its value; of one that takes none, an empty text
 */
export function optionsIn(tokens, options) {
  /** @type {Map<string, string>} */
  const given = new Map();
  for (const { kind, name, rawName, value, inlineValue } of tokens) {
    if (kind !== "option" || name === undefined) continue;
    const option = options.find((known) => known.name === name);
    // Never with its value, which may be a secret of a misspelt option.
    if (!option) throw unknownOption(rawName ?? `--${name}`, options);
    if (given.has(name)) throw invalid(`--${name} is given twice.`);
    if (option.value === undefined) {
      if (value !== undefined) throw invalid(`--${name} takes no value.`);
    } else if (value === undefined || (!inlineValue && /^-[^\d]/.test(value))) {
      const hint = value === undefined ? "" : `; write --${name}=… if it begins with a hyphen`;
      throw invalid(`--${name} needs a value${hint}.`);
    }
    given.set(name, value ?? "");
  }
  return given;
}

/**
 * @param {string} written
 * @param {Option[]} options
 */
function unknownOption(written, options) {
  const meant = nearest(
    written,
    options.map(({ name }) => `--${name}`),
  );
  return invalid(`the option ${written} is unknown${meant ? `; did you mean ${meant}?` : "; see --help."}`);
}

/**
 * Whether an option is on that takes no value, or its variable.
 *
 * @param {Map<string, string>} given
 * @param {string} name
 */
export function isOn(given, name) {
  if (given.has(name)) return true;
  const { variable = "" } = OPTIONS.find((option) => option.name === name) ?? {};
  const value = process.env[variable] ?? "";
  if (["", "0", "false"].includes(value)) return false;
  if (["1", "true"].includes(value)) return true;
  throw invalid(`${variable} must be 1 or 0.`);
}

/**
 * The value of an option, or that of its variable.
 *
 * @param {Map<string, string>} given
 * @param {string} name
 * @returns {string | undefined}
 */
export function settingOf(given, name) {
  const { variable } = OPTIONS.find((option) => option.name === name) ?? {};
  return given.get(name) ?? ((variable && process.env[variable]) || undefined);
}
