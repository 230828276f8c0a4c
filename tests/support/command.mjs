// @ts-check
/** Runs the command line of the package, in a process of its own. */

import assert from "node:assert/strict";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { startChild } from "./start-child.mjs";

export const COMMAND = fileURLToPath(new URL("../../pkg/cli.js", import.meta.url));

/** Far more than a command takes, so that only one that hangs is ended. */
const TIMEOUT_MS = 30_000;

/**
 * @typedef {object} Surroundings
 * @property {Record<string, string>} [env] besides what every program needs
 * @property {string | Uint8Array} [input] of the standard input, which has an end
 * @property {boolean} [keepsInputOpen] whether it has none
 * @property {string} [cwd]
 */

/**
 * Starts a command without a terminal.
 *
 * @param {string[]} args
 * @param {Surroundings} [surroundings]
 */
export function startCommand(args, { env, input, keepsInputOpen, cwd } = {}) {
  const { PATH = "", HOME = "" } = process.env;
  const { child, end } = startChild(process.execPath, [COMMAND, ...args], {
    cwd,
    env: { PATH, HOME, ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const { stdin, stdout, stderr } =
    /** @type {import("node:child_process").ChildProcessWithoutNullStreams} */ (child);
  const output = { stdout: /** @type {Buffer[]} */ ([]), stderr: "" };
  stdout.on("data", (bytes) => output.stdout.push(bytes));
  stderr.setEncoding("utf8").on("data", (text) => (output.stderr += text));
  // One that does not read it may have ended before.
  stdin.on("error", () => {});
  if (!keepsInputOpen) stdin.end(input);
  const timer = setTimeout(end, TIMEOUT_MS);
  const ended = once(child, "close").then(([code, signal]) => {
    clearTimeout(timer);
    const bytes = Buffer.concat(output.stdout);
    return { code, signal, bytes, stdout: bytes.toString(), stderr: output.stderr };
  });
  return { child, stdout, ended };
}

/**
 * Runs a command to its end.
 *
 * @param {string[]} args
 * @param {Surroundings} [surroundings]
 * @returns {Promise<{ code: number | null, signal: string | null, bytes: Buffer, stdout: string, stderr: string }>}
 */
export const runCommand = (args, surroundings) => startCommand(args, surroundings).ended;

/**
 * What a command says that fails: one line, for a person.
 *
 * @param {string[]} args
 * @param {Surroundings} [surroundings]
 */
export async function failureOf(args, surroundings) {
  const { code, stdout, stderr } = await runCommand(args, surroundings);
  assert.equal(stdout, "");
  assert.match(stderr, /^[a-z-]+: [^\n]+\n$/, "one line");
  // Advice for programs is of no use at a shell.
  assert.doesNotMatch(stderr, /AgentAPI|`cause`|Options\./);
  return { code, message: stderr.trimEnd() };
}

/**
 * The environment of an account at a broker of this machine.
 *
 * @param {string} host
 */
export const environmentOf = (host, userName = "alice", password = "correct horse") => ({
  NEURON_HOST: host,
  NEURON_INSECURE: "1",
  NEURON_USER: userName,
  NEURON_PASSWORD: password,
});
