// @ts-check
/**
 * Turns the text in which the WebAssembly module travels inside a JavaScript file into bytes.
 *
 * The text is plain ASCII without quotes, backslashes, `$`, `<` or line breaks, so no bundler,
 * character set or surrounding page can change it. Each of the 87 most frequent bytes is one
 * character (itself, where it can be), each other byte two: compressors see whole bytes, which
 * base64 hides from them. The figures are in docs/decisions.md.
 */

export const CHARACTERS =
  " !#%&()*+,-./0123456789:;=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_abcdefghijklmnopqrstuvwxyz{|";

/** Each starts a two-character code and chooses a page of rare bytes. */
export const PREFIXES = "}~";

/**
 * @typedef {object} EncodedModule
 * @property {number} length how many bytes come out
 * @property {readonly number[]} frequent the byte that each of {@link CHARACTERS} means by itself
 * @property {string} text
 */

/**
 * @param {EncodedModule} module
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function decode({ length, frequent, text }) {
  const isRare = (/** @type {number} */ byte) => !frequent.includes(byte);
  const pages = [...frequent, ...Array.from({ length: 256 }, (_, byte) => byte).filter(isRare)];
  const bytes = new Uint8Array(length);
  let written = 0;
  let page = 0;
  for (const character of text) {
    const prefix = PREFIXES.indexOf(character);
    if (prefix >= 0) {
      page = prefix + 1;
    } else {
      bytes[written++] = pages[page * CHARACTERS.length + CHARACTERS.indexOf(character)];
      page = 0;
    }
  }
  return bytes;
}
