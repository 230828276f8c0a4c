// @ts-check
/** A person with an ordinary XMPP client. */

import { client, xml } from "@xmpp/client";
import { DEADLINE_MS, eventually } from "./deadline.mjs";
import { BOB } from "./servers.mjs";

export { xml };

/** How long each step of a connection may take. */
const STEP_TIMEOUT_MS = 10_000;

export const ROSTER = "jabber:iq:roster";

/** @typedef {import("@xmpp/client").Element} Element */
/** @typedef {Awaited<ReturnType<typeof connectPerson>>} Person */

/**
 * Connects, without being available yet. The client reconnects by itself, and isn't available after that
 * either.
 *
 * @param {{ clientPort: number }} server
 * @param {{ userName: string, password: string }} [account] at `localhost`
 */
export async function connectPerson({ clientPort }, { userName, password } = BOB) {
  const service = `xmpp://127.0.0.1:${clientPort}`;
  const entity = client({
    service,
    domain: "localhost",
    username: userName,
    // SCRAM takes more than a second, and nobody listens on this interface.
    credentials: (authenticate) => authenticate({ username: userName, password }, "PLAIN"),
    resource: "phone",
    timeout: STEP_TIMEOUT_MS,
  });
  entity.reconnect.delay = 50;
  // A connection that breaks, or can't be made yet, is reported here too.
  entity.on("error", () => {});

  /** What has come, and nobody has looked for yet. @type {Element[]} */
  const waiting = [];
  /** @type {Element[]} */
  const all = [];
  entity.on("stanza", (stanza) => {
    all.push(stanza);
    waiting.push(stanza);
  });
  entity.iqCallee.get("jabber:iq:version", "query", () =>
    xml("query", { xmlns: "jabber:iq:version" }, xml("name", {}, "A phone"), xml("version", {}, "1")),
  );

  entity.iqCallee.set(ROSTER, "query", () => true);

  await entity.start();
  // As any client does. Only who has asked for it is told of changes to it (RFC 6121 §2.2).
  await entity.iqCaller.request(xml("iq", { type: "get" }, xml("query", { xmlns: ROSTER })), DEADLINE_MS);

  return {
    /** All stanzas, in the order in which they came. */
    all,
    bareJid: `${userName}@localhost`,
    fullJid: () => String(entity.jid),
    isOnline: () => entity.status === "online",
    send: (/** @type {Element} */ stanza) => entity.send(stanza),
    /** Answers a subscription request, or makes one. */
    sendPresence: (/** @type {string} */ to, /** @type {string} */ type, id = `id of ${type}`) =>
      entity.send(xml("presence", { to, type, id })),
    becomeAvailable: () => entity.send(xml("presence")),
    /**
     * The response to a query.
     *
     * @param {string} to
     * @param {Element} query
     * @param {string} [type]
     */
    query: (to, query, type = "get") => entity.iqCaller.request(xml("iq", { to, type }, query), DEADLINE_MS),
    /**
     * Takes the first stanza that matches, and waits for it if it has not come.
     *
     * @param {string} name
     * @param {{ from?: string | RegExp, type?: string | undefined, id?: string }} attributes
     */
    next(name, attributes) {
      const label = () =>
        `${name} ${JSON.stringify(attributes)} for ${userName}, who has got:\n${all.join("\n")}`;
      return eventually(() => {
        const index = waiting.findIndex((stanza) => stanza.is(name) && matches(stanza, attributes));
        return index < 0 ? undefined : waiting.splice(index, 1)[0];
      }, label);
    },
    /**
     * All stanzas that match, whether they were taken or not.
     *
     * @param {string} name
     * @param {{ from?: string | RegExp, type?: string | undefined }} attributes
     */
    received: (name, attributes = {}) =>
      all.filter((stanza) => stanza.is(name) && matches(stanza, attributes)),
    async stop() {
      entity.reconnect.stop();
      await entity.stop();
    },
  };
}

/**
 * @param {Element} stanza
 * @param {Record<string, string | RegExp | undefined>} attributes
 */
function matches({ attrs }, attributes) {
  return Object.entries(attributes).every(([name, wanted]) =>
    wanted instanceof RegExp ? wanted.test(attrs[name] ?? "") : attrs[name] === wanted,
  );
}
