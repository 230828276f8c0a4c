// @ts-check
/** Compiles the embedded WebAssembly module, or says why this host can't. */

import { decode } from "./decode.js";
import { embedded } from "./embedded.js";
import { blocked, failure } from "./failure.js";

const NO_WEBASSEMBLY = "this JavaScript engine has no WebAssembly, which neuron-agent-api needs.";
const TOO_OLD = "this JavaScript engine is too old for the WebAssembly of neuron-agent-api.";

/**
 * @param {string} operation
 * @returns {WebAssembly.Module}
 */
export function compile(operation) {
  // React Native's Hermes is the host that people meet this in.
  if (typeof WebAssembly === "undefined") throw failure(operation, "unsupported", NO_WEBASSEMBLY);
  const bytes = decode(embedded);
  try {
    return new WebAssembly.Module(bytes);
  } catch (cause) {
    // Each engine words its refusal differently, so the wording is not looked at: one that finds
    // the bytes valid and yet won't compile them has been forbidden to.
    if (WebAssembly.validate(bytes)) throw blocked(operation, cause);
    throw failure(operation, "unsupported", TOO_OLD, { cause });
  }
}
