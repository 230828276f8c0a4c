// @ts-check
/** Errors of this entry: those of the main entry, whose class tells them from all others. */

import { AgentApiError } from "neuron-agent-api";
import { redact } from "../loader/redact.js";
import { children, get, withoutPrototype } from "../loader/value.js";
import { textOf } from "./xml.js";

/** @typedef {import("neuron-agent-api").AgentApiErrorCode} Code */

/**
 * @param {string} operation such as `Things.Sensor.ReadStandaloneDevice`
 * @param {Code} code
 * @param {string} sentence
 * @param {object} [more] properties of the error, its cause, and the condition of a device
 */
export function failure(operation, code, sentence, more) {
  const { cause, condition, ...properties } = withoutPrototype(more);
  const message = `${operation}: ${sentence}`;
  const error = AgentApiError.fromJSON({ code, message, operation, attempts: 0, ...properties });
  if (cause !== undefined) Object.defineProperty(error, "cause", withoutPrototype({ value: cause }));
  return condition === undefined ? error : Object.assign(error, { condition });
}

/** The namespace of error conditions (RFC 6120 §8.3.3). */
const STANZAS = "urn:ietf:params:xml:ns:xmpp-stanzas";

/** How long a device's own sentence may be in a message. */
const LONGEST_SENTENCE = 300;

/**
 * All conditions of RFC 6120, and the code that fits each. Any other name may be a text of the device.
 *
 * @type {Record<string, Code>}
 */
const CODES = {
  "bad-request": "bad-request",
  conflict: "refused",
  "feature-not-implemented": "not-implemented",
  forbidden: "forbidden",
  gone: "refused",
  "internal-server-error": "server-error",
  "item-not-found": "not-found",
  "jid-malformed": "bad-request",
  "not-acceptable": "refused",
  "not-allowed": "forbidden",
  "not-authorized": "forbidden",
  "policy-violation": "refused",
  "recipient-unavailable": "unavailable",
  redirect: "refused",
  "registration-required": "forbidden",
  "remote-server-not-found": "not-found",
  "remote-server-timeout": "unavailable",
  "resource-constraint": "unavailable",
  "service-unavailable": "unavailable",
  "subscription-required": "forbidden",
  "undefined-condition": "refused",
  "unexpected-request": "refused",
};

/**
 * The error of a query that was answered with one.
 *
 * @param {string} operation
 * @param {import("neuron-agent-api").QueryResult} response
 * @param {string[]} secrets which the device may quote
 */
export function deviceError(operation, response, secrets) {
  const element = get(response, "ErrorElement") ?? children(get(response, "Stanza"), "error")[0];
  const condition = conditionOf(element);
  const text = get(response, "errorText") || get(children(element, "text")[0], "value");
  const said = typeof text === "string" ? redact(text, secrets, LONGEST_SENTENCE) : "";
  const sentence = `the device refuses this (${condition})${said ? `: ${said}` : "."}`;
  return failure(operation, CODES[condition], sentence, { attempts: 1, condition });
}

/**
 * The name of the condition in an element `error`, or of the condition itself.
 *
 * @param {any} element
 */
function conditionOf(element) {
  const candidates = [element, ...Object.keys(element ?? {}).flatMap((name) => children(element, name))];
  const names = candidates
    .filter((one) => textOf(one, "__ns") === STANZAS)
    .map((one) => textOf(one, "__name") ?? "");
  return names.find((name) => Object.hasOwn(CODES, name)) ?? "undefined-condition";
}
