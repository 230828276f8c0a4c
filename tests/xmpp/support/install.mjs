// @ts-check
/** Makes sure that the XMPP servers of the tests are installed. */

import { PreparationError, step } from "../../../xtask/prepare.mjs";
import { install, mayInstall } from "../../support/apt.mjs";
import { SERVERS, skipWithout } from "./kinds.mjs";

/**
 * Installs Debian's packages of the servers that are missing, if this user may: as root. The tests
 * with a server that is missing are left out, but with `CI` in the environment all are needed.
 */
export function ensureXmppServers() {
  const missing = () => Object.values(SERVERS).filter(({ isInstalled }) => !isInstalled());
  if (missing().length > 0 && mayInstall()) install(missing().flatMap(({ packages }) => packages));
  for (const kind of missing()) step(`left out: ${skipWithout(kind)}`);
  if (process.env.CI && missing().length > 0) {
    throw new PreparationError("with CI set, the tests need every XMPP server");
  }
}
