// @ts-check
/** One request and its answer. */

import { headerOf, readBody, statusOf } from "./body.js";
import { get, own } from "./value.js";

/** How far a request gets, as `Reach` in `src/error.rs`: nothing left this machine. */
const UNSENT = 0;
/** Nobody knows. */
const UNKNOWN = 1;
/** An answer of success has begun. */
const ANSWERED = 2;

/** Before the connection stood: nothing can have been sent. The words are Node's and Bun's. */
const UNSENT_CODES = [
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
  "ConnectionRefused",
];

/** How long the words of a refusal are waited for. */
const LONGEST_WAIT_FOR_WORDS_MS = 1_000;

/** How large a refusal may be whose words are read, in bytes: whatever an answer may have. */
const LARGEST_REFUSAL = 1024 * 1024;

/**
 * @typedef {object} Request
 * @property {string} url
 * @property {string} method
 * @property {Record<string, string>} headers
 * @property {any} body
 * @property {boolean} withCookies
 */

export class Exchange {
  /** @type {AbortController | undefined} */
  #controller;
  /** @type {any} */
  #response;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #late;
  #isWhole = false;
  /** How far it got that failed. */
  reach = UNKNOWN;

  /**
   * @param {typeof globalThis.fetch} fetch
   * @param {Request} request
   * @param {number} mostBytes of the body of its answer
   */
  constructor(fetch, request, mostBytes) {
    this.answer = this.#run(fetch, request, mostBytes);
  }

  /**
   * @param {typeof globalThis.fetch} fetch
   * @param {Request} request
   * @param {number} mostBytes
   * @returns {Promise<[status: number, statusText: unknown, body: string | undefined]>} without a
   *   body, where that is larger
   */
  async #run(fetch, request, mostBytes) {
    try {
      this.#controller = new AbortController();
      const response = await fetch(request.url, optionsOf(request, this.#controller.signal));
      this.#response = response;
      const status = statusOf(response);
      // Whatever a double of `fetch` gives, it is a response if it has a status.
      if (typeof status !== "number") throw status;
      if (status >= 200 && status < 300) {
        this.reach = ANSWERED;
        const body = await readBody(response, mostBytes);
        this.#isWhole = true;
        return [status, undefined, body];
      }
      const { statusText } = response;
      // A refusal is one, though its words be lost or late.
      const most = Math.min(mostBytes, LARGEST_REFUSAL);
      const words = readBody(response, most).catch(() => undefined);
      /** @type {Promise<undefined>} */
      const late = new Promise((resolve) => {
        this.#late = setTimeout(resolve, LONGEST_WAIT_FOR_WORDS_MS);
      });
      return [status, statusText, await Promise.race([words, late])];
    } catch (error) {
      if (this.reach === UNKNOWN && isUnsent(error)) this.reach = UNSENT;
      throw error;
    }
  }

  /** @param {string} name */
  header(name) {
    try {
      const value = headerOf(this.#response, name);
      return typeof value === "string" ? value : undefined;
    } catch {
      return undefined;
    }
  }

  /** Nobody waits for it any more. */
  stop() {
    clearTimeout(this.#late);
    // After a whole answer its error would be a fifth of the time of a call, and nobody's.
    if (!this.#isWhole) this.#controller?.abort();
  }
}

/**
 * @param {Request} request
 * @param {AbortSignal} signal
 */
function optionsOf({ method, headers, body, withCookies }, signal) {
  // A redirect could lead the token to another origin. "manual" is known everywhere, "error" is
  // not; either way nothing is followed.
  // Without a prototype: `fetch` would take from it whatever is not said here.
  /** @type {RequestInit} */
  const options = own({ method, headers, body, redirect: "manual" });
  // A stream is taken by no `fetch` without it.
  if (get(body, "getReader")) Reflect.set(options, "duplex", "half");
  if (isTaken(signal)) options.signal = signal;
  // Where there is a location there are cookies, a referrer and a cache to keep out of this.
  // Elsewhere a host may refuse options that it has no use for.
  if (get(globalThis, "location")) {
    options.mode = "cors";
    // Another origin gets no cookies: without its explicit consent a browser would withhold the
    // answer.
    options.credentials = withCookies ? "same-origin" : "omit";
    options.referrerPolicy = "no-referrer";
    // A cache keeps no answer to a POST, and to say so has Chromium ask for permission (CORS)
    // before each: half of a call's time.
    if (method === "GET") options.cache = "no-store";
  }
  return options;
}

/** The class of signals that was looked at last. @type {unknown} */
let known;
let isKnownTaken = true;

/**
 * Whether `fetch` takes such a signal. jsdom has a class of its own, which Node's `fetch` refuses: a
 * request goes on there though its call has ended. So it does where there is no `Request` to ask.
 *
 * @param {AbortSignal} signal
 */
function isTaken(signal) {
  if (signal.constructor !== known) {
    known = signal.constructor;
    // One that refuses all there is says nothing of signals.
    isKnownTaken = typeof Request === "function" && (isRequest({ signal }) || !isRequest({}));
  }
  return isKnownTaken;
}

/** @param {RequestInit} options */
function isRequest(options) {
  try {
    return !!new Request("data:,", own(options));
  } catch {
    return false;
  }
}

/** @param {any} error why there was no answer */
function isUnsent(error) {
  try {
    return UNSENT_CODES.includes(get(get(error, "cause"), "code") ?? get(error, "code"));
  } catch {
    // It may be anything that somebody threw.
    return false;
  }
}
