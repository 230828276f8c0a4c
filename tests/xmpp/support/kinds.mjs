// @ts-check
/** The XMPP servers that the tests run with. */

import { PROSODY_PACKAGES, prepareProsody, prosody } from "../../../xtask/prosody.mjs";
import { isEjabberdInstalled, prepareEjabberd } from "./ejabberd.mjs";

/**
 * @typedef {object} ServerKind
 * @property {string} title
 * @property {string[]} packages Debian's
 * @property {() => boolean} isInstalled
 * @property {boolean} mayRepeat whether what it handles in the moment in which it is stopped may arrive
 *   again: it has handled a stanza, and ends without handling the query that would say so
 * @property {typeof prepareProsody | typeof prepareEjabberd} prepare
 */

/** @type {Record<"prosody" | "ejabberd", ServerKind>} */
export const SERVERS = {
  prosody: {
    title: "Prosody",
    packages: PROSODY_PACKAGES,
    isInstalled: () => prosody() !== undefined,
    mayRepeat: false,
    prepare: prepareProsody,
  },
  ejabberd: {
    title: "ejabberd",
    packages: ["ejabberd"],
    isInstalled: isEjabberdInstalled,
    mayRepeat: true,
    prepare: prepareEjabberd,
  },
};

/**
 * Why the tests with a server are left out, `false` if they are not.
 *
 * @param {ServerKind} kind
 */
export const skipWithout = ({ title, packages, isInstalled }) =>
  isInstalled() ? false : `${title} is not installed (Debian: apt-get install ${packages.join(" ")})`;
