// @ts-check
/** The error class of this package, the same in every host. */

import { failure } from "./failure.js";
import { tryOrUndefined, withoutPrototype } from "./value.js";

// `instanceof` fails between two copies of the package and between a page and its frames; a symbol
// from the shared registry is the same in all of them.
const BRAND = Symbol.for("neuron-agent-api.AgentApiError");

/**
 * What went wrong, as the module reports it. Its properties become the error's own, but only those that
 * have a value, so that `"status" in error` means that there was a response.
 *
 * @typedef {object} Details
 * @property {string} code for programs
 * @property {string} message for people
 * @property {unknown} [cause] the error of the host, unchanged
 * @property {string} [operation]
 * @property {string} [parameter]
 * @property {number} [status]
 * @property {string} [statusText]
 * @property {string[]} [alternatives]
 * @property {number} [attempts]
 * @property {number} [retryAfterMs]
 * @property {string} [retryAt]
 * @property {boolean} [ambiguous]
 */

/** The properties in JSON. Any other that a program has added to an error is left out. */
const SERIALIZED_FIELDS = [
  "message",
  "code",
  "operation",
  "parameter",
  "status",
  "statusText",
  "alternatives",
  "attempts",
  "retryAfterMs",
  "retryAt",
  "ambiguous",
];

export class AgentApiError extends Error {
  /**
   * Throws one with the code `invalid-argument` if there is no code or no message.
   *
   * @param {Details} details
   */
  constructor(details) {
    const { message, cause, ...properties } = checked("AgentApiError", "Details", withoutPrototype(details));
    super(message, cause === undefined ? undefined : { cause });
    // What every error has, also one that a program makes, or that another version serialised.
    Object.assign(this, { operation: "", attempts: 0 }, serializedFields(properties));
  }

  /**
   * Whether a value is an `AgentApiError`, made by this copy of the package or by another.
   *
   * @param {any} value
   * @returns {value is AgentApiError}
   */
  static is(value) {
    return tryOrUndefined(() => typeof value === "object" && value[BRAND]) === true;
  }

  /**
   * Restores the error that {@link AgentApiError#toJSON} was called on, for example in another worker.
   * Throws one with the code `invalid-argument` for anything else.
   *
   * @param {any} json
   */
  static fromJSON(json) {
    const details = tryOrUndefined(() => serializedFields(json)) ?? withoutPrototype({});
    return new AgentApiError(checked("AgentApiError.fromJSON", "Json", details));
  }

  // Written out because a minifier shortens the class's own name.
  static get name() {
    return "AgentApiError";
  }

  get name() {
    return "AgentApiError";
  }

  get [BRAND]() {
    return true;
  }

  // The names under which TAG's `Agent.js` reports an error response.
  get statusCode() {
    return /** @type {Partial<Details>} */ (this).status;
  }

  get statusMessage() {
    return /** @type {Partial<Details>} */ (this).statusText;
  }

  // Without the stack and the cause: both come from the host, and may hold secrets.
  toJSON() {
    return { name: this.name, ...serializedFields(this) };
  }
}

/**
 * @param {string} operation
 * @param {string} parameter
 * @param {any} details
 */
function checked(operation, parameter, details) {
  if (typeof details.message === "string" && typeof details.code === "string") return details;
  const rule = `${parameter} must have the texts code and message.`;
  throw failure(operation, "invalid-argument", rule, { parameter });
}

/**
 * @param {any} from
 * @returns {any}
 */
function serializedFields(from) {
  const has = (/** @type {string} */ name) => Object.hasOwn(from, name) && from[name] !== undefined;
  return withoutPrototype(
    Object.fromEntries(SERIALIZED_FIELDS.filter(has).map((name) => [name, from[name]])),
  );
}
