// @ts-check
/** Runs a project's program, or a tool on a project, and takes what it prints. */

import { text } from "node:stream/consumers";
import { stripVTControlCharacters } from "node:util";
import { startChild } from "../../support/start-child.mjs";

/** Nothing but Next takes more than some seconds. */
const TIMEOUT_MS = 120_000;

/**
 * @typedef {object} Command
 * @property {string} program
 * @property {string[]} args
 * @property {string} cwd
 * @property {Record<string, string>} [env]
 */

/** @param {Command} command */
function start({ program, args, cwd, env }) {
  const { child, exited, end } = startChild(program, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [stdout, stderr] = /** @type {import("node:stream").Readable[]} */ ([child.stdout, child.stderr]);
  return { stdout, stderr, exited, end };
}

/**
 * Runs it to its end.
 *
 * @param {Command} command
 * @returns {Promise<{ stdout: string, stderr: string }>}
 */
export async function run(command) {
  const child = start(command);
  const timer = setTimeout(child.end, TIMEOUT_MS);
  const [stdout, stderr, [code, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    child.exited,
  ]).finally(() => clearTimeout(timer));
  if (code !== 0) throw new Error(`exit ${signal ?? code}: ${stderr}${stdout}`);
  return { stdout, stderr: stripVTControlCharacters(stderr) };
}

/**
 * Runs what prints its result as JSON, and nothing to standard error.
 *
 * @param {Command} command
 */
export async function answer(command) {
  const { stdout, stderr } = await run(command);
  if (stderr) throw new Error(`complains: ${stderr}`);
  return JSON.parse(stdout);
}

/**
 * Runs a tool that has no reason to warn.
 *
 * @param {Command} command
 */
export async function build(command) {
  const { stdout, stderr } = await run(command);
  // Rolldown warns of plugins that are slow, as all are on a busy machine.
  const said = (stdout + stderr).replace(/^.*PLUGIN_TIMINGS.*$/gm, "");
  // Rollup's warnings begin with the sign.
  if (/\bwarn|\(!\)/i.test(said)) throw new Error(`warns: ${stderr}${stdout}`);
}

/**
 * Runs a server while a function uses it.
 *
 * @template T
 * @param {Command} command
 * @param {RegExp} ready in what it prints; its first group is the port
 * @param {(url: string) => Promise<T>} use
 * @returns {Promise<T>}
 */
export async function whileServing(command, ready, use) {
  const child = start(command);
  let output = "";
  /** @type {Promise<string>} */
  const port = new Promise((resolve, reject) => {
    const fail = () => reject(new Error(`does not serve: ${output}`));
    const timer = setTimeout(fail, TIMEOUT_MS);
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (/** @type {string} */ chunk) => {
        output += stripVTControlCharacters(chunk);
        const found = ready.exec(output)?.[1];
        if (!found) return;
        clearTimeout(timer);
        resolve(found);
      });
    }
    child.exited.then(fail, reject).finally(() => clearTimeout(timer));
  });
  try {
    const result = await use(`http://127.0.0.1:${await port}`);
    if (/\b(error|warn)/i.test(output)) throw new Error(`complains: ${output}`);
    return result;
  } catch (error) {
    throw output ? new Error(`${error instanceof Error ? error.message : error}\n${output}`) : error;
  } finally {
    child.end();
  }
}
