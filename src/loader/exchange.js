// @ts-check
/** One HTTP request and its response. */

import { headerOf, readBody, statusOf } from "./body.js";
import { get, tryOrUndefined, withoutPrototype } from "./value.js";

/** Given as the status of a request that failed, how far it got (`Reach` in `src/error.rs`): nothing left
 * this machine. */
const UNSENT = -1;
/** It may have reached the broker. */
const UNKNOWN = -2;
/** A response of success has begun. */
const ANSWERED = -3;

/** Codes of Node and Bun for errors before there was a connection: nothing can have been sent. */
const UNSENT_CODES = [
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
  "ConnectionRefused",
];

/** How long to wait for the body of an error response. */
const ERROR_BODY_TIMEOUT_MS = 1_000;

/** The largest body of an error response that is read, in bytes, even where responses may be larger. */
const LARGEST_ERROR_BODY = 1024 * 1024;

/**
 * @typedef {object} OutgoingRequest
 * @property {string} url
 * @property {string} method
 * @property {Record<string, string>} headers
 * @property {any} body
 * @property {boolean} withCookies
 * @property {number} maxBytes of the body of the response
 * @property {boolean} readsBytes of a successful response
 */

export class Exchange {
  #maxBytes;
  /** @type {AbortController | undefined} */
  #controller;
  /** @type {any} */
  #response;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #errorBodyTimer;
  #isComplete = false;
  /** With its port, unless that is the protocol's default. */
  host;

  /**
   * Sends a request.
   *
   * @param {typeof globalThis.fetch} fetch
   * @param {OutgoingRequest} request
   * @param {(status: number, body: unknown) => void} onEnd called with a negative status and the error if it
   *   fails; the body is `undefined` if it is larger than it may be
   */
  constructor(fetch, request, onEnd) {
    this.#maxBytes = request.maxBytes;
    this.host = request.url.split("/")[2];
    this.#run(fetch, request, onEnd);
  }

  /**
   * @param {typeof globalThis.fetch} fetch
   * @param {OutgoingRequest} request
   * @param {(status: number, body: unknown) => void} onEnd
   */
  async #run(fetch, request, onEnd) {
    let reach = UNKNOWN;
    try {
      this.#controller = new AbortController();
      const response = await fetch(request.url, optionsOf(request, this.#controller.signal));
      this.#response = response;
      const status = statusOf(response);
      // What a test's double of `fetch` returns counts as a response if it has a status.
      if (typeof status !== "number") throw new TypeError("fetch returned no response");
      if (status < 200 || status >= 300) return onEnd(status, await this.#errorBody(response));
      reach = ANSWERED;
      const body = await readBody(response, this.#maxBytes, request.readsBytes);
      this.#isComplete = true;
      if (typeof body !== "object") return onEnd(status, body);
      onEnd(status, { Content: body, ContentType: this.header("Content-Type"), ETag: this.header("ETag") });
    } catch (error) {
      onEnd(reach === UNKNOWN && isUnsent(error) ? UNSENT : reach, error);
    }
  }

  /**
   * An error response is valid even if its body is lost or late.
   *
   * @param {Response} response
   * @returns {Promise<string | Uint8Array | undefined>}
   */
  #errorBody(response) {
    const limit = Math.min(this.#maxBytes, LARGEST_ERROR_BODY);
    /** @type {Promise<undefined>} */
    const timeout = new Promise((resolve) => {
      this.#errorBodyTimer = setTimeout(resolve, ERROR_BODY_TIMEOUT_MS);
    });
    return Promise.race([readBody(response, limit).catch(() => undefined), timeout]);
  }

  /** @param {string} name with an empty one, the status text is meant */
  header(name) {
    const response = this.#response;
    const value = tryOrUndefined(() => (name ? headerOf(response, name) : response.statusText));
    return typeof value === "string" ? value : undefined;
  }

  /** Aborts the request, unless its response is complete. */
  stop() {
    clearTimeout(this.#errorBodyTimer);
    // Aborting a finished request still makes an `AbortError`, which costs a fifth of a call's time.
    if (!this.#isComplete) this.#controller?.abort();
  }
}

/**
 * @param {OutgoingRequest} request
 * @param {AbortSignal} signal
 */
function optionsOf({ method, headers, body, withCookies }, signal) {
  // A redirect could send the token to another origin. "manual" is known everywhere, "error" is not;
  // either way no redirect is followed.
  // Without a prototype, from which `fetch` would read the options that are not set here.
  /** @type {RequestInit} */
  const options = withoutPrototype({ method, headers, body, redirect: "manual" });
  // Without it no `fetch` accepts a stream.
  if (get(body, "getReader")) Reflect.set(options, "duplex", "half");
  if (acceptsSignal(signal)) options.signal = signal;
  // Where there is a location there are cookies, a referrer and a cache, which are not to be used.
  // Elsewhere a host may reject options that it does not know.
  if (get(globalThis, "location")) {
    options.mode = "cors";
    // Another origin gets no cookies: without its explicit consent a browser would withhold the
    // response.
    options.credentials = withCookies ? "same-origin" : "omit";
    options.referrerPolicy = headers.Referer ? "strict-origin-when-cross-origin" : "no-referrer";
    // No cache keeps a response to a POST, and with this option Chromium would send a preflight
    // request (CORS) before each: half of a call's time.
    if (method === "GET") options.cache = "no-store";
  }
  return options;
}

/** The class of the signal that was checked last. @type {unknown} */
let lastSignalClass;
let isLastAccepted = true;

/**
 * Whether `fetch` accepts such a signal. jsdom has a class of its own, which Node's `fetch` rejects:
 * there a request goes on although its call has ended, and likewise where there is no `Request` to try.
 *
 * @param {AbortSignal} signal
 */
function acceptsSignal(signal) {
  if (signal.constructor !== lastSignalClass) {
    lastSignalClass = signal.constructor;
    // A `Request` that rejects everything says nothing about signals.
    isLastAccepted = typeof Request === "function" && (isRequest({ signal }) || !isRequest({}));
  }
  return isLastAccepted;
}

/** @param {RequestInit} options */
const isRequest = (options) => !!tryOrUndefined(() => new Request("data:,", withoutPrototype(options)));

/**
 * A thrown value may be anything, even one that can't be read.
 *
 * @param {any} error why there was no response
 */
const isUnsent = (error) =>
  tryOrUndefined(() => UNSENT_CODES.includes(get(get(error, "cause"), "code") ?? get(error, "code")));
