// @ts-check
/**
 * Turns the text that holds a WebAssembly module inside a JavaScript file into its bytes. A module of its own does it
 * (`unpack/src/lib.rs`), so small that hexadecimal digits carry it.
 */

/** The unit of WebAssembly's memory, in bytes. */
const PAGE = 65536;

/**
 * @param {import("./embedded.js").EmbeddedModule} embedded
 * @param {(bytes: Uint8Array<ArrayBuffer>) => WebAssembly.Module} compileBytes
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function unpack({ unpacker, text, packedLength, length }, compileBytes) {
  const digits = unpacker.match(/../g) ?? [];
  const module = compileBytes(Uint8Array.from(digits, (byte) => parseInt(byte, 16)));
  const { exports } = new WebAssembly.Instance(module, {});
  const { memory, unpack } = /** @type {Unpacker} */ (exports);
  // Behind what it uses itself come the text, the bytes of its characters, and the module.
  const start = memory.buffer.byteLength;
  const end = start + text.length + packedLength + length;
  memory.grow(Math.ceil((end - start) / PAGE));
  write(text, new Uint8Array(memory.buffer, start));
  unpack(start, text.length, packedLength, length);
  return new Uint8Array(memory.buffer, end - length, length);
}

/**
 * @param {string} text
 * @param {Uint8Array} bytes
 */
function write(text, bytes) {
  if (globalThis.TextEncoder) return bytes.set(new TextEncoder().encode(text));
  // jsdom has none. It takes ten times as long, but all is ASCII.
  for (let index = 0; index < text.length; index += 1) bytes[index] = text.charCodeAt(index);
}

/**
 * What the unpacking module exports.
 *
 * @typedef {WebAssembly.Exports & {
 *   memory: { buffer: ArrayBuffer, grow(pages: number): number },
 *   unpack(start: number, textLength: number, packedLength: number, length: number): void,
 * }} Unpacker
 */
