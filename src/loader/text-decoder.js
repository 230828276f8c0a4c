// @ts-check

import { tryOrUndefined } from "./value.js";

/**
 * @param {Uint8Array} bytes
 * @returns {string | undefined} nothing if they are not well-formed UTF-8
 */
export const textOf = (bytes) => tryOrUndefined(() => new Decoder().decode(bytes));

/** Replaces `TextDecoder` in the bindings where the host has none, such as jsdom. */
export class Decoder {
  /** @param {Uint8Array} [bytes] of well-formed UTF-8; else it throws */
  decode(bytes = new Uint8Array()) {
    return decodeURIComponent(Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, "0")}`).join(""));
  }
}
