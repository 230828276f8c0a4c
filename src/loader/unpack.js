// @ts-check
/**
 * Turns the text that holds a WebAssembly module inside a JavaScript file into its bytes.
 *
 * A module of its own does it (`unpack/src/lib.rs`), so small that hexadecimal digits carry it: an engine
 * runs it at full speed at once, while a loop in JavaScript that runs once stays slow.
 */

import { Encoder } from "./text-encoder.js";

/** In bytes: that of WebAssembly's memory. */
const PAGE = 65536;

/**
 * @param {import("./embedded.js").EmbeddedModule} embedded
 * @param {(bytes: Uint8Array<ArrayBuffer>) => WebAssembly.Module} compile
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function unpack({ unpacker, text, packedLength, length }, compile) {
  const digits = unpacker.match(/../g) ?? [];
  const { exports } = new WebAssembly.Instance(
    compile(Uint8Array.from(digits, (byte) => parseInt(byte, 16))),
  );
  const { memory, unpack } = /** @type {Unpacker} */ (exports);
  // Behind what it uses itself come the text, the bytes of its characters, and the module.
  const start = memory.buffer.byteLength;
  const room = text.length + packedLength + length;
  memory.grow(Math.ceil(room / PAGE));
  new Uint8Array(memory.buffer, start).set(new (globalThis.TextEncoder ?? Encoder)().encode(text));
  unpack(start, text.length, packedLength, length);
  return new Uint8Array(memory.buffer, start + room - length, length);
}

/**
 * What the unpacking module exports.
 *
 * @typedef {WebAssembly.Exports & {
 *   memory: { buffer: ArrayBuffer, grow(pages: number): number },
 *   unpack(start: number, textLength: number, packedLength: number, length: number): void,
 * }} Unpacker
 */
