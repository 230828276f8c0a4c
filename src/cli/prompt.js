// @ts-check

import { once } from "node:events";
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { invalid } from "./failure.js";

/** Whether there is somebody to ask. */
export const canAsk = () => process.stdin.isTTY === true;

/**
 * Asks at the terminal, where the answer is not shown.
 *
 * @param {string} what
 * @param {AbortSignal} signal
 * @returns {Promise<string>}
 */
export async function ask(what, signal) {
  // What readline would show of the answer.
  const output = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output, terminal: true, historySize: 0 });
  // The terminal sends no signal while it shows nothing.
  lines.on("SIGINT", () => process.emit("SIGINT", "SIGINT"));
  const closed = once(lines, "close");
  process.stderr.write(`${what}: `);
  try {
    const answer = await Promise.race([lines.question("", { signal }), closed.then(() => undefined)]);
    if (answer !== undefined) return answer;
  } catch (error) {
    // Ctrl-D, which only some versions of Node report as an error.
    if (signal.aborted) throw error;
  } finally {
    lines.close();
    process.stderr.write("\n");
  }
  throw invalid(`${what} was not given.`);
}
