// @ts-check
/** The XMPP servers that the tests run with. */

import { PROSODY_PACKAGES, prepareProsody, prosody } from "../../../xtask/prosody.mjs";
import { isEjabberdInstalled, prepareEjabberd } from "./ejabberd.mjs";

/**
 * @typedef {object} ServerKind
 * @property {string} title
 * @property {string[]} packages Debian's
 * @property {() => boolean} isInstalled
 * @property {typeof prepareProsody | typeof prepareEjabberd} prepare
 */

/** @type {Record<"prosody" | "ejabberd", ServerKind>} */
export const SERVERS = {
  prosody: {
    title: "Prosody",
    packages: PROSODY_PACKAGES,
    isInstalled: () => prosody() !== undefined,
    prepare: prepareProsody,
  },
  ejabberd: {
    title: "ejabberd",
    packages: ["ejabberd"],
    isInstalled: isEjabberdInstalled,
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
