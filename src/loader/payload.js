// @ts-check
/** What `IO.Request` sends for a payload: what `fetch` takes as it is, all else as JSON. */

import { looked } from "./value.js";

const JSON_TYPE = "application/json";

/** What `fetch` takes, by name: it may be of another realm. Views of buffers have names of their own. */
const BODIES = ["URLSearchParams", "FormData", "Blob", "File", "ArrayBuffer", "ReadableStream"];

/** @param {unknown} value */
const tagOf = (value) => Object.prototype.toString.call(value).slice(8, -1);

/**
 * Throws for what is neither.
 *
 * @param {any} payload
 * @returns {[body: unknown, mediaType: string, texts: string]} with an empty media type `fetch` finds
 *   its own; `texts` is JSON with the texts in the payload, which no error may show
 */
export function bodyOf(payload) {
  if (typeof payload === "string") {
    return isJson(payload)
      ? [payload, JSON_TYPE, payload]
      : [payload, "text/plain;charset=UTF-8", JSON.stringify(payload)];
  }
  const tag = tagOf(payload);
  if (!BODIES.includes(tag) && !ArrayBuffer.isView(payload)) {
    const json = JSON.stringify(payload, plain);
    if (!json) throw new TypeError(tag);
    return [json, JSON_TYPE, json];
  }
  const isForm = tag === "URLSearchParams" || tag === "FormData";
  // One that only bears the name, as that of the package `form-data`, has no values.
  const texts = isForm ? JSON.stringify([...payload.values()]) : textOf(payload);
  // Written here, because the one of another realm would be taken for a text.
  if (tag === "URLSearchParams") return [`${payload}`, "application/x-www-form-urlencoded;charset=UTF-8", texts];
  if (payload.locked || !isTaken(payload, tag)) throw new TypeError(tag);
  return [payload, "", texts];
}

/**
 * What bytes say as a text, as JSON. What a Blob or a stream says is not known before it is sent.
 *
 * @param {any} payload
 */
function textOf(payload) {
  try {
    return JSON.stringify(new TextDecoder().decode(payload).split(/[\s&=]/));
  } catch {
    return "";
  }
}

/** @param {string} text */
const isJson = (text) => looked(() => JSON.parse(text)) !== undefined;

/**
 * Whether the host's `fetch` takes a body, or would make a text of it. A stream is used up by being
 * asked about, so another one stands in for it.
 *
 * @param {any} payload
 * @param {string} tag
 */
function isTaken(payload, tag) {
  if (typeof Request !== "function") return true;
  const body = tag === "ReadableStream" ? new ReadableStream() : payload;
  const options = { method: "POST", body, duplex: "half" };
  const type = new Request("http://localhost", options).headers.get("Content-Type");
  return !type?.startsWith("text/plain") || type === payload.type;
}

/**
 * Whether JSON loses nothing of an object but its identity. The prototype of plain objects, of whatever
 * realm, is the one that has none itself.
 *
 * @param {object} object
 */
export function isPlain(object) {
  const prototype = Object.getPrototypeOf(object);
  return !prototype || Array.isArray(object) || !Object.getPrototypeOf(prototype);
}

/**
 * For `JSON.stringify`: refuses what it would leave out or empty.
 *
 * @param {string} _
 * @param {any} value
 */
function plain(_, value) {
  const isObject = typeof value === "object" && value;
  if ((isObject && !isPlain(value)) || typeof value === "function" || typeof value === "symbol") {
    throw new TypeError();
  }
  return value;
}
