// @ts-check
/** Shows a failed call: beside the field that caused it, else in a place for errors. */

import { AgentApiError } from "../pkg/index.js";
import { clockTime, element } from "./dom.js";
import { showFieldError } from "./fields.js";
import { failure as texts } from "./texts.js";

/**
 * @param {unknown} error
 * @param {HTMLFormElement | null} form whose fields may be the cause
 * @param {HTMLElement} place for every other error
 * @returns {boolean} whether it is shown beside a field
 */
export function showFailure(error, form, place) {
  // Anything else is a bug of this page, and belongs in the console.
  if (!AgentApiError.is(error)) throw error;
  const sentence = sentenceOf(error);
  // Such as Tags[0].name, whose field is Tags.
  const [parameter = ""] = error.parameter?.match(/^\w+/) ?? [];
  if (form && parameter && showFieldError(form, parameter, sentence)) return true;
  place.replaceChildren(
    element("p", {}, element("code", { class: "badge" }, error.code), historyOf(error)),
    element("p", {}, sentence),
  );
  if (error.retryAt) {
    place.append(element("p", {}, texts.retryAt(momentOf(new Date(error.retryAt)))));
  }
  return false;
}

/**
 * The attempts before the failure, and whether the request may have been processed.
 *
 * @param {AgentApiError} error
 */
function historyOf({ attempts, ambiguous }) {
  const facts = [];
  if (attempts > 1) facts.push(texts.attempts(attempts));
  if (ambiguous) facts.push(texts.ambiguous);
  return element("span", { class: "hint" }, facts.map((fact) => ` · ${fact}`).join(""));
}

/**
 * A broker may ask for a pause of days.
 *
 * @param {Date} date
 */
function momentOf(date) {
  const time = texts.at(clockTime(date, "medium"));
  const isToday = date.toDateString() === new Date().toDateString();
  return isToday ? time : `${texts.on(date.toLocaleDateString([], { dateStyle: "long" }))} ${time}`;
}

/**
 * The message without the method's name, which is clear from where it is shown.
 *
 * @param {AgentApiError} error
 */
function sentenceOf({ message, operation }) {
  const name = `${operation}: `;
  const sentence = message.startsWith(name) ? message.slice(name.length) : message;
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
