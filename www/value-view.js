// @ts-check
/** A JavaScript value as coloured text, one property a line, in the notation of the language. */

import { element } from "./dom.js";

/**
 * @param {unknown} value that JSON can hold
 * @param {string} [indent]
 * @returns {(Node | string)[]}
 */
export function valueNodes(value, indent = "") {
  if (Array.isArray(value)) {
    return between("[", "]", indent, value, (item, inner) => valueNodes(item, inner));
  }
  if (typeof value === "object" && value !== null) {
    return between("{", "}", indent, Object.entries(value), ([name, property], inner) => [
      element("span", { class: "name" }, propertyName(name)),
      ": ",
      ...valueNodes(property, inner),
    ]);
  }
  return [literal(value)];
}

/**
 * A string, number, boolean or null as it is written in code.
 *
 * @param {unknown} value
 */
export function literal(value) {
  const type = value === null ? "null" : typeof value;
  return element("span", { class: type }, JSON.stringify(value));
}

/**
 * @template Item
 * @param {string} opening
 * @param {string} closing
 * @param {string} indent
 * @param {Item[]} items
 * @param {(item: Item, indent: string) => (Node | string)[]} nodesOf
 * @returns {(Node | string)[]}
 */
function between(opening, closing, indent, items, nodesOf) {
  if (items.length === 0) return [opening + closing];
  const inner = `${indent}  `;
  const lines = items.flatMap((item) => [`\n${inner}`, ...nodesOf(item, inner), ","]);
  return [opening, ...lines, `\n${indent}${closing}`];
}

/** @param {string} name */
function propertyName(name) {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}
