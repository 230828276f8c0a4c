// @ts-check
/** The texts of arguments as the values that the library takes. */

import path from "node:path";
import { invalid } from "./failure.js";

/** @typedef {import("./catalog.js").Parameter} Parameter */

/** By the extension of a file; the library sends others as `application/octet-stream`. */
const MEDIA_TYPES = /** @type {Record<string, string>} */ ({
  ".csv": "text/csv",
  ".gif": "image/gif",
  ".htm": "text/html",
  ".html": "text/html",
  ".jpeg": "image/jpeg",
  ".jpg": "image/jpeg",
  ".json": "application/json",
  ".md": "text/markdown",
  ".pdf": "application/pdf",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain",
  ".webp": "image/webp",
  ".xml": "text/xml",
});

/** Whether a text names a file instead: `@FILE`. `@@` begins a text that begins with `@`. @param {string} text */
export const namesFile = (text) => /^@(?!@)/.test(text);

/**
 * The value of an argument, or what the file holds that it names.
 *
 * @param {string} operation
 * @param {Parameter} parameter
 * @param {string} argument
 * @param {import("./inputs.js").Inputs} inputs
 * @returns {Promise<unknown>}
 */
export async function readArgument(operation, parameter, argument, inputs) {
  const { name, reads } = parameter;
  const file = namesFile(argument) ? argument.slice(1) : undefined;
  if (reads === "file") {
    const path = file ?? argument;
    return path ? fileOf(path, await inputs.bytes(name, path)) : undefined;
  }
  if (file === undefined) return converted(operation, parameter, argument.replace(/^@@/, "@"));
  if (reads === "base64") return (await inputs.bytes(name, file)).toString("base64");
  return converted(operation, parameter, await inputs.text(name, file));
}

/**
 * @param {string} operation
 * @param {Parameter} parameter
 * @param {string} text
 * @returns {unknown} `undefined` for an empty text that is to be no text
 */
export function converted(operation, { name, reads, example }, text) {
  if (reads !== "number" && reads !== "boolean" && reads !== "json") return text;
  if (text === "") return undefined;
  const value = parsed(reads, text);
  if (value !== undefined) return value;
  const rules = {
    number: `a number, such as ${example}`,
    boolean: "true or false",
    // The message of `JSON.parse` would show a part of what may be a secret.
    json: example ? `JSON, such as ${example}` : "JSON",
  };
  throw invalid(`${operation}: ${name} must be ${rules[reads]}.`);
}

/**
 * @param {"number" | "boolean" | "json"} reads
 * @param {string} text
 * @returns {unknown} `undefined` for a text that is none
 */
function parsed(reads, text) {
  if (reads === "boolean") return ["true", "false"].includes(text) ? text === "true" : undefined;
  if (reads === "number") return /^[+-]?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * @param {string} name of the file; of the standard input a hyphen
 * @param {Buffer} content
 */
function fileOf(name, content) {
  const type = MEDIA_TYPES[path.extname(name).toLowerCase()] ?? "";
  return new File([/** @type {BlobPart} */ (content)], path.basename(name), { type });
}
