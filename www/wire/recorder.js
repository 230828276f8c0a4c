// @ts-check
/** Records what goes over the wire, without its secrets. */

import { wire } from "../texts.js";
import { add, change, exchanges, remove } from "./log.js";
import { MASK, maskRequest, maskRequestHeader, maskResponse, maskResponseHeader } from "./masking.js";

/** The longest body of a response that is kept, in characters. */
const LONGEST_BODY = 20_000;

/** Requests whose call is not known yet, the oldest first. @type {import("./log.js").Exchange[]} */
let unnumbered = [];

/**
 * A `fetch` that records.
 *
 * @param {string} client
 * @param {typeof globalThis.fetch} fetch
 * @returns {typeof globalThis.fetch}
 */
export function recorded(client, fetch) {
  return async (input, init = {}) => {
    // The page reads files of its own.
    if (!String(input).includes("/Agent/")) return fetch(input, init);
    const exchange = describe(client, input, init);
    unnumbered.push(exchange);
    const start = performance.now();
    /** @param {number | null} status @param {string} statusText */
    const end = (status, statusText) => {
      unnumbered = unnumbered.filter((other) => other !== exchange);
      Object.assign(exchange, { status, statusText, elapsedMs: performance.now() - start });
      add(exchange);
    };
    try {
      const response = await fetch(input, init);
      end(response.status, response.statusText);
      recordAnswer(exchange, response.clone(), start);
      return response;
    } catch (error) {
      end(null, wire.unanswered);
      throw error;
    }
  };
}

/**
 * Tells which attempt the oldest request of a client is: the library says so just after it has called `fetch`.
 *
 * @param {string} client
 * @param {import("../../pkg/index.js").RequestEvent} event
 */
export function numberAttempt(client, { operation, attempt }) {
  const group = operation.replace(/\..*/, "");
  const exchange = unnumbered.find(
    (one) => one.client === client && one.url.includes(`/Agent/${group}/`) && one.attempt === undefined,
  );
  if (exchange) exchange.attempt = attempt;
}

/**
 * @param {import("./log.js").Exchange} exchange
 * @param {Response} response
 * @param {number} start
 */
async function recordAnswer(exchange, response, start) {
  try {
    const bytes = await response.arrayBuffer();
    const type = response.headers.get("Content-Type") ?? "";
    const isText = /json|xml|^text\//.test(type);
    const body = isText ? maskResponse(new TextDecoder().decode(bytes)) : bytes.byteLength ? MASK : "";
    exchange.answer = {
      headers: listed(response.headers, maskResponseHeader),
      body: body.length > LONGEST_BODY ? `${body.slice(0, LONGEST_BODY)}…` : body,
      bodyBytes: bytes.byteLength,
      elapsedMs: performance.now() - start,
    };
    forgetEmptyPolls(exchange);
    change(exchange);
  } catch {
    // The connection broke or the call was aborted: there is no more to show.
  }
}

/**
 * A client that polls does so every second. Of the polls that brought nothing only the last one is kept.
 *
 * @param {import("./log.js").Exchange} latest
 */
function forgetEmptyPolls(latest) {
  if (!isEmptyPoll(latest)) return;
  const earlier = exchanges.filter(
    (one) => one !== latest && one.client === latest.client && isEmptyPoll(one),
  );
  earlier.forEach(remove);
}

/** @param {import("./log.js").Exchange} exchange */
const isEmptyPoll = ({ url, answer }) =>
  url.endsWith("/PopMessages") && answer !== undefined && !/"from"|<Message\b/.test(answer.body);

/**
 * @param {string} client
 * @param {RequestInfo | URL} input
 * @param {RequestInit} init
 * @returns {import("./log.js").Exchange}
 */
function describe(client, input, init) {
  return {
    client,
    startedAt: new Date(),
    method: init.method ?? "GET",
    url: new URL(String(input), location.href).href,
    headers: listed(new Headers(init.headers), maskRequestHeader),
    body: maskRequest(init.body),
    bodyBytes: typeof init.body === "string" ? new TextEncoder().encode(init.body).length : 0,
    status: null,
    statusText: "",
    elapsedMs: 0,
  };
}

/**
 * @param {Headers} headers
 * @param {(name: string, value: string) => string} mask
 * @returns {[name: string, value: string][]}
 */
const listed = (headers, mask) => [...headers].map(([name, value]) => [headerName(name), mask(name, value)]);

/**
 * Capitalizes a header's name: `content-type` becomes `Content-Type`.
 *
 * @param {string} name
 */
function headerName(name) {
  return name.replace(/\b[a-z]/g, (letter) => letter.toUpperCase());
}
