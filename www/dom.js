// @ts-check
/** Helpers for the document. Text stays text: nothing is ever parsed as HTML. */

/**
 * The element of an id that `index.html` has.
 *
 * @param {string} id
 * @returns {any}
 */
export function byId(id) {
  return document.getElementById(id);
}

/**
 * @param {Date} date
 * @param {"short" | "medium"} timeStyle without seconds, or with them
 */
export function clockTime(date, timeStyle) {
  return date.toLocaleTimeString([], { timeStyle });
}

/**
 * @param {string} name
 * @param {Record<string, string>} [attributes]
 * @param {(Node | string)[]} children
 * @returns {HTMLElement}
 */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  made.append(...children);
  return made;
}
