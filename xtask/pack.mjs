// @ts-check
/** Arranges a WebAssembly module in streams, which `unpack/src/lib.rs` describes and puts together again. */

/** What follows an opcode, as `unpack/src/lib.rs` numbers it. */
const NUMBER = 1;
const MEMORY = 2;
const BLOCK = 3;
const END = 4;
const BYTES = 5;

/** Opcodes, from one to another, that something follows. */
const RANGES = [
  { kind: BLOCK, first: 0x02, last: 0x04 }, // block, loop, if
  { kind: END, first: 0x0b, last: 0x0b },
  { kind: NUMBER, first: 0x0c, last: 0x0d }, // br, br_if
  { kind: BYTES, first: 0x0e, last: 0x0e }, // br_table
  { kind: NUMBER, first: 0x10, last: 0x10 }, // call
  { kind: BYTES, first: 0x11, last: 0x11 }, // call_indirect
  { kind: NUMBER, first: 0x20, last: 0x26 }, // variables and tables
  { kind: MEMORY, first: 0x28, last: 0x3e }, // loads and stores
  { kind: NUMBER, first: 0x3f, last: 0x42 }, // the size of memory, whole constants
  { kind: BYTES, first: 0x43, last: 0x44 }, // other constants
  { kind: NUMBER, first: 0xd0, last: 0xd0 }, // ref.null
  { kind: NUMBER, first: 0xd2, last: 0xd2 }, // ref.func
  { kind: BYTES, first: 0xfc, last: 0xfc }, // conversions, memory in bulk
];

/** The kind of each opcode. */
const KINDS = new Uint8Array(256);
for (const { kind, first, last } of RANGES) KINDS.fill(kind, first, last + 1);

/** How long what comes before the first section is. */
const HEADER = 8;

const CODE_SECTION = 10;

/** How many numbers follow an instruction of the opcode 0xfc, by its own number. */
const BULK = new Map([
  [8, 2], // memory.init
  [9, 1], // data.drop
  [10, 2], // memory.copy
  [11, 1], // memory.fill
  [12, 2], // table.init
  [13, 1], // elem.drop
  [14, 2], // table.copy
  [15, 1], // table.grow
  [16, 1], // table.size
  [17, 1], // table.fill
]);

/**
 * @param {Uint8Array} module one that has code
 * @returns {Uint8Array}
 */
export function pack(module) {
  const reader = new Reader(module, HEADER);
  while (reader.byte() !== CODE_SECTION) reader.skip(reader.number());
  const before = module.subarray(0, reader.at);
  const end = reader.number() + reader.at;
  const count = reader.bytesOfNumber();
  const functions = [];
  while (reader.at < end) functions.push(reader.skip(reader.number()));
  const streams = new Streams();
  append(streams.outline, numberAsBytes(before.length), before, count);
  for (const body of functions) streams.addFunction(body);
  append(streams.outline, module.subarray(end));
  return streams.bytes();
}

/** What is packed. */
export class Streams {
  /** The module without its instructions. @type {number[]} */
  outline = [];
  /** @type {number[]} */
  #opcodes = [];
  /** @type {number[]} */
  #alignments = [];
  /** What else follows each opcode. @type {number[][]} */
  #operands = Array.from(KINDS, () => []);

  /** @param {Uint8Array} body of a function: locals and instructions */
  addFunction(body) {
    const reader = new Reader(body, 0);
    for (let left = reader.number(); left > 0; left -= 1) {
      reader.number();
      reader.byte();
    }
    append(this.outline, body.subarray(0, reader.at));
    while (reader.at < body.length) this.#addInstruction(reader);
  }

  /** @param {Reader} reader */
  #addInstruction(reader) {
    const opcode = reader.byte();
    const operands = this.#operands[opcode];
    this.#opcodes.push(opcode);
    switch (KINDS[opcode]) {
      case MEMORY:
        append(this.#alignments, reader.bytesOfNumber());
        append(operands, reader.bytesOfNumber());
        break;
      case BLOCK:
      case NUMBER:
        append(operands, reader.bytesOfNumber());
        break;
      case BYTES: {
        const bytes = reader.skip(reader.lengthOfOperands(opcode));
        append(operands, numberAsBytes(bytes.length), bytes);
      }
    }
  }

  /** @returns {Uint8Array} */
  bytes() {
    const streams = [this.outline, this.#opcodes, this.#alignments, ...this.#operands];
    const lengths = streams.flatMap((stream) => numberAsBytes(stream.length));
    return Buffer.concat([KINDS, lengths, ...streams].map((part) => Uint8Array.from(part)));
  }
}

/**
 * @param {number[]} stream
 * @param {Iterable<number>[]} parts
 */
function append(stream, ...parts) {
  for (const part of parts) for (const byte of part) stream.push(byte);
}

class Reader {
  #bytes;

  /**
   * @param {Uint8Array} bytes
   * @param {number} at where the next byte is
   */
  constructor(bytes, at) {
    this.#bytes = bytes;
    this.at = at;
  }

  byte() {
    if (this.at === this.#bytes.length) throw new Error("the module ends too early");
    return this.#bytes[this.at++];
  }

  /** @param {number} length */
  skip(length) {
    this.at += length;
    return this.#bytes.subarray(this.at - length, this.at);
  }

  bytesOfNumber() {
    const start = this.at;
    while (this.byte() > 0x7f);
    return this.#bytes.subarray(start, this.at);
  }

  /** A number that is not negative. */
  number() {
    return this.bytesOfNumber().reduceRight((number, byte) => number * 0x80 + (byte & 0x7f), 0);
  }

  /** @param {number} opcode that bytes follow */
  lengthOfOperands(opcode) {
    if (opcode === 0x43) return 4;
    if (opcode === 0x44) return 8;
    const reader = new Reader(this.#bytes, this.at);
    const first = reader.number();
    let numbers = 1;
    if (opcode === 0x0e) numbers = first + 1;
    if (opcode === 0xfc) numbers = BULK.get(first) ?? 0;
    for (; numbers > 0; numbers -= 1) reader.number();
    return reader.at - this.at;
  }
}

/**
 * A number as modules have it, in groups of seven bits.
 *
 * @param {number} number
 * @returns {number[]}
 */
function numberAsBytes(number) {
  return number < 0x80 ? [number] : [(number & 0x7f) | 0x80, ...numberAsBytes(number >> 7)];
}
