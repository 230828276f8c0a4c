// @ts-check
/** What the exit code of the command says. */

/**
 * @typedef {object} ExitCode
 * @property {number} code
 * @property {string} meaning
 * @property {string[]} errors the codes of those that it stands for
 */

export const FAILED = 1;

/** Of an error that may have been done all the same, whatever its code. */
const AMBIGUOUS = 6;

/** @type {ExitCode[]} */
export const EXIT_CODES = [
  { code: 0, meaning: "done; the response is on the standard output", errors: [] },
  {
    code: FAILED,
    meaning: "the program failed: a result that can't be written, an unsuitable Node, a bug",
    errors: ["output", "unsupported", "wasm-blocked", "storage", "disposed", "internal"],
  },
  {
    code: 2,
    meaning: "the command is wrong; the method was not called",
    errors: ["invalid-argument", "no-host", "insecure-host"],
  },
  { code: 3, meaning: "wrong user name or password", errors: ["unauthorized", "not-logged-in"] },
  {
    code: 4,
    meaning: "the broker refused, and will refuse the same again",
    errors: [
      "bad-request",
      "forbidden",
      "not-found",
      "method-not-allowed",
      "not-acceptable",
      "unsupported-media-type",
      "too-large",
      "not-implemented",
      "refused",
    ],
  },
  {
    code: 5,
    meaning: "no response, or not now; it was not done, and can be tried again later",
    errors: ["network", "timeout", "rate-limited", "unavailable", "server-error"],
  },
  { code: AMBIGUOUS, meaning: "it may have been done: check before trying again", errors: [] },
  { code: 7, meaning: "the response is none of a Neuron®, or too large", errors: ["bad-response"] },
  { code: 130, meaning: "ended by Ctrl-C (SIGINT)", errors: [] },
  { code: 143, meaning: "ended by SIGTERM", errors: [] },
];

/**
 * @param {{ code: string, ambiguous?: boolean }} error
 * @returns {number}
 */
export function exitCodeOf({ code, ambiguous }) {
  if (ambiguous) return AMBIGUOUS;
  return EXIT_CODES.find(({ errors }) => errors.includes(code))?.code ?? FAILED;
}
