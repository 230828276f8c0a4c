// @ts-check
/** The address of a form: `#methods/Xmpp.GetRoster?MaxCount=5`. Secrets are never in it. */

import { exampleOf } from "./fields.js";

/** @typedef {import("./declarations.js").Method} Method */

/**
 * @param {Method} method
 * @param {HTMLFormElement} [form] whose values differ from the examples
 */
export function linkOf({ group, name, parameters }, form) {
  const values = new URLSearchParams();
  for (const parameter of form ? parameters.filter(isShared) : []) {
    const field = form?.elements.namedItem(parameter.parameter);
    const { value } = /** @type {HTMLInputElement} */ (field);
    if (value !== exampleOf(parameter)) values.set(parameter.parameter, value);
  }
  return `#methods/${group}.${name}${values.size ? `?${values}` : ""}`;
}

/**
 * What an address says, of parameters that the method has and that can be shared.
 *
 * @param {Method} method
 * @param {string} query
 * @returns {Map<string, string>}
 */
export function valuesOf({ parameters }, query) {
  const values = new URLSearchParams(query);
  const shared = parameters.filter(({ parameter, ...rest }) => isShared(rest) && values.has(parameter));
  return new Map(shared.map(({ parameter }) => [parameter, values.get(parameter) ?? ""]));
}

/** @param {{ isSecret?: boolean, kind: { is: string } }} parameter */
const isShared = ({ isSecret, kind }) => !isSecret && kind.is !== "content";
