// @ts-check
/** Prosody, an XMPP server, for this machine alone: in a folder of its own, and never as root. */

import { spawnSync } from "node:child_process";
import { chownSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { PreparationError } from "./prepare.mjs";
import { findProgram } from "./programs.mjs";

/** What installs it on Debian. */
export const PROSODY_PACKAGES = ["prosody"];

/** How to get it. */
const ADVICE = `Install it with your system's packages (Debian: apt-get install ${PROSODY_PACKAGES.join(" ")}).`;

/** How long `prosodyctl` may take. */
const CONTROL_TIMEOUT_MS = 30_000;

/**
 * @typedef {object} ProsodySettings
 * @property {string} folder of its own, empty, by its whole path
 * @property {string | number} clientPort
 * @property {string | number} componentPort
 * @property {Record<string, string>} components secrets by domain
 * @property {{ userName: string, password: string }[]} accounts at `localhost`
 */

/** The program, `undefined` if it is not installed. */
export const prosody = () => findProgram("prosody");

/** The program. */
export function requireProsody() {
  const program = prosody();
  if (!program) throw new PreparationError(`Prosody is not installed. ${ADVICE}`);
  return program;
}

/**
 * Whom a server runs as: who runs this, but not root, as whom Prosody refuses to run.
 *
 * @returns {{ uid?: number, gid?: number }}
 */
export function unprivileged() {
  const NOBODY = 65534;
  return process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
}

/**
 * How Prosody takes components: what `docs/xmpp.md` says for above the first `VirtualHost`, and below.
 *
 * @param {Pick<ProsodySettings, "componentPort" | "components">} settings
 */
export const prosodyLink = ({ componentPort, components }) => ({
  above: `component_interfaces = { "127.0.0.1" }
component_ports = { ${componentPort} }
-- Each stanza is sent at once; otherwise one may wait 40 ms.
network_settings = { nagle = false }
`,
  below: Object.entries(components)
    .map(([domain, secret]) => `Component "${domain}"\n    component_secret = "${secret}"\n`)
    .join("\n"),
});

/** @param {ProsodySettings} settings */
function configuration({ folder, clientPort, ...link }) {
  const { above, below } = prosodyLink(link);
  return `
pidfile = "${folder}/prosody.pid"
data_path = "${folder}/data"
-- A folder that exists: there are none, and no TLS, on the loopback interface.
certificates = "data"
interfaces = { "127.0.0.1" }
c2s_ports = { ${clientPort} }
s2s_ports = {}
http_ports = {}
https_ports = {}
modules_enabled = {
    "c2s", "disco", "iq", "message", "offline", "ping", "presence", "roster", "saslauth", "version"
}
modules_disabled = { "admin_shell", "http", "s2s", "tls" }
authentication = "internal_hashed"
allow_unencrypted_plain_auth = true
c2s_require_encryption = false
storage = "internal"
log = { { levels = { min = "info" }, to = "console" } }
${above}
VirtualHost "localhost"

${below}`;
}

/**
 * Writes its configuration and makes its accounts.
 *
 * @param {ProsodySettings} settings
 * @returns {{ program: string, args: string[], options: { uid?: number, gid?: number, cwd: string } }}
 *   what starts it in the foreground. It is ready when its ports are open
 */
export function prepareProsody(settings) {
  const program = requireProsody();
  const { folder, accounts } = settings;
  const file = path.join(folder, "prosody.cfg.lua");
  const data = path.join(folder, "data");
  mkdirSync(data);
  writeFileSync(file, configuration(settings));
  const who = unprivileged();
  if (who.uid !== undefined && who.gid !== undefined) {
    for (const place of [folder, data, file]) chownSync(place, who.uid, who.gid);
  }
  const options = { ...who, cwd: folder };
  for (const { userName, password } of accounts) {
    const args = ["--config", file, "register", userName, "localhost", password];
    const { status, stdout, stderr, error } = spawnSync("prosodyctl", args, {
      ...options,
      encoding: "utf8",
      timeout: CONTROL_TIMEOUT_MS,
    });
    if (status !== 0) {
      throw new PreparationError(`Prosody can't make the account ${userName}: ${error ?? stdout + stderr}`);
    }
  }
  return { program, args: ["-F", "--config", file], options };
}
