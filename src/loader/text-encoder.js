// @ts-check

/**
 * The bytes of a text in UTF-8, each as a character.
 *
 * @param {string} text
 */
export function utf8(text) {
  // As `TextEncoder` does with a surrogate that is alone, of which there is no UTF-8.
  return unescape(encodeURIComponent(text.replace(/\p{Surrogate}/gu, "\ufffd")));
}

/** Stands in for `TextEncoder` in the bindings where there is none, as in jsdom. */
export class Encoder {
  /** @param {string} text */
  encode(text) {
    return Uint8Array.from(utf8(text), (byte) => byte.charCodeAt(0));
  }
}
