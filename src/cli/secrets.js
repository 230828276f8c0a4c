// @ts-check
/**
 * Where secrets come from: never from an argument, which other programs can see and shells keep, but from a file that
 * an option names, from the environment, or from who sits at the terminal.
 */

import { invalid } from "./failure.js";
import { optionOf, variableOf } from "./names.js";
import { ask, canAsk } from "./prompt.js";
import { namesFile } from "./values.js";

/** @typedef {import("./catalog.js").Parameter} Parameter */

/**
 * What to do to give a secret.
 *
 * @param {Pick<Parameter, "name" | "required">} secret
 */
export function waysOf({ name, required }) {
  const option = optionOf(name);
  const ways = [`set ${variableOf(option)}`, `write --${option} @FILE`];
  if (required) ways.push("leave it out at a terminal to be asked for it");
  return `${ways.slice(0, -1).join(", ")} or ${ways.at(-1)}`;
}

/**
 * The text of a secret that is given.
 *
 * @param {string} operation
 * @param {Pick<Parameter, "name" | "required">} secret
 * @param {string | undefined} given by its option
 * @param {import("./inputs.js").Inputs} inputs
 * @returns {Promise<string | undefined>} `undefined` if it is not
 */
export async function secretOf(operation, secret, given, inputs) {
  const { name } = secret;
  if (given !== undefined) {
    if (!namesFile(given)) throw refused(operation, secret);
    return inputs.text(name, given.slice(1));
  }
  return process.env[variableOf(optionOf(name))] || undefined;
}

/**
 * The text of a secret that is not given, from who sits at the terminal.
 *
 * @param {string} operation
 * @param {string} name
 * @param {AbortSignal} signal
 * @param {string} [label] by which it is asked for
 */
export function askFor(operation, name, signal, label = name) {
  if (canAsk()) return ask(label, signal);
  throw invalid(`${operation}: ${name} is missing, and there is no terminal to ask at; ${waysOf({ name })}.`);
}

/**
 * @param {string} operation
 * @param {Pick<Parameter, "name" | "required">} secret
 */
export const refused = (operation, secret) =>
  invalid(
    `${operation}: ${secret.name} is a secret, and other programs can see arguments; ${waysOf(secret)}.`,
  );
