// @ts-check
/** Checks the options of `createAgentAPI`. The module checks the syntax of the host. */

import { brokenByOption } from "./arguments.js";
import { failure } from "./failure.js";
import { isGiven, readOptions, tryOrUndefined, withoutPrototype } from "./value.js";

const KNOWN = "host, secure, store, encoding, attemptMs, totalMs, maxInFlight, fetch, WebSocket, headers";

const HOST_RULE =
  'must be a host name with an optional port, for example "neuron.example.org" or "127.0.0.1:8080".';

/** RFC 9110 §5.6.2 and §5.5 */
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Headers that the library or the host sets, and a caller can't. */
const RESERVED_HEADERS =
  /^(authorization|accept(-.*)?|content-.*|cookie2?|host|origin|referer|connection|keep-alive|expect|te|trailer|transfer-encoding|upgrade|via|(proxy|sec)-.*)$/i;

/**
 * @param {any} given
 * @returns {any} a copy, headers included, so that what was checked is what is used
 */
export function checkOptions(given = {}) {
  const options = readOptions(given, KNOWN, '{ host: "neuron.example.org" }');
  if (typeof options === "string") throw invalid("Options", options);
  const { store, headers, host, secure } = options;
  if (isGiven(host) && typeof host !== "string") throw invalid("Options.host", HOST_RULE);
  if (isGiven(secure) && typeof secure !== "boolean") {
    throw invalid("Options.secure", "must be true or false.");
  }
  for (const name of ["encoding", "attemptMs", "totalMs", "maxInFlight"]) {
    const rule = brokenByOption(name, options[name]);
    if (rule) throw invalid(`Options.${name}`, rule);
  }
  for (const [name, what] of [
    ["fetch", "function"],
    ["WebSocket", "class"],
  ]) {
    const given = options[name];
    if (given === undefined || typeof given === "function") continue;
    throw invalid(`Options.${name}`, `must be a ${what} that does what the global ${name} does.`);
  }
  if (store !== undefined && !["session", "local", "memory"].includes(store)) checkStore(store);
  if (headers !== undefined) options.headers = checkHeaders(headers);
  return options;
}

/**
 * @param {any} error of `SetHost`
 * @returns {unknown} an error about this option, if the host was invalid; else the same error
 */
export const invalidHost = (error) =>
  error.code === "invalid-argument" ? invalid("Options.host", HOST_RULE) : error;

/** @param {any} store */
function checkStore(store) {
  const methods = ["getItem", "setItem", "removeItem"];
  if (tryOrUndefined(() => methods.every((method) => typeof store[method] === "function"))) return;
  throw invalid(
    "Options.store",
    'must be "session", "local", "memory" or an object with getItem, setItem and removeItem.',
  );
}

/** @param {any} headers */
function checkHeaders(headers) {
  // `Headers` and `Map` would look empty.
  const copy = tryOrUndefined(() => !(Symbol.iterator in headers) && withoutPrototype(headers));
  if (!copy) {
    throw invalid("Options.headers", 'must be an object, for example { "X-Request-Source": "shop" }.');
  }
  for (const [name, value] of Object.entries(copy)) {
    if (!HEADER_NAME.test(name))
      throw invalid("Options.headers", "contains an invalid header name (RFC 9110).");
    if (RESERVED_HEADERS.test(name)) throw invalid("Options.headers", `can't set ${name}.`);
    // The value is not shown: it may be a secret.
    if (typeof value !== "string" || !HEADER_VALUE.test(value)) {
      throw invalid("Options.headers", `contains an invalid value for ${name} (RFC 9110).`);
    }
  }
  return copy;
}

/**
 * @param {string} parameter
 * @param {string} rule
 */
const invalid = (parameter, rule) =>
  failure("createAgentAPI", "invalid-argument", `${parameter} ${rule}`, { parameter });
