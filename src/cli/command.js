// @ts-check
/** What a command line asks for. */

import { parseArgs } from "node:util";
import { catalog } from "./catalog.js";
import { invalid } from "./failure.js";
import { nearest, optionOf } from "./names.js";
import { OPTIONS, optionsIn, parsable } from "./options.js";
import { refused, waysOf } from "./secrets.js";
import { namesFile } from "./values.js";

/** @typedef {import("./catalog.js").Group} Group */
/** @typedef {import("./catalog.js").Method} Method */
/** @typedef {import("./catalog.js").Parameter} Parameter */

/**
 * @typedef {object} Call
 * @property {string} operation such as `Xmpp.GetRoster`
 * @property {Group} group
 * @property {Method} method
 * @property {Map<string, string>} given the options and arguments, by the names of the options
 *
 * @typedef {{ version: true } | { help: true, group?: Group, method?: Method } | { call: Call }} Command
 */

const NAME = "neuron-agent-api";

/**
 * @param {string[]} words
 * @returns {Command}
 */
export function commandOf(words) {
  if (words[0] === "help") return commandOf([...words.slice(1), "--help"]);
  const isOption = (/** @type {string} */ name) =>
    partsOf(words, OPTIONS).some((part) => part.kind === "option" && part.name === name);
  if (isOption("version")) return { version: true };
  const help = isOption("help");
  const name = methodNameIn(words);
  if (name === undefined) {
    if (help) return { help };
    throw invalid(`write a method: ${NAME} GROUP.METHOD [ARGUMENT]…; ${NAME} --help lists them.`);
  }
  const group = catalog.groups.find((known) => known.name === name);
  if (group && help) return { help, group };
  const call = called(name);
  return help ? { help, ...call } : { call: { ...call, given: givenIn(words, call) } };
}

/**
 * The parts of a command line, in which an option that is not among these seems to take no value.
 *
 * @param {string[]} words
 * @param {import("./options.js").Option[]} options
 */
const partsOf = (words, options) =>
  parseArgs({ args: words, options: parsable(options), allowPositionals: true, strict: false, tokens: true })
    .tokens;

/** @param {string[]} words */
function methodNameIn(words) {
  const parts = partsOf(words, OPTIONS);
  const at = parts.findIndex(({ kind }) => kind === "positional");
  // Of options before the method, those of methods are not known yet.
  optionsIn(at < 0 ? parts : parts.slice(0, at), OPTIONS);
  const part = parts[at];
  return part?.kind === "positional" ? part.value : undefined;
}

/** @param {string} name */
function called(name) {
  const all = catalog.groups.flatMap((group) =>
    group.methods.map((method) => ({ operation: `${group.name}.${method.name}`, group, method })),
  );
  const found = all.find(({ operation }) => operation === name);
  if (found) return found;
  if (catalog.groups.some((group) => group.name === name)) {
    throw invalid(`${name} is a group; ${NAME} ${name} --help lists its methods.`);
  }
  const operations = all.map(({ operation }) => operation);
  // The group may have been left out.
  const meant =
    operations.find((operation) => operation.split(".")[1].toLowerCase() === name.toLowerCase()) ??
    nearest(name, operations);
  throw invalid(`the method ${name} is unknown; ${meant ? `did you mean ${meant}?` : `see ${NAME} --help.`}`);
}

/**
 * The arguments of a call. Those of secrets have no place: only an option can name the file that holds one.
 *
 * @param {string[]} words
 * @param {{ operation: string, method: Method }} call
 */
function givenIn(words, { operation, method }) {
  const { parameters, answersBytes } = method;
  const own = parameters.map(({ name, isSecret }) => ({
    name: optionOf(name),
    value: isSecret ? "@FILE" : "VALUE",
    text: "",
  }));
  const general = OPTIONS.filter(
    ({ name }) => !own.some((option) => option.name === name) && (name !== "output" || answersBytes),
  );
  const parts = partsOf(words, [...general, ...own]);
  const given = optionsIn(parts, [...general, ...own]);
  const secrets = parameters.filter(({ isSecret }) => isSecret);
  for (const secret of [...secrets, { name: "Password", required: true }]) {
    const written = given.get(optionOf(secret.name));
    if (written !== undefined && !namesFile(written)) throw refused(operation, secret);
  }
  const [, ...placed] = parts.flatMap((part) => (part.kind === "positional" ? [part.value] : []));
  const places = parameters.filter(({ isSecret }) => !isSecret);
  if (placed.length > places.length) throw tooMany(operation, places, secrets, placed.length);
  for (const [index, value] of placed.entries()) {
    const name = optionOf(places[index].name);
    if (given.has(name))
      throw invalid(`${operation}: ${places[index].name} is given twice, by its place and by --${name}.`);
    given.set(name, value);
  }
  const missing = places.find(({ name, required }) => required && !given.has(optionOf(name)));
  if (missing) {
    throw invalid(`${operation}: ${missing.name} is missing; see ${NAME} ${operation} --help.`);
  }
  return given;
}

/**
 * @param {string} operation
 * @param {Parameter[]} places
 * @param {Parameter[]} secrets
 * @param {number} count
 */
function tooMany(operation, places, secrets, count) {
  const names = places.map(({ name }) => name).join(", ");
  const expected = names ? `these arguments at most: ${names}` : "no arguments";
  const hints = secrets.map((secret) => ` ${secret.name} is a secret and no argument: ${waysOf(secret)}.`);
  return invalid(`${operation} takes ${expected}; there are ${count}.${hints.join("")}`);
}
