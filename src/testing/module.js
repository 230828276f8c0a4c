// @ts-check
/** The module of the test broker: compiled once, with an instance for each broker. */

import { Decoder } from "../loader/text-decoder.js";
import { Encoder } from "../loader/text-encoder.js";
import { unpack } from "../loader/unpack.js";
import { embedded } from "./embedded.js";
import { bind } from "./glue.js";

/** @param {Uint8Array<ArrayBuffer>} bytes */
const compileBytes = (bytes) => new WebAssembly.Module(bytes);

/** @type {WebAssembly.Module | undefined} */
let compiled;

/** What a broker is made of, in an instance of its own. */
export function instantiate() {
  if (typeof WebAssembly === "undefined") {
    throw new Error("createTestBroker: this JavaScript engine has no WebAssembly.");
  }
  compiled ??= compileBytes(unpack(embedded, compileBytes));
  const decoder = /** @type {typeof Decoder} */ (globalThis.TextDecoder ?? Decoder);
  const encoder = /** @type {typeof Encoder} */ (globalThis.TextEncoder ?? Encoder);
  const { initSync, TestBroker } = bind(decoder, encoder);
  initSync({ module: compiled });
  return TestBroker;
}
