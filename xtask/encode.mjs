// @ts-check
/** Writes a WebAssembly module as the text that `src/loader/decode.js` reads. */

import { CHARACTERS, PREFIXES } from "../src/loader/decode.js";

/**
 * @param {Uint8Array} bytes
 * @returns {import("../src/loader/decode.js").EncodedModule}
 */
export function encode(bytes) {
  const frequent = chooseFrequent(bytes);
  const codes = new Map(frequent.map((byte, index) => [byte, CHARACTERS[index]]));
  const rare = everyByte.filter((byte) => !codes.has(byte));
  rare.forEach((byte, index) => {
    const prefix = PREFIXES[Math.floor(index / CHARACTERS.length)];
    codes.set(byte, prefix + CHARACTERS[index % CHARACTERS.length]);
  });
  return {
    length: bytes.length,
    frequent,
    text: Array.from(bytes, (byte) => codes.get(byte)).join(""),
  };
}

const everyByte = Array.from({ length: 256 }, (_, byte) => byte);

/**
 * The most frequent bytes, each that is one of the characters at that character's place: the
 * module's strings stay readable, and compressors know words.
 *
 * @param {Uint8Array} bytes
 */
function chooseFrequent(bytes) {
  const counts = new Uint32Array(256);
  for (const byte of bytes) counts[byte] += 1;
  const chosen = everyByte
    .toSorted((left, right) => counts[right] - counts[left] || left - right)
    .slice(0, CHARACTERS.length);
  const isCharacter = (/** @type {number} */ byte) => CHARACTERS.includes(String.fromCharCode(byte));
  const others = chosen.filter((byte) => !isCharacter(byte)).sort((left, right) => left - right);
  return Array.from(CHARACTERS, (character) => {
    const itself = character.charCodeAt(0);
    return chosen.includes(itself) ? itself : /** @type {number} */ (others.shift());
  });
}
