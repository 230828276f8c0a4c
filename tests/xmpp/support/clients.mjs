// @ts-check
/** The ordinary XMPP clients that people have in the tests. */

import { connectSlixmpp, INSTALL_SLIXMPP, isSlixmppInstalled } from "./slixmpp.mjs";
import { connectXmppJs } from "./xmppjs.mjs";

/** @typedef {import("@xmpp/client").Element} Element */

/**
 * @typedef {object} Login
 * @property {number} clientPort
 * @property {string} bareJid
 * @property {string} resource
 * @property {string} password
 * @property {(stanza: Element) => void} onStanza is called with each stanza that comes
 */

/**
 * @typedef {object} Connection
 * @property {(stanza: Element) => Promise<void>} send
 * @property {(query: Element) => Promise<Element>} ask the response. An error has its `condition`
 * @property {() => Promise<void>} stop
 */

/**
 * Connects, without being available yet. As any client does, it asks for the roster: only who has asked
 * for it is told of changes to it (RFC 6121 §2.2).
 *
 * @typedef {(login: Login) => Promise<Connection>} Connect
 */

/**
 * @typedef {object} ClientKind
 * @property {string} title
 * @property {() => boolean} isInstalled
 * @property {string} advice how to install it
 * @property {Connect} connect
 */

/** @type {Record<"xmppJs" | "slixmpp", ClientKind>} */
export const CLIENTS = {
  xmppJs: {
    title: "@xmpp/client",
    isInstalled: () => true,
    advice: "npm ci",
    connect: connectXmppJs,
  },
  slixmpp: {
    title: "slixmpp",
    isInstalled: isSlixmppInstalled,
    advice: INSTALL_SLIXMPP.join(" "),
    connect: connectSlixmpp,
  },
};
