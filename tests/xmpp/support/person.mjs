// @ts-check
/** A person with an ordinary XMPP client. */

import { xml } from "@xmpp/client";
import { eventually } from "./deadline.mjs";
import { BOB } from "./servers.mjs";
import { connectXmppJs } from "./xmppjs.mjs";

export { xml };

/** @typedef {import("@xmpp/client").Element} Element */
/** @typedef {import("./clients.mjs").Connection} Connection */
/** @typedef {Awaited<ReturnType<typeof connectPersonWith<Connection>>>} Person */

/**
 * Connects with `@xmpp/client`.
 *
 * @param {{ clientPort: number }} server
 * @param {{ userName: string, password: string }} [account] at `localhost`
 */
export const connectPerson = (server, account) => connectPersonWith(connectXmppJs, server, account);

/**
 * Connects, without being available yet.
 *
 * @template {Connection} C
 * @param {(login: import("./clients.mjs").Login) => Promise<C>} connect
 * @param {{ clientPort: number }} server
 * @param {{ userName: string, password: string }} [account] at `localhost`
 */
export async function connectPersonWith(connect, { clientPort }, { userName, password } = BOB) {
  /** What has come, and nobody has looked for yet. @type {Element[]} */
  const waiting = [];
  /** @type {Element[]} */
  const all = [];
  const bareJid = `${userName}@localhost`;
  /** @param {Element} stanza */
  function onStanza(stanza) {
    all.push(stanza);
    waiting.push(stanza);
  }
  const connection = await connect({ clientPort, bareJid, resource: "phone", password, onStanza });

  return {
    ...connection,
    bareJid,
    /** Answers a subscription request, or makes one. */
    sendPresence: (/** @type {string} */ to, /** @type {string} */ type, id = `id of ${type}`) =>
      connection.send(xml("presence", { to, type, id })),
    becomeAvailable: () => connection.send(xml("presence")),
    /**
     * The response to a query.
     *
     * @param {string} to
     * @param {Element} query
     * @param {string} [type]
     */
    query: (to, query, type = "get") => connection.ask(xml("iq", { to, type }, query)),
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
