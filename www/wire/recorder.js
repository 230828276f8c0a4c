// @ts-check
/**
 * Records what goes over the wire, without its secrets.
 *
 * What is shown is listed here; everything else in a request is masked. So a header or property that a later
 * version of the library sends is hidden until somebody decides that it is harmless.
 */

const HARMLESS_HEADERS = ["accept", "accept-language", "content-type"];
const HARMLESS_PROPERTIES = [
  "to",
  "customXml",
  "language",
  "id",
  "bareJid",
  "userName",
  "seconds",
  "offset",
  "maxCount",
];

export const MASK = "[masked]";

/**
 * Shows properties of these names, too.
 *
 * @param {string[]} names
 */
export function showProperties(names) {
  HARMLESS_PROPERTIES.push(...names);
}

/**
 * @typedef {object} Exchange
 * @property {string} method
 * @property {string} url
 * @property {[name: string, value: string][]} headers
 * @property {string} body empty if there is none
 * @property {number | null} status `null` if no response came
 * @property {string} statusText
 * @property {number} elapsedMs until the headers of the response
 */

/**
 * Replaces the `fetch` of this page by one that records.
 *
 * @param {(exchange: Exchange) => void} onExchange called when a request is answered or fails
 */
export function recordFetch(onExchange) {
  const { fetch } = globalThis;

  globalThis.fetch = async (input, init = {}) => {
    // The page reads a file of its own.
    if (!String(input).includes("/Agent/")) return fetch(input, init);
    const request = describe(input, init);
    const start = performance.now();
    /** @param {number | null} status @param {string} statusText */
    const report = (status, statusText) =>
      onExchange({ ...request, status, statusText, elapsedMs: performance.now() - start });
    try {
      const response = await fetch(input, init);
      report(response.status, response.statusText);
      return response;
    } catch (error) {
      report(null, "no response");
      throw error;
    }
  };
}

/**
 * @param {RequestInfo | URL} input
 * @param {RequestInit} init
 */
function describe(input, init) {
  const headers = [...new Headers(init.headers)].map(
    ([name, value]) => /** @type {[string, string]} */ ([headerName(name), maskHeader(name, value)]),
  );
  return { method: init.method ?? "GET", url: String(input), headers, body: maskBody(init.body) };
}

/**
 * Capitalizes a header's name: `content-type` becomes `Content-Type`.
 *
 * @param {string} name
 */
function headerName(name) {
  return name.replace(/\b[a-z]/g, (letter) => letter.toUpperCase());
}

/**
 * @param {string} name
 * @param {string} value
 */
function maskHeader(name, value) {
  if (HARMLESS_HEADERS.includes(name)) return value;
  return name === "authorization" && value.startsWith("Bearer ") ? `Bearer ${MASK}` : MASK;
}

/** @param {unknown} body */
function maskBody(body) {
  if (typeof body !== "string") return body ? MASK : "";
  try {
    const properties = Object.entries(JSON.parse(body));
    return JSON.stringify(
      Object.fromEntries(
        properties.map(([name, value]) => [name, HARMLESS_PROPERTIES.includes(name) ? value : MASK]),
      ),
    );
  } catch {
    return MASK;
  }
}
