// @ts-check
/** The steps of the build that are in Rust, and what they tell of a WebAssembly module. */

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { PreparationError, run } from "./prepare.mjs";

/** The length of what comes before the first section of a module. */
const HEADER = 8;

/**
 * A section or a function of a module, and the offsets at which it starts and ends.
 *
 * @typedef {{ name: string, start: number, end: number }} Part
 */

/** What a step prints, as a text. @type {import("node:child_process").ExecFileSyncOptionsWithStringEncoding} */
const OUTPUT = { encoding: "utf8", maxBuffer: 2 ** 28, stdio: ["ignore", "pipe", "inherit"] };

/** The program of `xtask/src/main.rs`, which has started this one. */
function program() {
  const { XTASK } = process.env;
  if (!XTASK) throw new Error("XTASK is not set; run: cargo xtask build");
  return XTASK;
}

/**
 * Runs a step to its end.
 *
 * @param {string} command
 * @param {string[]} args
 */
export function rust(command, ...args) {
  run(program(), [command, ...args]);
}

/**
 * Runs a step to its end, while this program goes on.
 *
 * @param {string} command
 * @param {string[]} args
 */
export async function rustBeside(command, ...args) {
  const [status] = await once(spawn(program(), [command, ...args], { stdio: "inherit" }), "exit");
  if (status !== 0) throw new PreparationError(`failed: ${program()} ${command} ${args.join(" ")}`);
}

/** @returns {import("./declarations.mjs").Resource[]} the declarations of all resources */
export function declarations() {
  return JSON.parse(execFileSync(program(), ["declarations"], OUTPUT));
}

/**
 * The sections and the functions of a module, in their order. A section's name is "custom", "code",
 * "data" or "other".
 *
 * @param {string} file
 * @returns {{ sections: Part[], functions: Part[] }}
 */
export function inspect(file) {
  return JSON.parse(execFileSync(program(), ["inspect", file], OUTPUT));
}

/**
 * A module without the sections that engines ignore, such as the names of its functions.
 *
 * @param {Buffer} module
 * @param {string} file that it was read from
 */
export function withoutCustomSections(module, file) {
  const kept = inspect(file).sections.filter(({ name }) => name !== "custom");
  return Buffer.concat([
    module.subarray(0, HEADER),
    ...kept.map(({ start, end }) => module.subarray(start, end)),
  ]);
}
