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

/** Each starts a two-character code and chooses a page of rare bytes. They come after all others. */
export const PREFIXES = "}~";

const FIRST_PREFIX = PREFIXES.charCodeAt(0);

/** As many as there are characters in ASCII. */
const PAGE = 128;

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
  const bytesInOrder = [...frequent, ...Array.from({ length: 256 }, (_, byte) => byte).filter(isRare)];
  // By numbers and plain loops: it runs once, before the engine has found out what is worth compiling.
  const meaning = new Uint8Array(PAGE * (1 + PREFIXES.length));
  bytesInOrder.forEach((byte, order) => {
    const page = Math.floor(order / CHARACTERS.length);
    meaning[PAGE * page + CHARACTERS.charCodeAt(order % CHARACTERS.length)] = byte;
  });
  const bytes = new Uint8Array(length);
  let page = 0;
  for (let read = 0, written = 0; read < text.length; read += 1) {
    const character = text.charCodeAt(read);
    if (character < FIRST_PREFIX) {
      bytes[written++] = meaning[page + character];
      page = 0;
    } else {
      page = PAGE * (character - FIRST_PREFIX + 1);
    }
  }
  return bytes;
}
