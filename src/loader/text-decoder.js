// @ts-check
/**
 * Replaces `TextDecoder` in the bindings. Most texts that leave the module are names, dozens in a call, and
 * calling the engine's own decoder takes longer than decoding a name here.
 */

import { tryOrUndefined } from "./value.js";

const SHORT = 32;

export class Decoder {
  // jsdom has no `TextDecoder`.
  #engine = globalThis.TextDecoder ? new TextDecoder("utf-8", { ignoreBOM: true }) : { decode: decodeSlowly };

  /** @param {Uint8Array} [bytes] */
  decode(bytes) {
    if (bytes === undefined || bytes.length > SHORT) return this.#engine.decode(bytes);
    for (const byte of bytes) if (byte > 127) return this.#engine.decode(bytes);
    // In one call: a text that is joined from characters is stored in as many pieces.
    return String.fromCharCode.apply(null, /** @type {any} */ (bytes));
  }
}

/**
 * @param {Uint8Array} bytes
 * @returns {string | undefined} nothing if they are not well-formed UTF-8
 */
export const textOf = (bytes) => tryOrUndefined(() => decodeSlowly(bytes));

/** @param {Uint8Array} [bytes] of well-formed UTF-8; else it throws */
function decodeSlowly(bytes = new Uint8Array()) {
  return decodeURIComponent(Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, "0")}`).join(""));
}
