// @ts-check
/** A form for every method, made from the declarations. It is loaded when it is opened for the first time. */

import { AgentAPI } from "../pkg/index.js";
import { onSubmit } from "./busy.js";
import { byId, element } from "./dom.js";
import { showFailure } from "./failure.js";
import { clearFieldErrors, clearFieldErrorsOnInput } from "./fields.js";
import { valueNodes } from "./value-view.js";
import { showProperties } from "./wire-recorder.js";
import { milliseconds } from "./wire-view.js";

/**
 * @typedef {{ is: string, texts?: string[] }} Kind
 * @typedef {{ name: string, isSecret: boolean }} Sent
 * @typedef {{ parameter: string, required: boolean, kind: Kind, text: string, value?: unknown }} Parameter
 * @typedef {{ group: string, name: string, isExported: boolean, text: string[], parameters: Parameter[],
 *   request: Sent[] }} Method
 */

/** Kinds that are written as JSON. */
const IN_JSON = ["texts", "object", "objects", "map", "json"];

/** Kinds that have more than one line. */
const LONG = [...IN_JSON, "xml", "xml text", "base64"];

/** @type {HTMLFormElement} */
const form = byId("method-form");
/** @type {HTMLSelectElement} */
const choice = byId("method");

/** Fills the list of methods, and shows the form of the one that is chosen. */
export async function showMethods() {
  const response = await fetch("../pkg/resources.json");
  if (!response.ok) throw new Error(`${response.url}: ${response.status}`);
  const resources = /** @type {Method[]} */ (await response.json());
  const methods = resources.filter(({ isExported }) => isExported);
  showProperties(harmlessNames(resources));
  const groups = new Set(methods.map(({ group }) => group));
  for (const group of groups) {
    const names = methods.filter((method) => method.group === group).map(({ name }) => name);
    choice.append(element("optgroup", { label: group }, ...names.map((name) => option(group, name))));
  }
  const chosen = () =>
    /** @type {Method} */ (methods.find(({ group, name }) => `${group}.${name}` === choice.value));
  choice.addEventListener("change", () => showForm(chosen()));
  clearFieldErrorsOnInput(form);
  onSubmit(form, () => call(chosen()));
  showForm(chosen());
  form.hidden = false;
}

/**
 * The names of what is sent and can be shown, whichever method sends it.
 *
 * @param {Method[]} resources
 */
function harmlessNames(resources) {
  const sent = resources.flatMap(({ request }) => request);
  const secret = new Set(sent.filter(({ isSecret }) => isSecret).map(({ name }) => name));
  return sent.map(({ name }) => name).filter((name) => !secret.has(name));
}

/**
 * @param {string} group
 * @param {string} name
 */
const option = (group, name) => element("option", { value: `${group}.${name}` }, name);

/** @param {Method} method */
function showForm({ text, parameters }) {
  byId("method-text").textContent = plainText(text.join(" ")).trim();
  byId("method-fields").replaceChildren(...parameters.map(fieldOf));
  forgetOutcome();
}

/**
 * A sentence of the documentation without its marks.
 *
 * @param {string} text
 */
const plainText = (text) => text.replace(/\{@link ([\w.]+)\}|`/g, "$1");

/** @param {Parameter} parameter */
function fieldOf(parameter) {
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
  const hint = plainText(`${required ? "" : "Optional. "}${text}`);
  return element(
    "div",
    { class: "field" },
    element("label", { for: id }, parameter.parameter),
    controlOf(parameter, attributes),
    element("p", { class: "error", id: `${id}-error` }),
    element("p", { class: "hint", id: `${id}-hint` }, hint),
  );
}

/**
 * @param {Parameter} parameter
 * @param {Record<string, string>} attributes
 */
function controlOf({ kind, required, value }, attributes) {
  const words = kind.is === "boolean" ? ["true", "false"] : kind.texts;
  if (words) {
    const offered = required ? words : ["", ...words];
    return element("select", attributes, ...offered.map((word) => element("option", {}, word)));
  }
  if (kind.is === "content") return element("input", { ...attributes, type: "file" });
  if (kind.is === "password" || kind.is === "secret")
    return element("input", { ...attributes, type: "password" });
  const text = required ? exampleText(kind, value) : "";
  if (LONG.includes(kind.is)) return element("textarea", { ...attributes, rows: "3" }, text);
  return element("input", { ...attributes, value: text });
}

/**
 * An example as it is typed: a text as it is, an object as JSON.
 *
 * @param {Kind} kind
 * @param {unknown} value
 */
const exampleText = ({ is }, value) =>
  IN_JSON.includes(is) ? JSON.stringify(value, null, 2) : String(value);

/**
 * What was typed, as an argument. What can't be read goes as the text that it is: the library says what is
 * wrong with it.
 *
 * @param {Parameter} parameter
 */
function argumentOf({ parameter, kind, required }) {
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

/** @param {Method} method */
async function call({ group, name, parameters }) {
  forgetOutcome();
  const isShown = () => choice.value === `${group}.${name}`;
  const start = performance.now();
  const elapsed = () => milliseconds(performance.now() - start);
  try {
    const method = Reflect.get(Reflect.get(AgentAPI, group), name);
    const response = await method(...parameters.map(argumentOf));
    if (!isShown()) return;
    byId("method-outcome").textContent = `Answered in ${elapsed()}.`;
    byId("method-value").replaceChildren(...valueNodes(plain(response)));
  } catch (error) {
    if (!isShown()) return;
    byId("method-outcome").textContent = `Failed after ${elapsed()}.`;
    showFailure(error, form, byId("method-failure"));
  }
}

function forgetOutcome() {
  clearFieldErrors(form);
  byId("method-outcome").textContent = "";
  byId("method-failure").replaceChildren();
  byId("method-value").replaceChildren();
}

/**
 * A response that can be shown: bytes as how many they are.
 *
 * @param {Record<string, unknown>} response
 */
function plain(response) {
  const properties = Object.entries(response).map(([name, value]) => {
    return [name, value instanceof Uint8Array ? `${value.length} bytes` : value];
  });
  return Object.fromEntries(properties);
}
