// @ts-check
/** ejabberd, an XMPP server, in a folder of its own, and never as root. */

import { chownSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { findProgram } from "../../../xtask/programs.mjs";
import { unprivileged } from "../../../xtask/prosody.mjs";

/** Where Debian puts libraries, one folder for each architecture. */
const LIBRARIES = "/usr/lib";

/** The folder with the libraries of ejabberd, `undefined` if it is not installed. */
function libraries() {
  if (!findProgram("erl") || !existsSync(LIBRARIES)) return undefined;
  const folders = readdirSync(LIBRARIES).filter((name) => /-linux-/.test(name));
  return folders
    .map((name) => path.join(LIBRARIES, name))
    .find((folder) => readdirSync(folder).some((name) => /^ejabberd-\d/.test(name)));
}

export const isEjabberdInstalled = () => libraries() !== undefined;

/**
 * How ejabberd takes components, as in `docs/xmpp.md`.
 *
 * @param {Pick<import("../../../xtask/prosody.mjs").ProsodySettings, "componentPort" | "components">} settings
 */
export const ejabberdLink = ({ componentPort, components }) => `  -
    port: ${componentPort}
    ip: "127.0.0.1"
    module: ejabberd_service
    access: all
    global_routes: false
    hosts:
${Object.entries(components)
  .map(([domain, secret]) => `      "${domain}":\n        password: "${secret}"\n`)
  .join("")}`;

/** @param {import("../../../xtask/prosody.mjs").ProsodySettings} settings */
const configuration = ({ clientPort, ...link }) => `
hosts: [localhost]
listen:
  -
    port: ${clientPort}
    ip: "127.0.0.1"
    module: ejabberd_c2s
    access: all
${ejabberdLink(link)}auth_method: internal
auth_password_format: scram
# It looks up no domain.
s2s_access: none
modules:
  mod_disco: {}
  mod_offline: {}
  mod_ping: {}
  mod_roster: {}
  mod_version: {}
`;

/**
 * Writes its configuration.
 *
 * @param {import("../../../xtask/prosody.mjs").ProsodySettings} settings
 * @returns {{ program: string, args: string[], options: import("node:child_process").SpawnOptions }}
 *   what starts it in the foreground, and makes its accounts
 */
export function prepareEjabberd(settings) {
  const program = findProgram("erl");
  const libs = libraries();
  if (!program || !libs) throw new Error("ejabberd is not installed");
  const { folder, accounts } = settings;
  const file = path.join(folder, "ejabberd.yml");
  const places = ["db", "log"].map((name) => path.join(folder, name));
  for (const place of places) mkdirSync(place);
  writeFileSync(file, configuration(settings));
  const who = unprivileged();
  if (who.uid !== undefined && who.gid !== undefined) {
    for (const place of [folder, file, ...places]) chownSync(place, who.uid, who.gid);
  }
  const registrations = accounts.map(
    ({ userName, password }) =>
      `ejabberd_auth:try_register(<<"${userName}">>, <<"localhost">>, <<"${password}">>)`,
  );
  // Not by ejabberdctl: it needs a daemon that listens on all interfaces.
  const args = ["-noinput", "-mnesia", "dir", `"${folder}/db"`, "-s", "ejabberd", "-eval"];
  return {
    program,
    args: [...args, `${registrations.join(", ")}.`],
    options: {
      ...who,
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        ERL_LIBS: libs,
        EJABBERD_CONFIG_PATH: file,
        EJABBERD_LOG_PATH: path.join(folder, "log", "ejabberd.log"),
      },
    },
  };
}
