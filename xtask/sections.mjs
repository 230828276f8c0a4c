// @ts-check
/** The sections of a WebAssembly module, and what is in those that the build looks into. */

export const CUSTOM = 0;
const IMPORT = 2;
export const CODE = 10;
export const DATA = 11;

/** In the custom section `name`. */
const FUNCTION_NAMES = 1;

/**
 * A section: its number, and its bytes with and without number and length.
 *
 * @typedef {{ id: number, whole: Uint8Array, content: Uint8Array }} Section
 */

/**
 * @param {Uint8Array} module
 * @returns {Section[]}
 */
export function sections(module) {
  const reader = new Reader(module, 8);
  const found = [];
  while (!reader.atEnd) {
    const start = reader.at;
    const id = reader.byte();
    const content = reader.bytes(reader.number());
    found.push({ id, whole: module.subarray(start, reader.at), content });
  }
  return found;
}

/**
 * @param {Section[]} parts
 * @returns {Uint8Array}
 */
export function join(parts) {
  const magicAndVersion = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
  return Buffer.concat([magicAndVersion, ...parts.map(({ whole }) => whole)]);
}

/**
 * The functions that the module has itself.
 *
 * @param {Uint8Array} module
 * @returns {{ name: string, body: Uint8Array }[]}
 */
export function functions(module) {
  const all = sections(module);
  const names = namesOf(all);
  const code = new Reader(contentOf(all, CODE));
  const first = importCount(all);
  return Array.from({ length: code.number() }, (_, index) => ({
    // Without what xtask/order.mjs has put before it.
    name: (names.get(first + index) ?? "").replace(/^\d+ /, ""),
    body: code.bytes(code.number()),
  }));
}

/**
 * The module with other names for the functions that it has itself, and for nothing else.
 *
 * @param {Uint8Array} module
 * @param {string[]} names
 */
export function withNames(module, names) {
  const all = sections(module);
  const first = importCount(all);
  const entries = names.map((name, index) => [...number(first + index), ...text(name)]);
  const map = [...number(entries.length), ...entries.flat()];
  const content = [...text("name"), FUNCTION_NAMES, ...number(map.length), ...map];
  const whole = Uint8Array.from([CUSTOM, ...number(content.length), ...content]);
  return Buffer.concat([join(all.filter(({ id }) => id !== CUSTOM)), whole]);
}

/** @param {string} value */
function text(value) {
  const bytes = Buffer.from(value);
  return [...number(bytes.length), ...bytes];
}

/**
 * LEB128
 *
 * @param {number} value
 * @returns {number[]}
 */
function number(value) {
  return value < 128 ? [value] : [(value % 128) + 128, ...number(Math.floor(value / 128))];
}

/**
 * @param {Section[]} all
 * @param {number} wanted
 */
function contentOf(all, wanted) {
  return all.find(({ id }) => id === wanted)?.content ?? Uint8Array.of(0);
}

/**
 * Functions that are imported come first in the numbers, and nothing else is imported.
 *
 * @param {Section[]} all
 */
function importCount(all) {
  return new Reader(contentOf(all, IMPORT)).number();
}

/**
 * @param {Section[]} all
 * @returns {Map<number, string>}
 */
function namesOf(all) {
  const names = new Map();
  for (const { id, content } of all) {
    const reader = new Reader(content);
    if (id !== CUSTOM || reader.text() !== "name") continue;
    while (!reader.atEnd) {
      const kind = reader.byte();
      const map = new Reader(reader.bytes(reader.number()));
      if (kind !== FUNCTION_NAMES) continue;
      for (let left = map.number(); left > 0; left--) names.set(map.number(), map.text());
    }
  }
  return names;
}

class Reader {
  #bytes;
  at;

  constructor(/** @type {Uint8Array} */ bytes, at = 0) {
    this.#bytes = bytes;
    this.at = at;
  }

  get atEnd() {
    return this.at >= this.#bytes.length;
  }

  byte() {
    return this.#bytes[this.at++];
  }

  /** LEB128 */
  number() {
    let value = 0;
    for (let weight = 1; ; weight *= 128) {
      const byte = this.byte();
      value += (byte & 127) * weight;
      if (byte < 128) return value;
    }
  }

  bytes(/** @type {number} */ length) {
    this.at += length;
    return this.#bytes.subarray(this.at - length, this.at);
  }

  text() {
    return Buffer.from(this.bytes(this.number())).toString();
  }
}
