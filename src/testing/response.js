// @ts-check
/** Makes the responses of `fetch`. */

import { textOf } from "../loader/text-decoder.js";

/**
 * A body that comes bit by bit. It waits between its pieces, and ends with an error if there is one.
 *
 * @typedef {{ pieces: Iterable<Uint8Array>, wait?: () => Promise<void>, error?: Error }} Script
 */

/** Those without a body. */
const WITHOUT_BODY = [204, 205, 304];

/** @type {Record<number, string>} */
const REASONS = {
  200: "OK",
  201: "Created",
  204: "No Content",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  406: "Not Acceptable",
  409: "Conflict",
  413: "Payload Too Large",
  415: "Unsupported Media Type",
  429: "Too Many Requests",
  500: "Internal Server Error",
  501: "Not Implemented",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};

/**
 * @param {import("./request.js").ReadRequest} request
 * @param {number} status
 * @param {[name: string, value: string][]} headers
 * @param {Uint8Array<ArrayBuffer> | Script} content
 * @returns {Response}
 */
export function makeResponse({ method, url, signal }, status, headers, content) {
  const hasBody = method !== "HEAD" && !WITHOUT_BODY.includes(status);
  const statusText = REASONS[status] ?? "";
  // jsdom has none.
  if (typeof Response !== "function") {
    return /** @type {any} */ (
      plainResponse(status, statusText, headers, hasBody ? content : new Uint8Array())
    );
  }
  const body = content instanceof Uint8Array ? content : streamOf(content, signal);
  const response = new Response(hasBody ? body : null, { status, statusText, headers });
  // As a response has that came over the network.
  Object.defineProperty(response, "url", { value: url.href.replace(/#.*/, "") });
  return response;
}

/**
 * @param {Script} script
 * @param {AbortSignal | undefined} signal
 */
function streamOf({ pieces, wait, error }, signal) {
  const iterator = pieces[Symbol.iterator]();
  const aborted = () => signal?.reason ?? new DOMException("This operation was aborted", "AbortError");
  return new ReadableStream(
    {
      start(controller) {
        signal?.addEventListener("abort", () => controller.error(aborted()), { once: true });
      },
      async pull(controller) {
        await wait?.();
        if (signal?.aborted) return;
        const { done, value } = iterator.next();
        if (!done) controller.enqueue(value);
        else if (error) controller.error(error);
        else controller.close();
      },
    },
    { highWaterMark: 0 },
  );
}

/**
 * @param {number} status
 * @param {string} statusText
 * @param {[name: string, value: string][]} headers
 * @param {Uint8Array<ArrayBuffer> | Script} content
 */
function plainResponse(status, statusText, headers, content) {
  const byName = new Map(headers);
  const bytes = async () => {
    if (content instanceof Uint8Array) return content;
    /** @type {number[]} */
    const all = [];
    for (const piece of content.pieces) {
      await content.wait?.();
      for (const byte of piece) all.push(byte);
    }
    if (content.error) throw content.error;
    return Uint8Array.from(all);
  };
  const text = async () => textOf(await bytes()) ?? "";
  return {
    ok: status >= 200 && status < 300,
    ...{ status, statusText },
    headers: { get: (/** @type {string} */ name) => byName.get(name.toLowerCase()) ?? null },
    arrayBuffer: async () => (await bytes()).buffer,
    text,
    json: async () => JSON.parse(await text()),
  };
}
