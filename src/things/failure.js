// @ts-check
/** Errors of this entry: those of the main entry, whose class tells them from all others. */

import { AgentApiError } from "neuron-agent-api";
import { redact } from "../loader/redact.js";
import { children, get } from "../loader/value.js";

/** @typedef {import("neuron-agent-api").AgentApiErrorCode} Code */

/**
 * @param {string} operation such as `Things.Sensor.ReadStandaloneDevice`
 * @param {Code} code
 * @param {string} sentence
 * @param {{ parameter?: string, attempts?: number, cause?: unknown, condition?: string }} [more]
 */
export function failure(operation, code, sentence, { cause, condition, ...more } = {}) {
  const message = `${operation}: ${sentence}`;
  const error = AgentApiError.fromJSON({ code, message, operation, attempts: 0, ...more });
  if (cause !== undefined) Object.defineProperty(error, "cause", { value: cause });
  return condition === undefined ? error : Object.assign(error, { condition });
}

/** The namespace of error conditions (RFC 6120 §8.3.3). */
const STANZAS = "urn:ietf:params:xml:ns:xmpp-stanzas";

/** How long a device's own sentence may be in a message. */
const LONGEST_SENTENCE = 300;

/** The code that fits a condition; of the others, `refused`. @type {Record<string, Code>} */
const CODES = {
  "bad-request": "bad-request",
  "feature-not-implemented": "not-implemented",
  forbidden: "forbidden",
  "internal-server-error": "server-error",
  "item-not-found": "not-found",
  "jid-malformed": "bad-request",
  "not-allowed": "forbidden",
  "not-authorized": "forbidden",
  "recipient-unavailable": "unavailable",
  "registration-required": "forbidden",
  "remote-server-not-found": "not-found",
  "remote-server-timeout": "unavailable",
  "resource-constraint": "unavailable",
  "service-unavailable": "unavailable",
  "subscription-required": "forbidden",
};

/**
 * The error of a query that was answered with one.
 *
 * @param {string} operation
 * @param {import("neuron-agent-api").QueryResult} response
 * @param {string[]} secrets which the device may quote
 */
export function deviceError(operation, response, secrets) {
  const element = response.ErrorElement ?? children(response.Stanza, "error")[0];
  const condition = conditionOf(element) ?? "undefined-condition";
  const text = response.errorText || get(children(element, "text")[0], "value");
  const said = typeof text === "string" ? redact(text, secrets, LONGEST_SENTENCE) : "";
  const sentence = `the device refuses this (${condition})${said ? `: ${said}` : "."}`;
  return failure(operation, get(CODES, condition) ?? "refused", sentence, { attempts: 1, condition });
}

/**
 * The name of the condition in an element `error`, or of the condition itself.
 *
 * @param {any} element
 * @returns {string | undefined}
 */
function conditionOf(element) {
  const candidates = [element, ...Object.keys(element ?? {}).flatMap((name) => children(element, name))];
  const found = candidates.find((one) => one?.__ns === STANZAS && one.__name !== "text");
  return typeof found?.__name === "string" ? found.__name : undefined;
}
