// @ts-check
/** The declarations of all methods, from the file that the build makes. */

import { showProperties } from "../wire/masking.js";

/**
 * @typedef {import("../code.js").Input & {
 *   required: boolean, text: string, value?: unknown, kind: { is: string, texts?: string[] },
 * }} Parameter
 * @typedef {Omit<import("../code.js").Method, "parameters" | "request"> & {
 *   isExported: boolean, text: string[], parameters: Parameter[], request: Parameter[],
 * }} Method
 */

/** @type {Promise<Method[]> | undefined} */
let methods;

/** Those that can be called, loaded once; again if that failed. */
export function loadMethods() {
  methods ??= load().catch((error) => {
    methods = undefined;
    throw error;
  });
  return methods;
}

async function load() {
  const response = await fetch("../pkg/resources.json");
  if (!response.ok) throw new Error(`${response.url}: ${response.status}`);
  const resources = /** @type {Method[]} */ (await response.json());
  showProperties(harmlessNames(resources));
  return resources.filter(({ isExported }) => isExported);
}

/**
 * The names of what is sent and can be shown, whichever method sends it.
 *
 * @param {Method[]} resources
 */
function harmlessNames(resources) {
  const sent = resources.flatMap(({ request }) => request);
  const secret = new Set(sent.filter(({ isSecret }) => isSecret).map(({ name }) => name));
  return sent.map(({ name }) => name).filter((name) => !secret.has(name));
}

/**
 * A sentence of the documentation without its marks.
 *
 * @param {string} text
 */
export const plainText = (text) => text.replace(/\{@link ([\w.]+)\}|`/g, "$1").trim();
