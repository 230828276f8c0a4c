// @ts-check
/** One person: a client with a session of its own, its contacts, the requests that wait for it, its messages. */

import { AgentAPI } from "../../pkg/index.js";
import { onSubmit } from "../busy.js";
import { createClient, endClient } from "../clients.js";
import { element } from "../dom.js";
import { showFailure } from "../failure.js";
import { clearFieldErrors, clearFieldErrorsOnInput } from "../fields.js";
import { isInThisTab } from "../network.js";
import { people as texts } from "../texts.js";
import { contactsView } from "./contacts.js";
import { field, form, part } from "./forms.js";
import { messagesView } from "./messages.js";
import { requestsView } from "./requests.js";
import { xmlOf } from "./stanza.js";
import { stateOf } from "./subscription-state.js";

/**
 * @typedef {import("../../pkg/index.js").AgentAPIClient} Client
 * @typedef {import("../../pkg/index.js").Message} Message
 */

/** Twice a second, so that what one does is seen by the other within a second. */
const POLL_MS = 500;

const SECONDS = 3600;

/** What other people do, as messages of these types say. */
const NEWS = /** @type {const} */ (["subscribed", "unsubscribed", "unsubscribe"]);

/**
 * @param {object} options
 * @param {string} options.name of the person, and the user name that is proposed
 * @param {string} options.password that is proposed
 * @param {() => void} options.onChange called when its session, its contacts or its requests have changed
 */
export function createPerson({ name, password, onChange }) {
  /** @type {Client | undefined} */
  let client;
  let jid = "";
  /** The proposed contact. */
  let other = "";
  /** @type {import("../../pkg/index.js").RosterItem[]} */
  let contacts = [];
  /** Whether messages are taken, and do not wait in their queue. */
  let isListening = false;
  let stop = () => {};

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

  const requests = requestsView(name, {
    accept: (from) =>
      attempt(requests.place, async ({ Xmpp }) => {
        await Xmpp.SendSubscriptionAccepted(from);
        answered(from);
        return texts.accepted(from);
      }),
    decline: (from) =>
      attempt(requests.place, async ({ Xmpp }) => {
        await Xmpp.SendSubscriptionDeclined(from);
        answered(from);
        return texts.declined(from);
      }),
  });
  /** What was news is none any more. @param {string} from */
  function answered(from) {
    requests.remove(from);
    tell(texts.loggedIn(jid));
    // The button that had the focus is gone.
    news.focus();
  }

  /** @param {import("./contacts.js").Action} action @param {string} contact */
  const act = (action, contact) =>
    attempt(contactsPart, async ({ Xmpp }) => {
      if (action === "withdraw" || action === "unsubscribe") await Xmpp.SendPresenceUnsubscription(contact);
      if (action === "cancel") await Xmpp.SendSubscriptionDeclined(contact);
      if (action === "remove") await Xmpp.RemoveRosterItem(contact);
      return texts.done[action](contact);
    });
  const list = contactsView(name, act);
  const messages = messagesView(name);
  const contactsPart = part(`${name}-contacts`, texts.contacts, list.root);
  const askPart = part(`${name}-ask`, texts.askHeading, ask);
  const messagesPart = part(`${name}-messages`, texts.messages, messages.root, write);

  const loggedOut = element("div", { class: "person" }, logIn, broker);
  const loggedIn = element(
    "div",
    { class: "person", hidden: "" },
    ...[requests.place, contactsPart, askPart, messagesPart].map(({ root }) => root),
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

  onSubmit(logIn, async () => {
    clearFieldErrors(logIn);
    failure.replaceChildren();
    const { UserName, Password } = fieldsOf(logIn);
    const created = createClient(name);
    try {
      await created.Account.Login(UserName.value, Password.value, SECONDS);
      const { domain } = await created.Account.DomainInfo();
      begin(created, `${UserName.value}@${domain}`);
    } catch (error) {
      endClient(created);
      showFailure(error, logIn, failure);
    }
  });

  onSubmit(ask, () =>
    attempt(
      askPart,
      async ({ Xmpp }) => {
        const { To, CustomXml, Language } = fieldsOf(ask);
        const { sent } = await Xmpp.SendPresenceSubscription(To.value, CustomXml.value, Language.value);
        return sent ? texts.asked(To.value) : texts.notSent(To.value);
      },
      ask,
    ),
  );

  onSubmit(write, () =>
    attempt(
      messagesPart,
      async ({ Xmpp }) => {
        const { To, Message } = fieldsOf(write);
        const text = Message.value;
        const { sent } = await Xmpp.SendTextMessage(To.value, text);
        if (!sent) return texts.notSent(To.value);
        messages.add({ isMine: true, with: To.value, text });
        Message.value = "";
        return texts.sent(To.value);
      },
      write,
    ),
  );

  logOut.addEventListener("click", async () => {
    const ended = client;
    if (!ended) return;
    end(texts.loggedOut);
    try {
      await ended.Account.Logout();
    } catch (error) {
      showFailure(error, null, failure);
    }
    endClient(ended);
  });

  /**
   * @param {Client} created which is logged in
   * @param {string} address
   */
  function begin(created, address) {
    client = created;
    jid = address;
    fieldsOf(logIn).Password.value = "";
    loggedOut.hidden = true;
    loggedIn.hidden = false;
    logOut.hidden = false;
    created.Account.OnSessionChange(({ type, reason }) => {
      if (type !== "lost" || client !== created) return;
      end(texts.lost(String(reason)));
      endClient(created);
    });
    tell(texts.loggedIn(jid));
    // The button that had the focus is hidden now.
    news.focus();
    listen();
    onChange();
    readRoster();
  }

  function listen() {
    stop();
    stop = () => {};
    const listener = client;
    if (!listener || !isListening) return;
    const options = { everyMs: POLL_MS, onError: fail };
    // What is still on its way at the logout is nobody's here.
    stop = listener.Xmpp.OnMessage((message) => client === listener && hear(message), options);
  }

  /** @param {string} sentence */
  function end(sentence) {
    const hadFocus = root.contains(document.activeElement);
    client = undefined;
    listen();
    jid = "";
    contacts = [];
    list.show([]);
    requests.clear();
    messages.clear();
    loggedOut.hidden = false;
    loggedIn.hidden = true;
    logOut.hidden = true;
    fieldsOf(logIn).Password.value = password;
    tell(sentence);
    // What had the focus is hidden now.
    if (hadFocus) news.focus();
    onChange();
  }

  /** @param {Message} message */
  async function hear(message) {
    failure.replaceChildren();
    const from = AgentAPI.IO.BareJid(message.from);
    const kind = NEWS.find((type) => type === message.type);
    if (message.type === "subscribe") {
      requests.add(message);
      tell(texts.asks(from));
    } else if (kind) {
      // Whoever cancels its request has nothing more to be answered.
      if (kind === "unsubscribe") requests.remove(from);
      tell(texts.news[kind](from));
    } else {
      const text = AgentAPI.IO.Text(message.Content, "body") || message.Content.map(xmlOf).join("\n");
      messages.add({ isMine: false, with: from, text });
    }
    onChange();
    if (kind) await readRoster();
  }

  async function readRoster() {
    const reader = client;
    if (!reader) return;
    try {
      const { RosterItems } = await reader.Xmpp.GetRoster();
      if (client !== reader) return;
      failure.replaceChildren();
      contacts = RosterItems;
      list.show(contacts);
      onChange();
    } catch (error) {
      if (client === reader) fail(error);
    }
  }

  /**
   * Does something with the client, and says beside the button what came of it.
   *
   * @param {Record<"outcome" | "failure", HTMLElement>} place
   * @param {(client: Client) => Promise<string>} work gives the sentence
   * @param {HTMLFormElement | null} [origin] whose fields may be to blame
   */
  async function attempt(place, work, origin = null) {
    if (!client) return;
    place.failure.replaceChildren();
    place.outcome.textContent = "";
    if (origin) clearFieldErrors(origin);
    try {
      place.outcome.textContent = await work(client);
    } catch (error) {
      return void showFailure(error, origin, place.failure);
    }
    onChange();
    if (origin !== write) await readRoster();
  }

  /** @param {unknown} error */
  const fail = (error) => void showFailure(error, null, failure);

  /** @param {string} sentence */
  function tell(sentence) {
    news.textContent = sentence;
  }

  return {
    root,
    /** The address; empty if nobody is logged in. */
    jid: () => jid,
    /** @param {boolean} shouldListen whether messages are taken */
    setListening(shouldListen) {
      if (shouldListen === isListening) return;
      isListening = shouldListen;
      listen();
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
    /**
     * What the diagram shows of this person.
     *
     * @param {string} contact
     */
    side(contact) {
      const item = contacts.find(({ bareJid }) => bareJid === contact);
      const state = client ? stateOf(item, requests.has(contact)) : null;
      return { name: jid ? jid.replace(/@.*/, "") : name, state };
    },
  };
}

/** @param {HTMLFormElement} form */
const fieldsOf = (form) => /** @type {Record<string, HTMLInputElement>} */ (/** @type {unknown} */ (form));

/** A greeting that other clients show (XEP-0172). @param {string} name */
const nickOf = (name) =>
  `<nick xmlns='http://jabber.org/protocol/nick'>${name.charAt(0).toUpperCase()}${name.slice(1)}</nick>`;
