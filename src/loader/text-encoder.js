// @ts-check

/**
 * Encodes a text as UTF-8, each byte as a character.
 *
 * @param {string} text
 */
export function utf8(text) {
  // An unpaired surrogate, which has no UTF-8, is replaced as `TextEncoder` does.
  return unescape(encodeURIComponent(text.replace(/\p{Surrogate}/gu, "\ufffd")));
}

/** Replaces `TextEncoder` in the bindings where the host has none, such as jsdom. */
export class Encoder {
  /** @param {string} text */
  encode(text) {
    return Uint8Array.from(utf8(text), (byte) => byte.charCodeAt(0));
  }
}
