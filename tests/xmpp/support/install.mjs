// @ts-check
/** Makes sure that the XMPP servers and clients of the tests are installed. */

import { PreparationError, run, step } from "../../../xtask/prepare.mjs";
import { install, mayInstall } from "../../support/apt.mjs";
import { SERVERS, skipWithout } from "./kinds.mjs";

/** Several times what it takes: seconds. */
const PIP_TIMEOUT_MS = 2 * 60_000;

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

/** Installs the client that npm does not, if there is Python. The tests with it are left out otherwise. */
export async function ensureXmppClients() {
  // Loaded late: it needs the npm packages, which may only just have been installed.
  const { CLIENTS } = await import("./clients.mjs");
  const { INSTALL_SLIXMPP } = await import("./slixmpp.mjs");
  const { slixmpp } = CLIENTS;
  if (!slixmpp.isInstalled()) {
    const [pip, ...args] = INSTALL_SLIXMPP;
    step("installing slixmpp with pip");
    try {
      run(pip, args, PIP_TIMEOUT_MS);
    } catch (error) {
      step(error instanceof Error ? error.message : String(error));
    }
  }
  const reason = skipWithout(slixmpp);
  if (reason) step(`left out: ${reason}`);
}
