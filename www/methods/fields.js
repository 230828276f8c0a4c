// @ts-check
/** The fields of a method's parameters, and what is typed into them. */

import { element } from "../dom.js";
import { methods as texts } from "../texts.js";
import { plainText } from "./declarations.js";

/** @typedef {import("./declarations.js").Parameter} Parameter */

/** Kinds that are written as JSON. */
const IN_JSON = ["texts", "object", "objects", "map", "json"];

/** Kinds that have more than one line. */
const LONG = [...IN_JSON, "xml", "xml text", "base64"];

/**
 * @param {Parameter} parameter
 * @param {string | undefined} given instead of the example
 */
export function fieldOf(parameter, given) {
  const { required, text } = parameter;
  const id = `method-${parameter.parameter}`;
  const attributes = {
    id,
    name: parameter.parameter,
    "aria-describedby": `${id}-error ${id}-hint`,
    autocomplete: "off",
    autocapitalize: "none",
    spellcheck: "false",
  };
  const hint = plainText(`${required ? "" : texts.optional}${text}`);
  const control = /** @type {HTMLInputElement} */ (controlOf(parameter, attributes));
  if (given !== undefined && control.type !== "file") control.value = given;
  return element(
    "div",
    { class: "field" },
    element("label", { for: id }, parameter.parameter),
    control,
    element("p", { class: "error", id: `${id}-error` }),
    element("p", { class: "hint", id: `${id}-hint` }, hint),
  );
}

/**
 * @param {Parameter} parameter
 * @param {Record<string, string>} attributes
 */
function controlOf(parameter, attributes) {
  const { kind, required } = parameter;
  const words = kind.is === "boolean" ? ["true", "false"] : kind.texts;
  if (words) {
    const offered = required ? words : ["", ...words];
    return element("select", attributes, ...offered.map((word) => element("option", {}, word)));
  }
  if (kind.is === "content") return element("input", { ...attributes, type: "file" });
  if (kind.is === "password" || kind.is === "secret")
    return element("input", { ...attributes, type: "password" });
  const text = exampleOf(parameter);
  if (LONG.includes(kind.is)) return element("textarea", { ...attributes, rows: "3" }, text);
  return element("input", { ...attributes, value: text });
}

/**
 * What a field holds at first: an example as it is typed, a text as it is, an object as JSON.
 *
 * @param {Parameter} parameter
 */
export function exampleOf({ kind, required, value }) {
  if (!required || ["content", "password", "secret"].includes(kind.is)) return "";
  if (kind.is === "boolean") return "true";
  return IN_JSON.includes(kind.is) ? JSON.stringify(value, null, 2) : String(kind.texts?.[0] ?? value);
}

/**
 * What was typed, as an argument. What can't be read goes as the text that it is: the library says what is
 * wrong with it.
 *
 * @param {HTMLFormElement} form
 * @param {Parameter} parameter
 */
export function argumentOf(form, { parameter, kind, required }) {
  const field = /** @type {HTMLInputElement} */ (form.elements.namedItem(parameter));
  if (kind.is === "content") return field.files?.[0] ?? null;
  const text = field.value;
  if (text === "") return required && kind.is === "text" ? "" : null;
  if (kind.is === "boolean") return text === "true";
  const isNumber = kind.is === "integer" || kind.is === "decimal";
  if (!isNumber && !IN_JSON.includes(kind.is)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
