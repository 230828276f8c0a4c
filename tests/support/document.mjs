// @ts-check
/** Programs in documents and tests, which have to run. */

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { startBroker } from "./broker.mjs";

/** Node 20 has a WebSocket only if it is asked for it. */
const WITH_WEB_SOCKET = "WebSocket" in globalThis ? [] : ["--experimental-websocket", "--no-warnings"];

/** Far more than a program takes, so that only one that hangs is ended. */
const TIMEOUT_MS = 60_000;

/**
 * What a program prints, which may print no warning and no error.
 *
 * @param {string} program
 * @param {string[]} args
 * @param {string[]} flags of Node
 */
async function run(program, args, flags) {
  const words = [...flags, "--input-type=module", "--eval", program, "--", ...args];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, words, { timeout: TIMEOUT_MS });
  if (stderr) throw new Error(stderr);
  return stdout;
}

/**
 * What a program prints to which messages can be pushed.
 *
 * @param {string} program
 * @param {...string} args behind the program in `process.argv`
 */
export const outputWithWebSocket = (program, ...args) => run(program, args, WITH_WEB_SOCKET);

/**
 * What a program prints that has the address of the local broker in it.
 *
 * @param {string} program
 * @param {{ host: string }} broker that takes its place
 */
export const outputAt = (program, { host }) => run(program.replace("127.0.0.1:8080", host), [], []);

/**
 * What the first program of a document prints with the local broker.
 *
 * @param {string} text of the document
 */
export async function outputOf(text) {
  const [, program] = /```js\n(import[^]*?)```/.exec(text) ?? [];
  if (program === undefined) throw new Error("The document has no program that begins with an import.");
  const broker = await startBroker();
  try {
    return await outputAt(program, broker);
  } finally {
    await broker.stop();
  }
}
