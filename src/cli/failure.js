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

/** The options that `createAgentAPI` knows by other names. @type {Record<string, string>} */
const OPTIONS = { attemptMs: "timeout", totalMs: "timeout" };

/**
 * What a person is told instead of what the library tells a program, by the code of the error.
 *
 * @type {Record<string, (error: AgentApiError, host: string) => string>}
 */
const SENTENCES = {
  "insecure-host": (_, host) =>
    `plain http to ${host} is not encrypted. Use https, or allow it on a network of your own: --allow-insecure.`,
  network: ({ cause }, host) => {
    const reason = reasonOf(cause);
    return `no response from ${host}${reason && ` (${reason})`}.`;
  },
  aborted: () => "aborted.",
};

/** The library's own sentence. */
const MAY_BE_DONE = " The request may have been processed; check before retrying.";

/**
 * @param {unknown} error
 * @param {string} host that was to be called
 * @returns {{ code: string, ambiguous?: boolean, message: string }}
 */
export function describe(error, host) {
  if (AgentApiError.is(error)) {
    const { code, ambiguous, retryAt } = error;
    const more = retryAt ? ` Try again after ${retryAt}.` : "";
    return { code, ambiguous, message: inOneLine(messageOf(error, host) + more) };
  }
  if (error instanceof CommandError) return { code: error.code, message: inOneLine(error.message) };
  const stack = error instanceof Error ? error.stack : String(error);
  return { code: "internal", message: `a bug in this program; please report it. ${stack}` };
}

/**
 * @param {AgentApiError} error
 * @param {string} host
 */
function messageOf(error, host) {
  const { code, operation, parameter = "", ambiguous, message } = error;
  const sentence = SENTENCES[code]?.(error, host);
  if (sentence) return `${operation}: ${sentence}${ambiguous ? MAY_BE_DONE : ""}`;
  if (operation !== "createAgentAPI") return message;
  const option = parameter.replace("Options.", "");
  return `--${OPTIONS[option] ?? option}${message.slice(`${operation}: ${parameter}`.length)}`;
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
