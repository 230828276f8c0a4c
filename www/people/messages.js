// @ts-check
/** What a person has sent and got, the newest last. */

import { element } from "../dom.js";
import { people as texts } from "../texts.js";

/** A page that stays open all day must not grow for ever. */
const LONGEST_LIST = 50;

/** @param {string} person */
export function messagesView(person) {
  const list = element("ul", {});
  // A region that scrolls must be reachable with the keyboard.
  const label = texts.messagesOf(person);
  const root = element("div", { class: "messages", role: "log", "aria-label": label, tabindex: "0" }, list);
  return {
    root,
    /** @param {{ isMine: boolean, with: string, text: string }} message */
    add({ isMine, with: contact, text }) {
      const label = isMine ? texts.sentTo(contact) : contact;
      list.append(
        element(
          "li",
          isMine ? { class: "sent" } : {},
          element("span", { class: "hint" }, label),
          element("span", { class: "bubble" }, text),
        ),
      );
      while (list.children.length > LONGEST_LIST) list.firstElementChild?.remove();
      root.scrollTop = root.scrollHeight;
    },
    clear: () => list.replaceChildren(),
  };
}
