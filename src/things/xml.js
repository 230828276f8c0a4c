// @ts-check
/** Writes XML, and reads the objects that the broker makes of it. */

import { get } from "../loader/value.js";

/** Whether XML can hold all characters of a text (XML 1.0 §2.2). @param {string} text */
export const isWritable = (text) => /^[\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u.test(text);

/** @type {Record<string, string>} */
const ESCAPES = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\t": "&#9;",
  "\n": "&#10;",
  "\r": "&#13;",
};

const escaped = (/** @type {string} */ text) =>
  text.replace(/[&<>"\t\n\r]/g, (character) => ESCAPES[character]);

/**
 * @param {string} name
 * @param {Record<string, string | undefined>} attributes those without a value are left out
 * @param {string} [content] XML
 */
export function elementOf(name, attributes, content) {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([attribute, value]) => ` ${attribute}="${escaped(/** @type {string} */ (value))}"`)
    .join("");
  return content ? `<${name}${written}>${content}</${name}>` : `<${name}${written}/>`;
}

/**
 * The value of an attribute, or the text of an element under the name `value`.
 *
 * @param {any} element
 * @param {string} name
 * @returns {string | undefined}
 */
export function textOf(element, name) {
  const value = get(element, name);
  return typeof value === "string" ? value : undefined;
}

/**
 * The names of child elements, each in the place where it was first there. Those that begin with two underscores
 * are the broker's own, such as a list of all children.
 *
 * @param {object} element
 */
export const childNamesOf = (element) => Object.keys(element).filter((name) => !name.startsWith("__"));

/** A boolean as XML Schema has it; what is no `true` is false. @param {string | undefined} text */
export const isTrue = (text) => text?.trim() === "true" || text?.trim() === "1";
