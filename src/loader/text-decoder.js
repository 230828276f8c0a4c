// @ts-check
/**
 * Stands in for `TextDecoder` in the bindings. Most of what the module says are names, of which there
 * are dozens in a call, and the way into the engine's own decoder takes longer than to decode a name.
 */

const SHORT = 32;

export class Decoder {
  // jsdom has no decoder.
  #whole = globalThis.TextDecoder ? new TextDecoder("utf-8", { ignoreBOM: true }) : { decode: decodeSlowly };

  /** @param {Uint8Array} [bytes] */
  decode(bytes) {
    if (bytes === undefined || bytes.length > SHORT) return this.#whole.decode(bytes);
    for (const byte of bytes) if (byte > 127) return this.#whole.decode(bytes);
    // At once: a text that is put together of characters is kept in as many pieces.
    return String.fromCharCode.apply(null, /** @type {any} */ (bytes));
  }
}

/** @param {Uint8Array} [bytes] of well-formed UTF-8 */
function decodeSlowly(bytes = new Uint8Array()) {
  return decodeURIComponent(Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, "0")}`).join(""));
}
