// @ts-check
/** A person's contacts, each with the state of the subscription and what can be done about it. */

import { element } from "../dom.js";
import { people as texts } from "../texts.js";
import { quietButton } from "./forms.js";
import { nameOf, stateOf } from "./subscription-state.js";

/**
 * @typedef {import("../../pkg/index.js").RosterItem} RosterItem
 * @typedef {keyof typeof texts.actions} Action
 */

/**
 * @param {string} person
 * @param {(action: Action, contact: string) => unknown} act
 */
export function contactsView(person, act) {
  const empty = element("p", { class: "hint" }, texts.noContacts);
  const list = element("ul", { "aria-label": texts.contactsOf(person) });
  const root = element("div", { tabindex: "-1" }, empty, list);
  return {
    root,
    /** @param {RosterItem[]} items */
    show(items) {
      const focused = list.contains(document.activeElement) ? document.activeElement : null;
      empty.hidden = items.length > 0;
      list.replaceChildren(...items.map((item) => itemOf(item, act)));
      if (!focused) return;
      // The keyboard stays where it was, or as near as there is something.
      const buttons = [...list.querySelectorAll("button")];
      (buttons.find(({ textContent }) => textContent === focused.textContent) ?? root).focus();
    },
  };
}

/**
 * @param {RosterItem} item
 * @param {(action: Action, contact: string) => unknown} act
 */
function itemOf(item, act) {
  const { bareJid } = item;
  const state = stateOf(item, false);
  const button = (/** @type {Action} */ action) =>
    quietButton(texts.actions[action], bareJid, () => act(action, bareJid));
  return element(
    "li",
    {},
    element("span", {}, element("strong", {}, bareJid), ` ${nameOf(state)}`),
    element(
      "div",
      { class: "buttons" },
      ...(state.out === "pending" ? [button("withdraw")] : []),
      ...(state.out === "subscribed" ? [button("unsubscribe")] : []),
      ...(state.in === "none" ? [] : [button("cancel")]),
      button("remove"),
    ),
  );
}
