// @ts-check
/** Compares a package with another one, and replaces it. */

import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { RECORD } from "./digests.mjs";
import { PreparationError } from "./prepare.mjs";

/**
 * How two directories differ, one line a file.
 *
 * @param {string} committed
 * @param {string} made
 */
export async function differences(committed, made) {
  const [old, fresh] = await Promise.all([contentsOf(committed), contentsOf(made)]);
  const lines = [];
  for (const [name, content] of fresh) {
    const other = old.get(name);
    if (!other) lines.push(`${name} is missing`);
    else if (!other.equals(content)) lines.push(`${name} differs`);
  }
  const superfluous = [...old.keys()].filter((name) => !fresh.has(name));
  return [...lines, ...superfluous.map((name) => `${name} is no longer made`)];
}

/**
 * Replaces the files of a package with those of another directory. Refuses to touch a directory that
 * holds something else.
 *
 * @param {string} destination
 * @param {string} made
 */
export async function replace(destination, made) {
  const old = await contentsOf(destination);
  if (old.size > 0 && !old.has(RECORD)) {
    throw new PreparationError(`${destination} is not empty and not a package`);
  }
  await mkdir(destination, { recursive: true });
  for (const name of old.keys()) await rm(path.join(destination, name));
  for (const [name, content] of await contentsOf(made)) {
    await writeFile(path.join(destination, name), content);
  }
}

/**
 * The files of a directory, none where there is no directory.
 *
 * @param {string} directory
 * @returns {Promise<Map<string, Buffer>>}
 */
async function contentsOf(directory) {
  const entries = await readdir(directory, { withFileTypes: true }).catch((error) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  const names = entries
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .sort();
  /** @type {Map<string, Buffer>} */
  const contents = new Map();
  for (const name of names) contents.set(name, await readFile(path.join(directory, name)));
  return contents;
}
