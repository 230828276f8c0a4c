// @ts-check
/** One person: a client with a session of its own, and what it sends, hears and reads from its roster. */

import { AgentAPI } from "../../pkg/index.js";
import { onSubmit } from "../busy.js";
import { createClient, endClient } from "../clients.js";
import { showFailure } from "../failure.js";
import { clearFieldErrors } from "../fields.js";
import { people as texts } from "../texts.js";
import { fieldsOf, personView } from "./person-view.js";
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
  /** @type {import("../../pkg/index.js").RosterItem[]} */
  let contacts = [];
  /** Whether messages are taken, and do not wait in their queue. */
  let isListening = false;
  let stop = () => {};

  const view = personView({
    name,
    password,
    answers: {
      accept: (from) =>
        attempt(view.parts.requests, async ({ Xmpp }) => {
          await Xmpp.SendSubscriptionAccepted(from);
          answered(from);
          return texts.accepted(from);
        }),
      decline: (from) =>
        attempt(view.parts.requests, async ({ Xmpp }) => {
          await Xmpp.SendSubscriptionDeclined(from);
          answered(from);
          return texts.declined(from);
        }),
    },
    act: (action, contact) =>
      attempt(view.parts.contacts, async ({ Xmpp }) => {
        if (action === "withdraw" || action === "unsubscribe") await Xmpp.SendPresenceUnsubscription(contact);
        if (action === "cancel") await Xmpp.SendSubscriptionDeclined(contact);
        if (action === "remove") await Xmpp.RemoveRosterItem(contact);
        return texts.done[action](contact);
      }),
  });
  const { failure, logIn, ask, write, parts } = view;

  /** What was news is none any more. @param {string} from */
  function answered(from) {
    view.requests.remove(from);
    view.tellWithFocus(texts.loggedIn(jid));
  }

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
      parts.ask,
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
      parts.messages,
      async ({ Xmpp }) => {
        const { To, Message } = fieldsOf(write);
        const text = Message.value;
        const { sent } = await Xmpp.SendTextMessage(To.value, text);
        if (!sent) return texts.notSent(To.value);
        view.messages.add({ isMine: true, with: To.value, text });
        Message.value = "";
        return texts.sent(To.value);
      },
      write,
    ),
  );

  view.logOut.addEventListener("click", async () => {
    const ended = client;
    if (!ended) return;
    end(texts.loggedOut);
    try {
      await ended.Account.Logout();
    } catch (error) {
      fail(error);
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
    created.Account.OnSessionChange(({ type, reason }) => {
      if (type !== "lost" || client !== created) return;
      end(texts.lost(String(reason)));
      endClient(created);
    });
    view.showLoggedIn(texts.loggedIn(jid));
    listen();
    onChange();
    readRoster();
  }

  /** @param {string} sentence */
  function end(sentence) {
    client = undefined;
    listen();
    jid = "";
    contacts = [];
    view.showLoggedOut(sentence);
    onChange();
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

  /** @param {Message} message */
  async function hear(message) {
    failure.replaceChildren();
    const from = AgentAPI.IO.BareJid(message.from);
    const kind = NEWS.find((type) => type === message.type);
    if (message.type === "subscribe") {
      view.requests.add(message);
      view.tell(texts.asks(from));
    } else if (kind) {
      // Whoever cancels its request has nothing more to be answered.
      if (kind === "unsubscribe") view.requests.remove(from);
      view.tell(texts.news[kind](from));
    } else {
      const text = AgentAPI.IO.Text(message.Content, "body") || message.Content.map(xmlOf).join("\n");
      view.messages.add({ isMine: false, with: from, text });
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
      view.contacts.show(contacts);
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

  return {
    root: view.root,
    showBroker: view.showBroker,
    setOther: view.setOther,
    /** The address; empty if nobody is logged in. */
    jid: () => jid,
    /** @param {boolean} shouldListen whether messages are taken */
    setListening(shouldListen) {
      if (shouldListen === isListening) return;
      isListening = shouldListen;
      listen();
    },
    /**
     * What the diagram shows of this person.
     *
     * @param {string} contact
     */
    side(contact) {
      const item = contacts.find(({ bareJid }) => bareJid === contact);
      const state = client ? stateOf(item, view.requests.has(contact)) : null;
      return { name: jid ? jid.replace(/@.*/, "") : name, state };
    },
  };
}
