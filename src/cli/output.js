// @ts-check
/** Writes results. */

import { writeFile } from "node:fs/promises";
import { CommandError } from "./failure.js";

/**
 * @param {string | Uint8Array} content
 * @param {string} [file] instead of the standard output
 */
export async function write(content, file) {
  try {
    await (file === undefined || file === "-" ? toStandardOutput(content) : writeFile(file, content));
  } catch (error) {
    // Who reads has read enough, such as `head`.
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code !== "EPIPE") throw new CommandError("output", `the result can't be written (${code}).`);
  }
}

/**
 * @param {string | Uint8Array} content
 * @returns {Promise<void>}
 */
const toStandardOutput = (content) =>
  new Promise((resolve, reject) =>
    process.stdout.write(content, (error) => (error ? reject(error) : resolve())),
  );

/**
 * A result as JSON: for a person in several lines, for a program in one.
 *
 * @param {unknown} result
 */
export const jsonOf = (result) =>
  `${JSON.stringify(result, null, process.stdout.isTTY ? 2 : 0)}\n`.replaceAll(/(?!\n)\p{Cc}/gu, escaped);

/** Of the characters that move the cursor of a terminal, JSON escapes some only. @param {string} character */
const escaped = (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
