// @ts-check
/** Starts the real local broker, on a port that the system chooses. */

import { existsSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { startChild } from "./start-child.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const target = process.env.CARGO_TARGET_DIR ?? path.join(root, "target");
const FILE = process.platform === "win32" ? "broker.exe" : "broker";

/** What cargo made; with optimisation, where `BROKER_PROFILE` says `release`. */
const program = () => path.join(target, process.env.BROKER_PROFILE ?? "debug", FILE);

/** Far more than it takes (some milliseconds), so that only a broker that hangs is given up. */
const START_DEADLINE_MS = 15_000;

/** The accounts of a broker that is started without `--account`, as it prints them. */
export const demoAccounts = Object.freeze({
  alice: Object.freeze({ userName: "alice", password: "wonderland", bareJid: "alice@localhost" }),
  bob: Object.freeze({ userName: "bob", password: "builder", bareJid: "bob@localhost" }),
});

/**
 * @param {...string} args as on the command line; `--listen 127.0.0.1:0` unless they say otherwise
 * @returns {Promise<{
 *   url: string,
 *   host: string,
 *   faultHost: string,
 *   process: import("node:child_process").ChildProcess,
 *   accounts: typeof demoAccounts,
 *   output: () => string,
 *   stop: () => Promise<void>,
 * }>} `url` without a slash at its end, `host` such as `127.0.0.1:8080`, `faultHost` where calls fail;
 *   empty without `--fault`
 */
export async function startBroker(...args) {
  if (!existsSync(program())) throw new Error("There is no broker yet: cargo build -p broker");
  const listen = args.includes("--listen") ? [] : ["--listen", "127.0.0.1:0"];
  const { child, exited, end } = startChild(program(), [...listen, ...args], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const streams = [child.stdout, child.stderr].map((stream) =>
    /** @type {import("node:stream").Readable} */ (stream).setEncoding("utf8"),
  );

  let output = "";
  for (const stream of streams) stream.on("data", (text) => (output += text));

  // The broker prints this line last, together with the line that it is ready.
  const ready = args.includes("--fault") ? /^Faults at / : /\bListening on /i;
  /** @type {string} */
  const url = await new Promise((resolve, reject) => {
    const fail = (/** @type {string} */ why) => reject(new Error(`The broker ${why}.\n${output}`));
    const timer = setTimeout(() => {
      end();
      fail("did not start in time");
    }, START_DEADLINE_MS);
    exited.then(
      ([code, signal]) => fail(`ended at once (${signal ?? code})`),
      (error) => fail(`can't be run: ${error.message}`),
    );
    for (const input of streams) {
      createInterface({ input }).on("line", (line) => {
        if (!ready.test(line)) return;
        clearTimeout(timer);
        const found = /\bListening on (http:\/\/\S+?)\/?$/im.exec(output);
        if (found) resolve(found[1]);
        else fail("does not say where it listens");
      });
    }
    exited.catch(() => {}).finally(() => clearTimeout(timer));
  });

  return {
    url,
    host: new URL(url).host,
    faultHost: /^Faults at http:\/\/(\S+)/m.exec(output)?.[1] ?? "",
    process: child,
    accounts: demoAccounts,
    output: () => output,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
      await exited;
    },
  };
}
