// @ts-check
/** Reads what `fetch` is called with. */

import { utf8 } from "../loader/text-encoder.js";

/**
 * @typedef {object} ReadRequest
 * @property {string} method
 * @property {URL} url
 * @property {[name: string, value: string][]} headers in lower case
 * @property {Uint8Array} body
 * @property {AbortSignal | undefined} signal
 */

/**
 * @param {any} input
 * @param {any} [init]
 * @returns {Promise<ReadRequest>}
 */
export async function readRequest(input, init = {}) {
  const signal = init?.signal ?? input?.signal ?? undefined;
  signal?.throwIfAborted?.();
  // jsdom has none.
  if (typeof Request !== "function") return readWithoutClass(input, init ?? {}, signal);
  // A signal may be of a class that `Request` does not know, as jsdom's is; it is looked at here.
  const request = new Request(input, { ...init, signal: null });
  const { method, headers } = request;
  const body = new Uint8Array(await request.arrayBuffer());
  return { method, url: new URL(request.url), headers: [...headers], body, signal };
}

/**
 * @param {any} input
 * @param {any} init
 * @param {AbortSignal | undefined} signal
 * @returns {Promise<ReadRequest>}
 */
async function readWithoutClass(input, init, signal) {
  const url = new URL(input?.url ?? input, globalThis.location?.href);
  const given = init.headers ?? {};
  const pairs = /** @type {[string, string][]} */ (
    given[Symbol.iterator] ? [...given] : Object.entries(given)
  );
  const headers = pairs.map(
    ([name, value]) => /** @type {[string, string]} */ ([name.toLowerCase(), `${value}`]),
  );
  const { method = "GET" } = init;
  return { method: method.toUpperCase(), url, headers, body: await bytesOf(init.body), signal };
}

/**
 * @param {any} body
 * @returns {Promise<Uint8Array>}
 */
async function bytesOf(body) {
  if (body === undefined || body === null) return new Uint8Array();
  if (typeof body === "string") return Uint8Array.from(utf8(body), (byte) => byte.charCodeAt(0));
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
  if (typeof body.arrayBuffer === "function") return new Uint8Array(await body.arrayBuffer());
  if (Object.prototype.toString.call(body) === "[object ArrayBuffer]") return new Uint8Array(body);
  throw new TypeError("This environment has no Request, without which a body is a string, bytes or a Blob.");
}
