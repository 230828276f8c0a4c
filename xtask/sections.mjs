// @ts-check
/** The sections of a WebAssembly module, and what is in those that the build looks into. */

export const CUSTOM = 0;
const IMPORT = 2;
export const CODE = 10;
export const DATA = 11;

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
 * How many bytes each function takes that the module has itself, by its name.
 *
 * @param {Uint8Array} module
 * @returns {[name: string, bytes: number][]}
 */
export function functions(module) {
  const all = sections(module);
  const contentOf = (/** @type {number} */ wanted) => all.find(({ id }) => id === wanted)?.content;
  const names = namesOf(all);
  const code = new Reader(contentOf(CODE) ?? Uint8Array.of(0));
  const bodies = Array.from({ length: code.number() }, () => code.bytes(code.number()).length);
  // Those that are imported come first, and nothing else is.
  const first = new Reader(contentOf(IMPORT) ?? Uint8Array.of(0)).number();
  return bodies.map((bytes, index) => [names.get(first + index) ?? "", bytes]);
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
      // That of the functions.
      if (kind !== 1) continue;
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
