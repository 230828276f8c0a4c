// @ts-check
/**
 * `npm run demo:xmpp`: a broker that is linked to Prosody and serves the demo page, so that somebody with
 * an ordinary XMPP client can join. What follows `--` goes to the broker, as with `npm start`.
 *
 * Everything is on the loopback interface and in a temporary folder, and gone when it stops.
 */

import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { constants, tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { passOnInOnePiece } from "./one-piece.mjs";
import { ensureFreshPackage, ensureRust, PreparationError, ROOT, runMain, step } from "./prepare.mjs";
import { prepareProsody, requireProsody } from "./prosody.mjs";

const DOMAIN = "agents.localhost";
const BOB = { userName: "bob", password: "builder" };

/** Where clients look for a server. Another port is taken if this one is not free. */
const CLIENT_PORT = 5222;

/** How long Prosody may take to start, and to stop. */
const PROSODY_TIMEOUT_MS = 30_000;

/** @type {(() => void) | undefined} */
let stop;
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
  process.on(signal, () => (stop ? stop() : process.exit(128 + constants.signals[signal])));
}

await runMain(async () => {
  // Before what takes minutes.
  requireProsody();
  ensureRust();
  await ensureFreshPackage();
  // Its whole path: Prosody reads its configuration as another user, from another folder.
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "demo-xmpp-")));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  await demonstrate(folder);
});

/** @param {string} folder */
async function demonstrate(folder) {
  const clientPort = (await freePort(CLIENT_PORT)) ?? (await freePort(0));
  const componentPort = await freePort(0);
  if (!clientPort || !componentPort) throw new PreparationError("no port is free on 127.0.0.1");
  const secret = randomBytes(16).toString("hex");
  const secretFile = path.join(folder, "secret");
  const components = { [DOMAIN]: secret };

  step("starting Prosody");
  const { program, args, options } = prepareProsody({
    folder,
    clientPort,
    componentPort,
    components,
    accounts: [BOB],
  });
  writeFileSync(secretFile, secret, { mode: 0o600 });
  // In a group of its own, so that Ctrl-C reaches the broker first, which then says goodbye.
  const prosody = spawn(program, args, { ...options, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  process.on("exit", () => prosody.kill("SIGKILL"));
  let said = "";
  for (const stream of [prosody.stdout, prosody.stderr]) {
    // The end is what says why it stopped.
    stream.setEncoding("utf8").on("data", (text) => (said = (said + text).slice(-2000)));
  }
  const ended = once(prosody, "exit").catch(() => {});
  let hasEnded = false;
  ended.then(() => (hasEnded = true));

  try {
    const deadline = Date.now() + PROSODY_TIMEOUT_MS;
    while (!(await isOpen(clientPort)) || !(await isOpen(componentPort))) {
      if (hasEnded || Date.now() > deadline) throw new PreparationError(`Prosody did not start:\n${said}`);
      await pause(20);
    }
    step("starting the broker (cargo run -p broker --features xmpp)");
    const link = ["--component", DOMAIN, "--xmpp", `127.0.0.1:${componentPort}`, "--secret-file", secretFile];
    const command = ["run", "-p", "broker", "--features", "xmpp", "--", ...link, ...process.argv.slice(2)];
    const broker = spawn("cargo", command, { cwd: ROOT, stdio: ["inherit", "pipe", "inherit"] });
    stop = () => broker.kill("SIGTERM");
    process.on("exit", stop);
    // What it says of the link goes to the terminal directly. "State: " begins the last line of what it says
    // of itself, so that the invitation is the end of all.
    passOnInOnePiece(broker.stdout, "State: ", (text) => {
      const url = /^Listening on (\S+)/.exec(text)?.[1];
      console.log(url ? `${text}\n${invitation(url, clientPort)}` : text);
    });
    const finished = once(broker, "exit").catch((error) => {
      throw new PreparationError(`cargo could not be started: ${error.message}`);
    });
    const first = await Promise.race([finished, ended.then(() => undefined)]);
    if (!first) stop();
    const [code, signal] = await finished;
    process.exitCode = code ?? 128 + constants.signals[/** @type {NodeJS.Signals} */ (signal)];
    if (!first) throw new PreparationError(`Prosody has stopped:\n${said}`);
  } finally {
    prosody.kill("SIGTERM");
    await Promise.race([ended, pause(PROSODY_TIMEOUT_MS, undefined, { ref: false })]);
  }
}

/**
 * How to join.
 *
 * @param {string} url the page's
 * @param {number} port
 */
function invitation(url, port) {
  return `
Join with an ordinary XMPP client:
  address   ${BOB.userName}@localhost
  password  ${BOB.password}
  server    127.0.0.1, port ${port}, without TLS
Then open ${url}, log in as alice with the password wonderland, and send a request to ${BOB.userName}@localhost.
Ctrl-C stops everything.
`;
}

/**
 * @param {number} wanted 0 for any
 * @returns {Promise<number | undefined>} `undefined` if it is taken
 */
async function freePort(wanted) {
  const server = createServer();
  try {
    await once(server.listen(wanted, "127.0.0.1"), "listening");
  } catch {
    return undefined;
  }
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  await once(server.close(), "close");
  return port;
}

/**
 * @param {number} port
 * @returns {Promise<boolean>}
 */
function isOpen(port) {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}
