// @ts-check
/** Runs a program in a process of its own, to see whether it ends, and what it writes. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

/**
 * Runs a program, which may `await` and import the package by its name.
 *
 * @param {string} program
 * @param {{ flags?: string[], timeoutMs?: number }} [options]
 * @returns {Promise<{ code: number | null, signal: string | null, stdout: string, stderr: string }>}
 *   `signal` is `SIGKILL` for a program that did not end
 */
export async function runChild(program, { flags = [], timeoutMs = 20_000 } = {}) {
  const child = spawn(process.execPath, [...flags, "--input-type=module", "--eval", program], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    timeout: timeoutMs,
    killSignal: "SIGKILL",
  });
  const output = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text) => (output.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (output.stderr += text));
  const [code, signal] = await once(child, "close");
  return { code, signal, ...output };
}
