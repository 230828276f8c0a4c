// @ts-check
/** slixmpp, an XMPP library for Python, as an ordinary client: directs `slixmpp_client.py`. */

import { spawnSync } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parse } from "ltx";
import { startChild } from "../../support/start-child.mjs";

/** Where `npm test` puts it. */
const FOLDER = path.resolve(process.env.CARGO_TARGET_DIR ?? "target", "slixmpp");

/** What puts it there, if there are Python and its pip. */
export const INSTALL_SLIXMPP = [
  ...["python3", "-m", "pip", "install", "--no-deps", "--only-binary", ":all:", "--target", FOLDER],
  ...["--requirement", "tests/xmpp/support/slixmpp-requirements.txt"],
];

const PROGRAM = fileURLToPath(new URL("slixmpp_client.py", import.meta.url));

const env = { ...process.env, PYTHONPATH: FOLDER };

/** Without the packages of the system, which may have another version. */
const ISOLATED = "-S";

export const isSlixmppInstalled = () =>
  spawnSync("python3", [ISOLATED, "-c", "import slixmpp"], { env }).status === 0;

/** @type {import("./clients.mjs").Connect} */
export async function connectSlixmpp({ clientPort, bareJid, resource, password, onStanza }) {
  const { child, exited, stop } = startChild("python3", [ISOLATED, PROGRAM], { env, stdio: "pipe" });
  const { stdin, stdout, stderr } =
    /** @type {import("node:child_process").ChildProcessWithoutNullStreams} */ (child);
  let errors = "";
  stderr.setEncoding("utf8").on("data", (text) => (errors += text));
  // What can't be written, because the program has ended, is not answered either.
  stdin.on("error", () => {});

  /** @typedef {{ response?: string, condition?: string }} Answer */
  /** Who waits for an answer, by its number. @type {Map<number, (answer: Answer) => void>} */
  const waiting = new Map();
  let count = 0;
  const ended = exited.then(() => {
    throw new Error(`slixmpp_client.py has ended; it says:\n${errors}`);
  });
  // Whoever waits for an answer hears of it.
  ended.catch(() => {});

  /** @param {object} line */
  function call(line) {
    count += 1;
    const number = count;
    /** @type {Promise<Answer>} */
    const answered = new Promise((resolve) => waiting.set(number, resolve));
    stdin.write(`${JSON.stringify({ ...line, number })}\n`);
    return Promise.race([answered, ended]);
  }

  createInterface(stdout).on("line", (line) => {
    const { stanza, number, ...answer } = JSON.parse(line);
    if (stanza) onStanza(parse(stanza));
    else waiting.get(number)?.(answer);
  });

  try {
    await call({ jid: `${bareJid}/${resource}`, password, port: clientPort });
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    send: async (stanza) => void (await call({ send: `${stanza}` })),
    async ask(query) {
      const { response, condition } = await call({ ask: `${query}` });
      if (!response) throw Object.assign(new Error(condition), { condition });
      return parse(response);
    },
    async stop() {
      stdin.end();
      await exited;
    },
  };
}
