// @ts-check
/** Compiles the embedded WebAssembly module, or explains why this host can't. */

import { embedded } from "./embedded.js";
import { blockedError, failure } from "./failure.js";
import { unpack } from "./unpack.js";

const NO_WEBASSEMBLY =
  "this JavaScript engine has no WebAssembly. An option such as Node's --jitless or a lockdown mode " +
  "disables it.";
const TOO_LARGE =
  "this JavaScript engine can't compile a module of this size here. Chromium before 115 can do so in a " +
  "worker only; other engines are short of memory.";
const TOO_OLD = "this JavaScript engine is too old.";

/**
 * @param {string} operation
 * @returns {WebAssembly.Module}
 */
export function compile(operation) {
  // React Native's Hermes is the host that people meet this in.
  if (typeof WebAssembly === "undefined") throw failure(operation, "unsupported", NO_WEBASSEMBLY);
  /** What is compiled last. @type {Uint8Array<ArrayBuffer>} */
  let bytes = new Uint8Array();
  /** @param {Uint8Array<ArrayBuffer>} next */
  const compileBytes = (next) => new WebAssembly.Module((bytes = next));
  try {
    return compileBytes(unpack(embedded, compileBytes));
  } catch (cause) {
    // Chromium had a limit of 4 KB on the main thread, which no page's policy causes.
    if (cause instanceof RangeError) throw failure(operation, "unsupported", TOO_LARGE, { cause });
    // The messages of engines differ, so they are not read: an engine that finds the bytes valid and
    // doesn't compile them has been forbidden to.
    if (WebAssembly.validate(bytes)) throw blockedError(operation, cause);
    throw failure(operation, "unsupported", TOO_OLD, { cause });
  }
}
