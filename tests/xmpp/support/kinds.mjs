// @ts-check
/** The XMPP servers that the tests run with. */

import { PROSODY_PACKAGES, prepareProsody, prosody } from "../../../xtask/prosody.mjs";
import { isEjabberdInstalled, prepareEjabberd } from "./ejabberd.mjs";

/**
 * @typedef {object} ServerKind
 * @property {string} title
 * @property {() => boolean} isInstalled
 * @property {string[]} packages Debian's
 * @property {string} advice how to install it
 * @property {boolean} mayRepeat whether what it handles in the moment in which it is stopped may arrive
 *   again: it has handled a stanza, and ends without handling the query that would say so
 * @property {typeof prepareProsody | typeof prepareEjabberd} prepare
 */

const onDebian = (/** @type {string[]} */ packages) => ({
  packages,
  advice: `Debian: apt-get install ${packages.join(" ")}`,
});

/** @type {Record<"prosody" | "ejabberd", ServerKind>} */
export const SERVERS = {
  prosody: {
    title: "Prosody",
    isInstalled: () => prosody() !== undefined,
    ...onDebian(PROSODY_PACKAGES),
    mayRepeat: false,
    prepare: prepareProsody,
  },
  ejabberd: {
    title: "ejabberd",
    isInstalled: isEjabberdInstalled,
    ...onDebian(["ejabberd"]),
    mayRepeat: true,
    prepare: prepareEjabberd,
  },
};

/**
 * Why the tests with a server or a client are left out, `false` if they are not.
 *
 * @param {{ title: string, isInstalled: () => boolean, advice: string }} kind
 */
export const skipWithout = ({ title, isInstalled, advice }) =>
  isInstalled() ? false : `${title} is not installed (${advice})`;
