// @ts-check
/**
 * Tells whether a package was made from the sources as they are now.
 *
 * A clone gives every file the time of the clone, so times say nothing; the build records the digests of
 * what it read and of what it made instead.
 */

import { createHash } from "node:crypto";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** The file of a package in which they are. */
export const RECORD = ".digests";

/** Everything that can change a byte of the package. */
const INPUTS = [
  ".cargo/config.toml",
  "broker/Cargo.toml",
  "broker/src",
  "Cargo.lock",
  "Cargo.toml",
  "package-lock.json",
  "package.json",
  "rust-toolchain.toml",
  "src",
  "test-broker",
  "unpack",
  "xtask",
];

/** @param {string} directory of the package */
export async function isFresh(directory) {
  const record = await readFile(path.join(directory, RECORD), "utf8").catch(() => "");
  return record === (await describe(directory, await digestOfSources()));
}

/**
 * Records which sources a package was made from.
 *
 * @param {string} directory
 * @param {string} sources their digest, taken before they were read
 */
export async function record(directory, sources) {
  await writeFile(path.join(directory, RECORD), await describe(directory, sources));
}

/** The state of the sources in one digest. */
export async function digestOfSources() {
  const files = (await Promise.all(INPUTS.map((input) => filesIn(ROOT, input)))).flat();
  const lines = await Promise.all(
    files.map(async (file) => `${await digest(path.join(ROOT, file))}  ${file}\n`),
  );
  return createHash("sha256").update(lines.join("")).digest("hex");
}

/**
 * One line for the sources and one for each file made from them, so that a package half written,
 * edited by hand or merged by git counts as stale too.
 *
 * @param {string} directory
 * @param {string} sources
 */
async function describe(directory, sources) {
  const made = (await filesIn(directory, ".")).filter((file) => file !== RECORD);
  const lines = await Promise.all(
    made.map(async (file) => `${await digest(path.join(directory, file))}  ${file}`),
  );
  return [`${sources}  sources`, ...lines, ""].join("\n");
}

/** @param {string} file */
async function digest(file) {
  return createHash("sha256")
    .update(await readFile(file))
    .digest("hex");
}

/**
 * The files at or below `place`, relative to `base`, with forward slashes, in one order everywhere.
 *
 * @param {string} base
 * @param {string} place
 * @returns {Promise<string[]>}
 */
async function filesIn(base, place) {
  const about = await stat(path.join(base, place)).catch(() => undefined);
  if (!about) return [];
  if (!about.isDirectory()) return [path.posix.normalize(place)];
  const names = (await readdir(path.join(base, place))).filter((name) => name !== ".DS_Store");
  const below = await Promise.all(names.sort().map((name) => filesIn(base, path.posix.join(place, name))));
  return below.flat();
}
