// @ts-check
/** The requests that wait for a person's answer: who asks, in which language, and what came with it. */

import { AgentAPI } from "../../pkg/index.js";
import { element } from "../dom.js";
import { people as texts } from "../texts.js";
import { part, quietButton } from "./forms.js";
import { customXmlOf, legalIdOf } from "./stanza.js";

/** @typedef {import("../../pkg/index.js").Message} Message */

/**
 * @param {string} person
 * @param {{ accept(from: string): unknown, decline(from: string): unknown }} answers
 */
export function requestsView(person, answers) {
  /** By the bare JID of who asks. @type {Map<string, HTMLElement>} */
  const items = new Map();
  const none = element("p", { class: "hint" }, texts.noRequests);
  const list = element("ul", { hidden: "" });
  const place = part(`${person}-requests`, texts.requests, none, list);
  const remove = (/** @type {string} */ from) => {
    items.get(from)?.remove();
    items.delete(from);
    list.hidden = items.size === 0;
    none.hidden = items.size > 0;
  };
  return {
    place,
    /** Whoever asks again is listed once. @param {Message} message */
    add(message) {
      const from = AgentAPI.IO.BareJid(message.from);
      const item = itemOf(message, from, answers);
      const earlier = items.get(from);
      if (earlier) earlier.replaceWith(item);
      else list.append(item);
      items.set(from, item);
      list.hidden = false;
      none.hidden = true;
    },
    remove,
    clear: () => [...items.keys()].forEach(remove),
    has: (/** @type {string} */ from) => items.has(from),
  };
}

/**
 * @param {Message} message
 * @param {string} from
 * @param {{ accept(from: string): unknown, decline(from: string): unknown }} answers
 */
function itemOf(message, from, answers) {
  const facts = [
    [texts.languageOf, message.lang],
    [texts.legalId, legalIdOf(message)],
  ].flatMap(([label, value]) => (value ? [element("p", { class: "hint" }, `${label}: ${value}`)] : []));
  const xml = customXmlOf(message);
  return element(
    "li",
    { class: "request" },
    element("strong", {}, from),
    ...facts,
    ...(xml ? [element("pre", { class: "code wrapped" }, xml)] : []),
    element(
      "div",
      { class: "buttons" },
      quietButton(texts.accept, from, () => answers.accept(from)),
      quietButton(texts.decline, from, () => answers.decline(from)),
    ),
  );
}
