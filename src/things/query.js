// @ts-check
/** Asks a device, and reads whether it has answered with an error. */

import { AgentApiError } from "neuron-agent-api";
import { redact } from "../loader/redact.js";
import { get, withoutPrototype } from "../loader/value.js";
import { invalid } from "./arguments.js";
import { deviceError, failure } from "./failure.js";

/** @typedef {import("./index.d.ts").ThingsClient} Client */
/** @typedef {import("neuron-agent-api").CallOptions} CallOptions */
/** @typedef {import("./arguments.js").Given} Given */

/** How long a call may take with all of its requests, unless its caller says otherwise: as one of the client. */
export const TIMEOUT_MS = 30_000;

/** The parameters that say who asks. They are secrets. */
export const TOKENS = /** @type {const} */ (["DeviceToken", "ServiceToken", "UserToken"]);

/** The parameters that are attributes of a request, in the order in which they are written. */
const ATTRIBUTES = {
  Language: "xml:lang",
  NodeId: "id",
  SourceId: "src",
  Partition: "pt",
  Parameters: "parameters",
  Messages: "messages",
  From: "from",
  To: "to",
  When: "when",
  DeviceToken: "dt",
  ServiceToken: "st",
  UserToken: "ut",
};

/**
 * The attributes that arguments become. What is `false` is left out: that is the default.
 *
 * @param {Given} given
 * @param {readonly (keyof typeof ATTRIBUTES)[]} [names]
 * @returns {Record<string, string>}
 */
export function attributesOf(given, names = /** @type {any} */ (Object.keys(ATTRIBUTES))) {
  const isWritten = (/** @type {string} */ name) => given[name] !== undefined && given[name] !== false;
  return Object.fromEntries(names.filter(isWritten).map((name) => [ATTRIBUTES[name], String(given[name])]));
}

/**
 * The options of the requests of one call, which share its deadline.
 *
 * @param {CallOptions} options
 * @returns {() => CallOptions}
 */
export function optionsOfRequests({ signal, encoding, timeoutMs }) {
  const end = performance.now() + (timeoutMs ?? TIMEOUT_MS);
  return () => ({ signal, encoding, timeoutMs: Math.max(1, Math.ceil(end - performance.now())) });
}

/**
 * The address that is asked: that of the resource that is available, if only the account is given.
 *
 * @param {Client} client
 * @param {string} operation
 * @param {string} jid
 * @param {() => CallOptions} options
 */
export async function fullJidOf(client, operation, jid, options) {
  // A domain may be a device by itself.
  if (!jid.includes("@") || jid.includes("/")) return jid;
  const presence = await translated(operation, [], client.Xmpp.PresenceProbe(jid, options()));
  if (presence.type === "" && presence.jid.includes("/")) return presence.jid;
  throw failure(
    operation,
    "unavailable",
    "no resource of the device is available. Subscribe to its presence, or try again when it is online.",
    { attempts: 1 },
  );
}

/**
 * Sends a query, and returns the element of the answer.
 *
 * @param {Client} client
 * @param {string} operation
 * @param {{ jid: string, type: "get" | "set", xml: string, given: Given }} query
 * @param {() => CallOptions} options
 * @returns {Promise<import("neuron-agent-api").XmlElement>}
 */
export async function ask(client, operation, { jid, type, xml, given }, options) {
  const secrets = TOKENS.flatMap((name) => given[name]?.split(/\s+/) ?? []).filter(Boolean);
  const call = client.Xmpp.InformationQuery(jid, type, xml, options());
  const response = await translated(operation, secrets, call);
  if (!response.ok) throw deviceError(operation, response, secrets);
  if (response.Stanza) return response.Stanza;
  throw badAnswer(operation, "it has no stanza");
}

/**
 * @param {string} operation
 * @param {string} problem
 */
export const badAnswer = (operation, problem) =>
  failure(operation, "bad-response", `the device's answer can't be read: ${problem}.`, { attempts: 1 });

/**
 * The result of a call of the client, whose failure is one of the operation.
 *
 * @template Result
 * @param {string} operation
 * @param {string[]} secrets
 * @param {Promise<Result>} call
 */
async function translated(operation, secrets, call) {
  try {
    return await call;
  } catch (error) {
    throw failureOf(operation, error, secrets);
  }
}

/** The parameters of the client's methods that are the address. */
const ADDRESSES = ["BareJid", "To"];

/**
 * The error of a call of the client, as one of the operation that made the call. One about the address names the
 * parameter that the caller knows. None shows a token, which the client can't tell from the rest of a query.
 *
 * @param {string} operation
 * @param {unknown} error
 * @param {string[]} [secrets]
 */
export function failureOf(operation, error, secrets = []) {
  if (!AgentApiError.is(error) || error.operation === operation) return error;
  const { message, code, statusText, alternatives, ...properties } = withoutPrototype(error.toJSON());
  const start = `${properties.operation}: `;
  const sentence = message.startsWith(start) ? message.slice(start.length) : message;
  if (ADDRESSES.includes(properties.parameter)) {
    return invalid(operation, "JID", sentence.replace(`${properties.parameter} `, ""));
  }
  const redacted = (/** @type {string} */ text) => redact(text, secrets, text.length);
  return failure(operation, code, redacted(sentence), {
    ...properties,
    operation,
    statusText: statusText && redacted(statusText),
    alternatives: alternatives?.map(redacted),
    cause: get(error, "cause"),
  });
}
