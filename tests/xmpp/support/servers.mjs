// @ts-check
/** Starts and stops an XMPP server, on free ports of the loopback interface. */

import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { freePort } from "../../support/free-port.mjs";
import { startChild } from "../../support/start-child.mjs";
import { eventually } from "./deadline.mjs";

/** The account at `localhost`. */
export const BOB = { userName: "bob", password: "builder" };

/** Secrets of the components, by domain. */
export const COMPONENTS = { "agents.localhost": "secret of agents", "others.localhost": "secret of others" };

/** @typedef {Awaited<ReturnType<typeof startServer>>} XmppServer */

/** @param {import("./kinds.mjs").ServerKind} kind */
export async function startServer({ title, prepare }) {
  const folder = mkdtempSync(path.join(tmpdir(), "xmpp-"));
  const clientPort = await freePort();
  const componentPort = await freePort();
  const settings = { folder, clientPort, componentPort, components: COMPONENTS, accounts: [BOB] };
  const { program, args, options } = prepare(settings);
  let output = "";
  /** @type {ReturnType<typeof startChild> | undefined} */
  let running;

  async function start() {
    const { child, ...rest } = startChild(program, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    running = { child, ...rest };
    let hasEnded = false;
    rest.exited.catch(() => {}).finally(() => (hasEnded = true));
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text) => (output += text));
    }
    const label = () => `${title} listens; it says:\n${output}`;
    for (const port of [clientPort, componentPort]) {
      await eventually(() => {
        if (hasEnded) throw new Error(label());
        return isOpen(Number(port));
      }, label);
    }
  }

  /** Ends it as an operator does, and waits until it has ended. */
  async function stop() {
    running?.child.kill("SIGTERM");
    await running?.exited;
  }

  try {
    await start();
  } catch (error) {
    await end();
    throw error;
  }

  /** Ends it for good, and removes its folder. */
  async function end() {
    await running?.stop();
    rmSync(folder, { recursive: true, force: true });
  }

  return {
    title,
    clientPort: Number(clientPort),
    componentPort: Number(componentPort),
    output: () => output,
    start,
    stop,
    end,
  };
}

/** @param {number} port */
function isOpen(port) {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}
