// @ts-check
/**
 * Removes secrets from a text of the broker or the host, which may quote them whole or in part, plain or
 * encoded.
 *
 * The text, which is short, is decoded in each way, and its parts are indexed by their bytes. The secrets,
 * which may be as long as a request, are read once.
 */

import { utf8 } from "./text-encoder.js";

/** The shortest part of a secret that is redacted: a shorter one occurs by chance. */
const SHORTEST_PART = 8;

/** The shortest secret that is looked for among digits, likewise. */
const SHORTEST_IN_DIGITS = 4;

/** The length of the longest escape of a byte, such as `\u0041`. */
const LONGEST_ESCAPE = 6;

/** The escapes of JSON, of XML and of a URL, else one character. */
const PIECE = /(?:\\u[\da-f]{4})+|\\[^]|&#?\w+;|%[\da-f]{2}|[^]/giu;

/** @type {Record<string, string>} */
const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

const HEXADECIMAL = "0123456789abcdef";

/** Base64, followed by the two characters that replace its last two in URLs. */
const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_";

/** Not a byte, so it is in no secret. */
const GAP = "\uffff";

/** A byte, as a character, and where it stands in the text. @typedef {[byte: string, start: number, end: number]} Byte */

/**
 * @param {string} text
 * @param {string[]} secrets
 * @param {number} longest how many characters of the text are wanted
 * @returns {string} with "…" instead of each part of a secret
 */
export function redact(text, secrets, longest) {
  // A secret that begins before the end is recognised by what comes after it. The text may be very long,
  // and a character has two code units at most.
  const wanted = longest + SHORTEST_PART * LONGEST_ESCAPE;
  text = [...text.slice(0, 2 * wanted)].slice(0, wanted).join("");
  // What is percent-encoded in a request may be quoted decoded.
  const hidden = secrets
    .map(utf8)
    .flatMap((secret) =>
      secret.includes("%") ? [asInForm(secret), asInForm(unescape(secret))] : asInForm(secret),
    );
  const lengths = new Set(hidden.map(partLength));
  const plain = bytesOf(text, unescaped);
  /** @type {Map<string, Byte[][]>} */
  const parts = new Map();
  /**
   * @param {Byte[]} bytes
   * @param {number} [shortest]
   */
  const read = (bytes, shortest = 1) => {
    const whole = asInForm(bytes.map(([byte]) => byte).join(""));
    for (const length of lengths) {
      if (length < shortest) continue;
      for (let start = 0; start + length <= bytes.length; start += 1) {
        const part = whole.slice(start, start + length);
        const places = parts.get(part) ?? [];
        parts.set(part, places);
        places.push([bytes[start], bytes[start + length - 1]]);
      }
    }
  };
  read(bytesOf(text, utf8));
  read(plain);
  // It is not known with which digit a byte begins.
  for (const skipped of [0, 1, 2, 3]) {
    read(fromDigits(plain, BASE64, 6, skipped), SHORTEST_IN_DIGITS);
    if (skipped < 2) read(fromDigits(plain, HEXADECIMAL, 4, skipped), SHORTEST_IN_DIGITS);
  }

  // At most places of a long secret two bytes show that no part begins there, without making a string.
  const begins = new Uint8Array(1 << 16);
  for (const part of parts.keys()) begins[pairAt(part, 0)] = 1;
  const isHidden = new Uint8Array(text.length);
  for (const secret of hidden) {
    const length = partLength(secret);
    for (let start = 0; start + length <= secret.length; start += 1) {
      if (!begins[pairAt(secret, start)]) continue;
      const part = secret.slice(start, start + length);
      for (const [[, from], [, , to]] of parts.get(part) ?? []) isHidden.fill(1, from, to);
      parts.delete(part);
    }
  }
  let at = 0;
  const shown = [...text].map((character) => {
    const before = at && isHidden[at - 1];
    const now = isHidden[at];
    at += character.length;
    return now ? (before ? "" : "…") : character;
  });
  return shown.slice(0, longest).join("");
}

const pairAt = (/** @type {string} */ bytes, /** @type {number} */ start) =>
  ((bytes.charCodeAt(start) << 8) | bytes.charCodeAt(start + 1)) & 0xffff;

const partLength = (/** @type {string} */ secret) => Math.min(secret.length, SHORTEST_PART);

/** A form writes a space like this. */
const asInForm = (/** @type {string} */ text) => text.replaceAll("+", " ");

/**
 * @param {string} text
 * @param {(piece: string) => string} change gives the bytes that a piece of the text stands for
 * @returns {Byte[]}
 */
function bytesOf(text, change) {
  return [...text.matchAll(PIECE)].flatMap(({ 0: piece, index = 0 }) => {
    const end = index + piece.length;
    return Array.from(change(piece), (byte) => /** @type {Byte} */ ([byte, index, end]));
  });
}

/** @param {string} piece */
function unescaped(piece) {
  try {
    if (piece.length > 1) {
      if (piece[0] === "%") return unescape(piece);
      if (piece[0] === "\\") return utf8(JSON.parse(`"${piece}"`));
      if (piece[0] === "&") {
        const name = piece.slice(1, -1);
        const code = Number(name.replace(/#(x?)/i, (_, x) => (x ? "0x" : "")));
        return utf8(ENTITIES[name] ?? String.fromCodePoint(code));
      }
    }
  } catch {
    // It is no escape after all.
  }
  return utf8(piece);
}

/**
 * @param {Byte[]} digits
 * @param {string} alphabet
 * @param {number} bits that a digit has
 * @param {number} skipped how many digits
 * @returns {Byte[]}
 */
function fromDigits(digits, alphabet, bits, skipped) {
  /** @type {Byte[]} */
  const bytes = [];
  let [value, count, left, before] = [0, 0, skipped, 0];
  for (const [digit, start, end] of digits) {
    const found = alphabet.indexOf(bits === 4 ? digit.toLowerCase() : digit);
    if (found < 0) {
      bytes.push([GAP, start, end]);
      [count, left] = [0, skipped];
    } else if (left > 0) {
      left -= 1;
    } else {
      // Of Base64's two alphabets, the last digits are the same.
      value = ((value << bits) | (found > 63 ? found - 2 : found)) & 0xffff;
      count += bits;
      if (count >= 8) {
        count -= 8;
        bytes.push([String.fromCharCode((value >> count) & 255), before, end]);
      }
      before = start;
    }
  }
  return bytes;
}
