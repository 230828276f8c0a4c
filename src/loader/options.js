// @ts-check
/** Checks what `createAgentAPI` is given; what a host may look like knows the module alone. */

import { ENCODING_RULE, isCount, isEncoding, LARGEST } from "./arguments.js";
import { failure } from "./failure.js";
import { isGiven, looked, named, own } from "./value.js";

const KNOWN = "host, secure, store, encoding, attemptMs, totalMs, maxInFlight, fetch, headers";

const HOST_RULE =
  'must be a host name with an optional port, for example "neuron.example.org" or "127.0.0.1:8080".';

/** RFC 9110 §5.6.2 and §5.5 */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Ours to send, or nobody's. */
const OURS =
  /^(authorization|accept(-.*)?|content-.*|cookie2?|host|origin|referer|connection|keep-alive|expect|te|trailer|transfer-encoding|upgrade|via|(proxy|sec)-.*)$/i;

/**
 * @param {any} given
 * @returns {any} a copy, also of the headers: what was checked is what is used
 */
export function check(given = {}) {
  const options = named(given, KNOWN, '{ host: "neuron.example.org" }');
  if (typeof options === "string") throw wrong("Options", options);
  const { store, fetch, headers, host, secure, encoding } = options;
  if (isGiven(host) && typeof host !== "string") throw wrong("Options.host", HOST_RULE);
  if (isGiven(secure) && typeof secure !== "boolean") {
    throw wrong("Options.secure", "must be true or false.");
  }
  if (isGiven(encoding) && !isEncoding(encoding)) throw wrong("Options.encoding", ENCODING_RULE);
  for (const name of ["attemptMs", "totalMs", "maxInFlight"]) {
    const count = options[name];
    if (isGiven(count) && !isCount(count)) {
      throw wrong(`Options.${name}`, `must be a whole number from 1 to ${LARGEST}.`);
    }
  }
  if (fetch !== undefined && typeof fetch !== "function") {
    throw wrong("Options.fetch", "must be a function that does what the global fetch does.");
  }
  if (store !== undefined && !["session", "local", "memory"].includes(store)) checkStore(store);
  if (headers !== undefined) options.headers = checked(headers);
  return options;
}

/**
 * @param {any} error of `SetHost`
 * @returns {unknown} the same in the words of this option, unless it is no fault of the host
 */
export const wrongHost = (error) =>
  error.code === "invalid-argument" ? wrong("Options.host", HOST_RULE) : error;

/** @param {any} store */
function checkStore(store) {
  const methods = ["getItem", "setItem", "removeItem"];
  if (looked(() => methods.every((method) => typeof store[method] === "function"))) return;
  throw wrong(
    "Options.store",
    'must be "session", "local", "memory" or an object with getItem, setItem and removeItem.',
  );
}

/** @param {any} headers */
function checked(headers) {
  // `Headers` and `Map` would look empty.
  const copy = looked(() => !(Symbol.iterator in headers) && own(headers));
  if (!copy) {
    throw wrong("Options.headers", 'must be an object, for example { "X-Request-Source": "shop" }.');
  }
  for (const [name, value] of Object.entries(copy)) {
    if (!TOKEN.test(name)) throw wrong("Options.headers", "contains an invalid header name (RFC 9110).");
    if (OURS.test(name)) throw wrong("Options.headers", `can't set ${name}.`);
    // The value may be a secret of the caller's.
    if (typeof value !== "string" || !VALUE.test(value)) {
      throw wrong("Options.headers", `contains an invalid value for ${name} (RFC 9110).`);
    }
  }
  return copy;
}

/**
 * @param {string} parameter
 * @param {string} rule
 */
const wrong = (parameter, rule) =>
  failure("createAgentAPI", "invalid-argument", `${parameter} ${rule}`, { parameter });
