// @ts-check
/** The one kind of error that this package throws, in every host. */

import { failure } from "./failure.js";
import { looked, own } from "./value.js";

// `instanceof` fails between two copies of the package and between a page and its frames; a symbol
// from the shared registry is the same in all of them.
const BRAND = Symbol.for("neuron-agent-api.AgentApiError");

/**
 * What went wrong, as the library hands it over. Its properties become the error's own, but only
 * those that have a value, so that `"status" in error` means that there was an answer.
 *
 * @typedef {object} Details
 * @property {string} code what a program branches on
 * @property {string} message what a person reads
 * @property {unknown} [cause] what the host said, as it said it
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

/** What travels. Anything else that somebody hung on an error stays where it is. */
const TRAVELLING = [
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
  /** @param {Details} details */
  constructor(details) {
    const { message, cause, ...properties } = own(details);
    super(message, cause === undefined ? undefined : { cause });
    for (const [name, value] of Object.entries(properties)) {
      if (value !== undefined) Object.assign(this, { [name]: value });
    }
  }

  /**
   * Whether a value is an `AgentApiError`, made by this copy of the package or by another.
   *
   * @param {any} value
   * @returns {value is AgentApiError}
   */
  static is(value) {
    return looked(() => typeof value === "object" && value[BRAND]) === true;
  }

  /**
   * The error that {@link AgentApiError#toJSON} was called on, on the other side of a worker's or a
   * network's border. Throws one with the code `invalid-argument` for anything else.
   *
   * @param {any} json
   */
  static fromJSON(json) {
    const details = looked(() => travelling(json)) ?? own({});
    const { message, code } = details;
    if (typeof message !== "string" || typeof code !== "string") {
      const rule = "Json must be what toJSON of such an error gave.";
      throw failure("AgentApiError.fromJSON", "invalid-argument", rule, { parameter: "Json" });
    }
    return new AgentApiError(details);
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

  // The names under which the Neuron's own JavaScript client reports a refusal.
  get statusCode() {
    return /** @type {Partial<Details>} */ (this).status;
  }

  get statusMessage() {
    return /** @type {Partial<Details>} */ (this).statusText;
  }

  // The stack and the cause stay out: both belong to the host, and may name what a log must not.
  toJSON() {
    return { name: this.name, ...travelling(this) };
  }
}

/**
 * @param {any} from
 * @returns {any}
 */
function travelling(from) {
  const has = (/** @type {string} */ name) => Object.hasOwn(from, name) && from[name] !== undefined;
  return own(Object.fromEntries(TRAVELLING.filter(has).map((name) => [name, from[name]])));
}
