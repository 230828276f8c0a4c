// @ts-check
/**
 * Tells whether a package directory was made from the sources as they are now.
 *
 * A clone gives every file the time of the clone, so times say nothing; the build writes down what
 * it read and what it made instead.
 *
 *     node xtask/digests.mjs sources                            prints the digest of the sources
 *     node xtask/digests.mjs record <package> <that digest>     writes the record
 *
 * Two steps, because the sources may change while they are being built.
 */

import { createHash } from "node:crypto";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const RECORD = ".digests";

/** Everything that can change a byte of the package. */
const INPUTS = [
  ".cargo/config.toml",
  "Cargo.lock",
  "Cargo.toml",
  "package-lock.json",
  "package.json",
  "rust-toolchain.toml",
  "src",
  "xtask",
];

/** @param {string} directory */
export async function isFresh(directory) {
  const record = await readFile(path.join(directory, RECORD), "utf8").catch(() => "");
  return record === (await describe(directory, await digestOfSources()));
}

async function digestOfSources() {
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
  return createHash("sha256").update(await readFile(file)).digest("hex");
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
  const below = await Promise.all(
    names.sort().map((name) => filesIn(base, path.posix.join(place, name))),
  );
  return below.flat();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [command, directory, sources] = process.argv.slice(2);
  if (command === "sources") {
    console.log(await digestOfSources());
  } else {
    await writeFile(path.join(directory, RECORD), await describe(path.resolve(directory), sources));
  }
}
