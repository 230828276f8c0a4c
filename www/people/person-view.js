// @ts-check
/** The column of one person: its forms, contacts, requests and messages, and above them what is new. */

import { AgentAPI } from "../../pkg/index.js";
import { element } from "../dom.js";
import { clearFieldErrorsOnInput } from "../fields.js";
import { isInThisTab } from "../network.js";
import { people as texts } from "../texts.js";
import { contactsView } from "./contacts.js";
import { field, form, part } from "./forms.js";
import { messagesView } from "./messages.js";
import { requestsView } from "./requests.js";

/**
 * @param {object} options
 * @param {string} options.name of the person, and the user name that is proposed
 * @param {string} options.password that is proposed
 * @param {Parameters<typeof requestsView>[1]} options.answers
 * @param {Parameters<typeof contactsView>[1]} options.act
 */
export function personView({ name, password, answers, act }) {
  /** The proposed contact. */
  let other = "";

  const news = element("p", { class: "news", role: "status", tabindex: "-1" }, texts.loggedOut);
  const failure = element("div", { class: "failure", role: "alert" });
  const logIn = form(texts.logIn, [
    field({ person: name, name: "UserName", label: texts.userName, value: name }),
    field({ person: name, name: "Password", label: texts.password, value: password, type: "password" }),
  ]);
  const ask = form(texts.ask, [
    element(
      "div",
      { class: "row" },
      field({ person: name, name: "To", label: texts.to }),
      field({ person: name, name: "Language", label: texts.language, value: "en" }),
    ),
    field({ person: name, name: "CustomXml", label: texts.customXml, value: nickOf(name) }),
  ]);
  const write = form(texts.send, [
    field({ person: name, name: "To", label: texts.to, prefix: "message" }),
    field({ person: name, name: "Message", label: texts.text, prefix: "message" }),
  ]);
  const logOut = element("button", { class: "quiet", type: "button", hidden: "" }, texts.logOut);
  const broker = element("p", { class: "hint" });

  const requests = requestsView(name, answers);
  const contacts = contactsView(name, act);
  const messages = messagesView(name);
  const parts = {
    requests: requests.place,
    contacts: part(`${name}-contacts`, texts.contacts, contacts.root),
    ask: part(`${name}-ask`, texts.askHeading, ask),
    messages: part(`${name}-messages`, texts.messages, messages.root, write),
  };

  const loggedOut = element("div", { class: "person" }, logIn, broker);
  const loggedIn = element(
    "div",
    { class: "person", hidden: "" },
    ...Object.values(parts).map(({ root }) => root),
  );
  const root = element(
    "section",
    { class: "person", "aria-labelledby": `${name}-heading` },
    element("div", { class: "heading" }, element("h2", { id: `${name}-heading` }, name), logOut),
    news,
    failure,
    loggedOut,
    loggedIn,
  );

  [logIn, ask, write].forEach(clearFieldErrorsOnInput);

  /** @param {string} sentence */
  function tell(sentence) {
    news.textContent = sentence;
  }

  /** For when the button that had the focus is gone. @param {string} sentence */
  function tellWithFocus(sentence) {
    tell(sentence);
    news.focus();
  }

  /** @param {boolean} isLoggedIn */
  function show(isLoggedIn) {
    loggedOut.hidden = isLoggedIn;
    loggedIn.hidden = !isLoggedIn;
    logOut.hidden = !isLoggedIn;
    fieldsOf(logIn).Password.value = isLoggedIn ? "" : password;
  }

  return {
    root,
    failure,
    logIn,
    ask,
    write,
    logOut,
    parts,
    requests,
    contacts,
    messages,
    tell,
    tellWithFocus,
    /** @param {string} sentence */
    showLoggedIn(sentence) {
      show(true);
      tellWithFocus(sentence);
    },
    /** @param {string} sentence */
    showLoggedOut(sentence) {
      const hadFocus = root.contains(document.activeElement);
      contacts.show([]);
      requests.clear();
      messages.clear();
      show(false);
      if (hadFocus) tellWithFocus(sentence);
      else tell(sentence);
    },
    /** Where the next login goes. */
    showBroker() {
      broker.textContent = isInThisTab ? texts.tabBroker : texts.broker(AgentAPI.IO.GetBaseURL());
    },
    /** @param {string} address of the other person, which is proposed as the contact */
    setOther(address) {
      if (!address || address === other) return;
      for (const { To } of [fieldsOf(ask), fieldsOf(write)]) {
        if (To.value === "" || To.value === other) To.value = address;
      }
      other = address;
    },
  };
}

/** @param {HTMLFormElement} form */
export const fieldsOf = (form) =>
  /** @type {Record<string, HTMLInputElement>} */ (/** @type {unknown} */ (form));

/** A greeting that other clients show (XEP-0172). @param {string} name */
const nickOf = (name) =>
  `<nick xmlns='http://jabber.org/protocol/nick'>${name.charAt(0).toUpperCase()}${name.slice(1)}</nick>`;
