// @ts-check
/** Makes errors: those of the WebAssembly module, and the few that arise outside it. */

import { AgentApiError } from "./error.js";

/**
 * @param {string} operation as `Xmpp.SendPresenceSubscription`
 * @param {"internal" | "unsupported" | "wasm-blocked" | "disposed" | "invalid-argument"} code
 * @param {string} sentence
 * @param {Partial<import("./error.js").Details>} [more]
 */
export function failure(operation, code, sentence, more) {
  const message = `${operation}: ${sentence}`;
  return new AgentApiError({ code, message, operation, attempts: 0, ...more });
}

const FORBIDDEN =
  "this page or host forbids WebAssembly. If it has a Content Security Policy, add " +
  "'wasm-unsafe-eval' to its script-src, as in: script-src 'self' 'wasm-unsafe-eval'.";

/**
 * @param {string} operation
 * @param {unknown} cause
 */
export const blocked = (operation, cause) =>
  failure(operation, "wasm-blocked", FORBIDDEN, { cause });

/**
 * An `AgentApiError` as it is; anything else as an error inside this library.
 *
 * @param {string} operation
 * @param {unknown} error
 * @param {true} [ambiguous] whether a request of the operation may be out
 */
export function understood(operation, error, ambiguous) {
  if (AgentApiError.is(error)) return error;
  const sentence = "internal error in this library. Please report it with the error's cause.";
  return failure(operation, "internal", sentence, { cause: error, ambiguous });
}
