// @ts-check
/** Failures as one line for a person. */

import { AgentApiError } from "neuron-agent-api";

/** A failure of the command itself, with a code as an `AgentApiError` has. */
export class CommandError extends Error {
  /**
   * @param {"invalid-argument" | "no-host" | "output"} code
   * @param {string} message
   */
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/** @param {string} message */
export const invalid = (message) => new CommandError("invalid-argument", message);

/** The advice of the library that is for programs, and what to do instead. @type {[RegExp, string][]} */
const ADVICE = [
  [/^createAgentAPI: Options\.(?:attemptMs|totalMs)\b/, "--timeout"],
  [/^createAgentAPI: Options\.(\w+)/, "--$1"],
  [
    /, or allow it on a private network: AgentAPI\.\S+$/,
    ", or allow it on a network of your own: --allow-insecure.",
  ],
  [/, or log in again: await AgentAPI\.Account\.Login\([^)]*\)/, ""],
  [/: it can't be reached, or the browser blocked .*? See the property `cause`\./, "."],
  [/ Allow more: AgentAPI\.\S+ .*?\)\./, ""],
  [/\baborted by the caller's signal\b/, "aborted"],
];

/** What the library says of an error that is ambiguous. */
const MAY_BE_DONE = / The request may have been processed; check before retrying\./;

/**
 * @param {unknown} error
 * @param {string | undefined} operation that was called for
 * @returns {{ code: string, ambiguous?: boolean, message: string }}
 */
export function describe(error, operation) {
  if (AgentApiError.is(error)) {
    const { code, cause, retryAt } = error;
    // After a login that may have succeeded, nothing was called.
    const ambiguous = error.ambiguous && error.operation === operation;
    const message = ADVICE.reduce(
      (text, [pattern, replacement]) => text.replace(pattern, replacement),
      error.message,
    );
    const reason = code === "network" && reasonOf(cause);
    const more = [reason && `(${reason})`, retryAt && `Try again after ${retryAt}.`].filter(Boolean);
    const all = [ambiguous ? message : message.replace(MAY_BE_DONE, ""), ...more].join(" ");
    return { code, ambiguous, message: inOneLine(all) };
  }
  if (error instanceof CommandError) return { code: error.code, message: inOneLine(error.message) };
  const stack = error instanceof Error ? error.stack : String(error);
  return { code: "internal", message: `a bug in this program; please report it. ${stack}` };
}

/**
 * Why `fetch` failed: the innermost cause, by its code if it has one, such as `ECONNREFUSED`.
 *
 * @param {any} cause
 * @returns {string}
 */
const reasonOf = (cause) => (cause?.cause ? reasonOf(cause.cause) : (cause?.code ?? cause?.message ?? ""));

/** A broker's text may have line breaks, and what moves the cursor of a terminal. @param {string} text */
const inOneLine = (text) => text.replaceAll(/\p{Cc}+/gu, " ").trim();
