// @ts-check
/** The parts of a person's column. */

import { element } from "../dom.js";

/**
 * A field with its label and a place for its error. Its name is the parameter that an error names.
 *
 * @param {object} options
 * @param {string} options.person
 * @param {string} options.name
 * @param {string} options.label
 * @param {string} [options.value]
 * @param {string} [options.type]
 * @param {string} [options.autocomplete]
 * @param {string} [options.prefix] of the id, where a person has two fields of that name
 * @param {boolean} [options.isShort]
 */
export function field({
  person,
  name,
  label,
  value = "",
  type = "text",
  autocomplete = "off",
  prefix,
  isShort,
}) {
  const id = [person, prefix, name].filter(Boolean).join("-");
  const input = element("input", {
    id,
    name,
    type,
    autocomplete,
    autocapitalize: "none",
    spellcheck: "false",
    "aria-describedby": `${id}-error`,
    ...(isShort && { class: "short" }),
  });
  // Not the attribute, which would show a password in the markup.
  Object.assign(input, { value });
  return element(
    "div",
    { class: "field" },
    element("label", { for: id }, label),
    input,
    element("p", { class: "error", id: `${id}-error` }),
  );
}

/**
 * @param {string} button
 * @param {HTMLElement[]} fields
 */
export const form = (button, fields) =>
  /** @type {HTMLFormElement} */ (
    element("form", { novalidate: "" }, ...fields, element("button", {}, button))
  );

/**
 * A part with a heading, and below it a place for what came of it.
 *
 * @param {string} id
 * @param {string} heading
 * @param {HTMLElement[]} content
 */
export function part(id, heading, ...content) {
  const outcome = element("p", { class: "outcome", role: "status" });
  const failure = element("div", { class: "failure", role: "alert" });
  const root = element(
    "div",
    { class: "part", role: "group", "aria-labelledby": id },
    element("h3", { id }, heading),
    ...content,
    outcome,
    failure,
  );
  return { root, outcome, failure };
}

/**
 * A button that is not the main one of its form.
 *
 * @param {string} label
 * @param {string} described what it is about, for those who hear it alone
 * @param {() => unknown} onClick
 */
export function quietButton(label, described, onClick) {
  const button = element(
    "button",
    { class: "quiet", type: "button" },
    label,
    element("span", { class: "hidden" }, ` ${described}`),
  );
  button.addEventListener("click", onClick);
  return button;
}
