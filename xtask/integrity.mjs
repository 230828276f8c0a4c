// @ts-check
/** The hashes with which a page can insist on the files of this version (Subresource Integrity). */

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";

/** The files that a page loads by name. */
const FILES = ["agentapi.global.js", "index.js"];

/**
 * The hash of each file.
 *
 * @param {string} directory of the package
 * @returns {Promise<[file: string, hash: string][]>}
 */
export async function hashes(directory) {
  const hash = (/** @type {Buffer} */ content) =>
    `sha384-${createHash("sha384").update(content).digest("base64")}`;
  return Promise.all(FILES.map(async (file) => [file, hash(await readFile(path.join(directory, file)))]));
}

/**
 * `docs/loading.md` with other hashes and another version.
 *
 * @param {string} text of the document
 * @param {[file: string, hash: string][]} hashes
 * @param {string} version
 */
export function withHashes(text, hashes, version) {
  let changed = text.replace(/(neuron-agent-api@)\d[\w.-]*(\/pkg\/)/g, `$1${version}$2`);
  for (const [file, hash] of hashes) {
    const places = [
      new RegExp(`(\\| \`${file}\` \\| \`)sha384-[^\`]*`),
      new RegExp(`(/pkg/${file}"\\s+integrity=")sha384-[^"]*`),
    ];
    for (const place of places) changed = changed.replace(place, `$1${hash}`);
  }
  return changed;
}
