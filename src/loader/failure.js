// @ts-check
/** Makes errors, for the WebAssembly module and for the loader itself. */

import { AgentApiError } from "./error.js";

/**
 * @param {string} operation such as `Xmpp.SendPresenceSubscription`
 * @param {"internal" | "unsupported" | "wasm-blocked" | "disposed" | "invalid-argument"} code
 * @param {string} sentence
 * @param {Partial<import("./error.js").Details>} [more]
 */
export function failure(operation, code, sentence, more) {
  const message = `${operation}: ${sentence}`;
  return new AgentApiError({ code, message, operation, attempts: 0, ...more });
}

const FORBIDDEN =
  "WebAssembly is forbidden here. A Content Security Policy needs script-src 'self' 'wasm-unsafe-eval'.";

/**
 * @param {string} operation
 * @param {unknown} cause
 */
export const blockedError = (operation, cause) => failure(operation, "wasm-blocked", FORBIDDEN, { cause });

/**
 * Returns an `AgentApiError` unchanged, and anything else as the cause of an internal error.
 *
 * @param {string} operation
 * @param {unknown} error
 * @param {true} [ambiguous] whether a request of the operation may have been sent
 */
export function toAgentApiError(operation, error, ambiguous) {
  if (AgentApiError.is(error)) return error;
  const sentence = "internal error in this library. Please report it with the error's cause.";
  return failure(operation, "internal", sentence, { cause: error, ambiguous });
}
