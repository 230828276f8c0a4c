// @ts-check
/**
 * Stands in for `TextDecoder` in the bindings. Most of what the module says are names, of which there
 * are dozens in a call, and the way into the engine's own decoder takes longer than to decode a name.
 */

const SHORT = 32;

export class Decoder {
  #whole = new TextDecoder("utf-8", { ignoreBOM: true });

  /** @param {Uint8Array} [bytes] */
  decode(bytes) {
    if (bytes === undefined || bytes.length > SHORT) return this.#whole.decode(bytes);
    for (const byte of bytes) if (byte > 127) return this.#whole.decode(bytes);
    // At once: a text that is put together of characters is kept in as many pieces.
    return String.fromCharCode.apply(null, /** @type {any} */ (bytes));
  }
}
