// @ts-check
/** What comes back for a request: what the broker answers, or what a fault makes of it. */

import { utf8 } from "../loader/text-encoder.js";
import { makeResponse } from "./response.js";

/** @typedef {{ status: number, headers: [string, string][], body: Uint8Array<ArrayBuffer> }} Answer */
/** @typedef {import("./index.d.ts").Fault} Fault */
/** @typedef {import("./request.js").ReadRequest} ReadRequest */

/** The login page of a captive portal. */
const HTML_PAGE =
  "<!DOCTYPE html>\n<html><head><title>Log in</title></head>\n" +
  "<body><h1>Welcome to this network</h1><p>Accept the terms to go on.</p></body></html>\n";

/** No resource answers with a list. */
const WRONG_JSON = '[{"unexpected":[null,true,0]}]';

/** More than the 8 MiB that the client accepts, piece by piece. */
const BIG_PIECE = 64 * 1024;
const BIG_PIECES = 144;

/** How long each byte of the slow response takes. */
const SLOW_BYTE_MS = 2_000;

/** Those with which the broker says when to come back. */
const WITH_RETRY_AFTER = [429, 503];

/**
 * @param {Fault | undefined} fault
 * @param {ReadRequest} request
 * @param {import("./clock.js").Clock} clock
 * @param {() => Answer} answer has the broker handle the request
 * @returns {Promise<Response>}
 */
export async function answerWith(fault, request, clock, answer) {
  if (fault?.fault === "reset") throw networkError();
  if (fault?.status !== undefined) return ofProxy(fault.status, fault.retryAfter, request);
  const { status, headers, body } = answer();
  const respond = (/** @type {Uint8Array<ArrayBuffer> | import("./response.js").Script} */ content) =>
    makeResponse(request, status, [...headers, ["content-length", `${body.length}`]], content);
  const respondAs = (/** @type {string} */ type, /** @type {any} */ content) =>
    makeResponse(request, 200, [["content-type", type]], content);
  switch (fault?.fault) {
    case "lost":
      throw networkError();
    case "hang":
      return new Promise(() => {});
    case "truncate":
      return respond({ pieces: [body.subarray(0, body.length >> 1)], error: networkError("terminated") });
    case "slow":
      return respond({
        pieces: Array.from(body, (byte) => Uint8Array.of(byte)),
        wait: () => clock.wait(SLOW_BYTE_MS, request.signal),
      });
    case "html":
      return respondAs("text/html; charset=utf-8", bytesOf(HTML_PAGE));
    case "empty":
      return makeResponse(request, 204, [], bytesOf(""));
    case "wrong":
      return respondAs("application/json", bytesOf(WRONG_JSON));
    case "big":
      return respondAs("application/json", {
        pieces: Array(BIG_PIECES).fill(new Uint8Array(BIG_PIECE).fill(32)),
      });
    default:
      return respond(body);
  }
}

/**
 * @param {number} status
 * @param {number | string | undefined} retryAfter
 * @param {ReadRequest} request
 */
function ofProxy(status, retryAfter, request) {
  const text = `The network answers ${status}, because the test has said so.`;
  const wait = retryAfter ?? (WITH_RETRY_AFTER.includes(status) ? 1 : undefined);
  /** @type {[string, string][]} */
  const headers = [["content-type", "text/plain; charset=utf-8"]];
  if (wait !== undefined) headers.push(["retry-after", `${wait}`]);
  return makeResponse(request, status, headers, bytesOf(text));
}

/** What `fetch` rejects with when the connection is reset. */
export function networkError(message = "fetch failed") {
  const cause = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
  return new TypeError(message, { cause });
}

/** @param {string} text */
const bytesOf = (text) => Uint8Array.from(utf8(text), (byte) => byte.charCodeAt(0));
