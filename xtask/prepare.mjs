// @ts-check
/**
 * Brings a fresh clone to the point where its programs can run. Each function looks first and does
 * only what is missing. Uses nothing from npm, which may not be installed yet.
 */

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { isFresh } from "./digests.mjs";

export const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** A prerequisite is missing or a step failed; the message is one line for a person. */
export class PreparationError extends Error {}

/** @param {string} message */
export function step(message) {
  console.error(`• ${message}`);
}

/**
 * Runs a program to its end, its output going to the terminal.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {number} [timeoutMs] after which it is ended; without limit unless given
 */
export function run(command, args, timeoutMs) {
  // On Windows npm is a batch file, which only a shell starts.
  const shell = process.platform === "win32" && command === "npm";
  const options = /** @type {const} */ ({ cwd: ROOT, stdio: "inherit", shell, timeout: timeoutMs });
  const { error, status } = spawnSync(command, args, options);
  if (error && "code" in error && error.code === "ETIMEDOUT") {
    throw new PreparationError(
      `not done in ${Number(timeoutMs) / 60_000} minutes: ${command} ${args.join(" ")}`,
    );
  }
  if (error) throw new PreparationError(`${command} could not be started: ${error.message}`);
  if (status !== 0) throw new PreparationError(`failed: ${command} ${args.join(" ")}`);
}

/** Makes sure that `cargo` can be run; the toolchain itself comes by `rust-toolchain.toml`. */
export function ensureRust() {
  if (answers("cargo")) return;
  // rustup puts it there, but only a shell started afterwards has that on its path.
  const usual = path.join(process.env.CARGO_HOME ?? path.join(homedir(), ".cargo"), "bin");
  process.env.PATH = [usual, process.env.PATH].join(path.delimiter);
  if (answers("cargo")) return;
  throw new PreparationError("Rust is missing. Install it with rustup: https://rustup.rs");
}

/** Installs the npm packages that `package-lock.json` names, unless they are there. */
export function ensureNpmPackages() {
  if (installedAsLocked()) return;
  step("installing the npm packages that build and test this project (npm ci)");
  // None of them needs its install script, and what does not run can't do harm.
  run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
}

/** Makes `pkg/`, unless it was made from the sources as they are. */
export async function ensureFreshPackage() {
  if (await isFresh(path.join(ROOT, "pkg"))) {
    step("pkg/ is up to date with the sources");
    return;
  }
  ensureNpmPackages();
  step("making pkg/ from the sources (cargo xtask build); the first time takes minutes");
  run("cargo", ["xtask", "build"]);
}

/**
 * Runs the main function of a script; a failure to prepare is one line, not a stack.
 *
 * @param {() => Promise<void>} main
 */
export async function runMain(main) {
  try {
    const [major] = process.versions.node.split(".").map(Number);
    if (major < 20) throw new PreparationError("Node.js 20 or newer is needed: https://nodejs.org");
    await main();
  } catch (error) {
    if (!(error instanceof PreparationError)) throw error;
    console.error(`✗ ${error.message}`);
    process.exitCode = 1;
  }
}

/** @param {string} program */
function answers(program) {
  return (
    spawnSync(program, ["--version"], { cwd: ROOT, stdio: ["ignore", "ignore", "inherit"] }).status === 0
  );
}

/** Compares npm's own record of what it installed with the lock file. */
function installedAsLocked() {
  const record = path.join(ROOT, "node_modules", ".package-lock.json");
  if (!existsSync(record)) return false;
  const installed = packagesIn(record);
  const locked = packagesIn(path.join(ROOT, "package-lock.json"));
  // Those that are optional are there on some platforms only.
  const required = Object.entries(locked).filter(([place, entry]) => place && !entry.optional);
  return (
    required.every(([place, { version }]) => installed[place]?.version === version) &&
    Object.entries(installed).every(([place, { version }]) => locked[place]?.version === version)
  );
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, optional?: boolean }>}
 */
function packagesIn(file) {
  return JSON.parse(readFileSync(file, "utf8")).packages;
}
