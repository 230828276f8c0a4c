// @ts-check
/**
 * Turns the text that holds the WebAssembly module inside a JavaScript file into bytes.
 *
 * The text is plain ASCII without quotes, backslashes, `$`, `<` or line breaks, so no bundler,
 * character set or surrounding page can change it. Each of the frequent bytes is one character, each
 * other byte two: compressors see whole bytes, which base64 hides from them. Two prefixes are a run of
 * zeros. The text begins with the characters of all 256 bytes in their order; a rare one has its prefix
 * there instead.
 * Which byte is which character, and why, is in `xtask/encode.mjs`; the figures are in
 * docs/decisions.md.
 */

/** `}` and `~` each start a two-character code and choose a page of rare bytes. */
export const PREFIXES = "}~";

/** The code of the first of them; they come after all others. */
const FIRST_PREFIX = 125;

/** As many as there are characters in ASCII. */
const PAGE = 128;

/**
 * How many zeros two prefixes are: 3, 7, 11 or 15, the rest of a small number of four bytes and the words of
 * zeros that follow it in the module's tables.
 *
 * @param {number} first which of the prefixes it is, 0 or 1
 * @param {number} second
 */
export const zerosOf = (first, second) => 3 + 8 * first + 4 * second;

/**
 * @typedef {object} EncodedModule
 * @property {number} length how many bytes come out
 * @property {string} text
 */

/**
 * @param {EncodedModule} module
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function decode({ length, text }) {
  /** @type {number[]} */
  const frequent = [];
  /** @type {number[]} */
  const rare = [];
  for (let byte = 0; byte < 256; byte += 1) {
    (text.charCodeAt(byte) < FIRST_PREFIX ? frequent : rare).push(byte);
  }
  // By numbers and plain loops: it runs once, before the engine has found out what is worth compiling.
  const meaning = new Uint8Array(PAGE * 3);
  [...frequent, ...rare].forEach((byte, order) => {
    const character = text.charCodeAt(frequent[order % frequent.length]);
    meaning[PAGE * Math.floor(order / frequent.length) + character] = byte;
  });
  const bytes = new Uint8Array(length);
  let page = 0;
  for (let read = 256, written = 0; read < text.length; read += 1) {
    const character = text.charCodeAt(read);
    if (character < FIRST_PREFIX) {
      bytes[written++] = meaning[page + character];
      page = 0;
    } else if (page === 0) {
      page = PAGE * (character - FIRST_PREFIX + 1);
    } else {
      written += zerosOf(page / PAGE - 1, character - FIRST_PREFIX);
      page = 0;
    }
  }
  return bytes;
}
