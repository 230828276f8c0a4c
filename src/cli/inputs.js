// @ts-check
/** Reads what stands in place of an argument: a file, or the standard input. */

import { readFile } from "node:fs/promises";
import { addAbortSignal } from "node:stream";
import { buffer } from "node:stream/consumers";
import { invalid } from "./failure.js";

/** In place of the name of a file. */
const STANDARD_INPUT = "-";

/** @typedef {ReturnType<typeof inputsOf>} Inputs */

/**
 * @param {string} operation
 * @param {AbortSignal} signal
 */
export function inputsOf(operation, signal) {
  /** The parameter that has it. @type {string | undefined} */
  let reader;

  /**
   * The content of a file.
   *
   * @param {string} parameter
   * @param {string} file
   * @returns {Promise<Buffer>}
   */
  async function bytes(parameter, file) {
    if (file !== STANDARD_INPUT) {
      return readFile(file, { signal }).catch((error) => {
        if (signal.aborted) throw error;
        throw invalid(`${operation}: the file of ${parameter} can't be read (${error.code}).`);
      });
    }
    if (reader) {
      throw invalid(`${operation}: ${reader} and ${parameter} can't both come from the standard input.`);
    }
    reader = parameter;
    return buffer(addAbortSignal(signal, process.stdin));
  }

  return {
    bytes,
    /**
     * The content of a file as a text, without the line break at its end.
     *
     * @param {string} parameter
     * @param {string} file
     */
    async text(parameter, file) {
      const content = await bytes(parameter, file);
      try {
        return new TextDecoder("utf-8", { fatal: true }).decode(content).replace(/\r?\n$/, "");
      } catch {
        throw invalid(`${operation}: the file of ${parameter} is not UTF-8.`);
      }
    },
  };
}
