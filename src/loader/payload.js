// @ts-check
/** The body that `IO.Request` sends: what `fetch` accepts unchanged, all else as JSON. */

import { get, isPlain, parseJson, tryOrUndefined } from "./value.js";

const JSON_TYPE = "application/json";

/**
 * The classes that `fetch` accepts, by name, since they may be of another realm; besides these, views of
 * buffers.
 */
const BODIES = ["URLSearchParams", "FormData", "Blob", "File", "ArrayBuffer", "ReadableStream"];

/** @param {unknown} value */
const tagOf = (value) => Object.prototype.toString.call(value).slice(8, -1);

/**
 * Throws for a payload that is neither.
 *
 * @param {any} payload
 * @param {boolean} [isFile] what would be sent as JSON is none
 * @returns {[body: unknown, mediaType: string, texts: string, isStream?: boolean]} with an empty media type
 *   `fetch` chooses it; `texts` is JSON with the texts in the payload, which no error may show
 */
export function bodyOf(payload, isFile) {
  if (typeof payload === "string") {
    return parseJson(payload) !== undefined
      ? [payload, JSON_TYPE, payload]
      : [payload, "text/plain;charset=UTF-8", JSON.stringify(payload)];
  }
  const tag = tagOf(payload);
  if (!BODIES.includes(tag) && !ArrayBuffer.isView(payload)) {
    const json = !isFile && JSON.stringify(payload, onlyPlain);
    if (!json) throw new TypeError(tag);
    return [json, JSON_TYPE, json];
  }
  const isForm = tag === "URLSearchParams" || tag === "FormData";
  // An object with the name alone, such as that of the package `form-data`, has no `values`.
  const texts = isForm ? JSON.stringify([...payload.values()]) : textOf(payload);
  // Serialized here, because `fetch` would take one of another realm for a text.
  if (tag === "URLSearchParams")
    return [`${payload}`, "application/x-www-form-urlencoded;charset=UTF-8", texts];
  if (payload.locked || !isAccepted(payload, tag)) throw new TypeError(tag);
  return [payload, "", texts, typeof get(payload, "getReader") === "function"];
}

/**
 * The bytes as a text, in JSON. The content of a Blob or a stream is not known before it is sent.
 *
 * @param {any} payload
 */
function textOf(payload) {
  return tryOrUndefined(() => JSON.stringify(new TextDecoder().decode(payload).split(/[\s&=]/))) ?? "";
}

/**
 * Whether the host's `fetch` accepts a body, and doesn't convert it to a text. The check would use up a
 * stream, so it is made with another one.
 *
 * @param {any} payload
 * @param {string} tag
 */
function isAccepted(payload, tag) {
  if (typeof Request !== "function") return true;
  const body = tag === "ReadableStream" ? new ReadableStream() : payload;
  const options = { method: "POST", body, duplex: "half" };
  const type = new Request("http://localhost", options).headers.get("Content-Type");
  return !type?.startsWith("text/plain") || type === payload.type;
}

/**
 * What is to be uploaded: of a form, the part with the name that it will have again.
 *
 * @param {any} content
 */
export const fileOf = (content) => (tagOf(content) === "FormData" ? content.get("Content") : content);

const isBlob = (/** @type {unknown} */ value) => ["File", "Blob"].includes(tagOf(value));

/**
 * A form of texts and a file.
 *
 * @param {string} properties as JSON; that of the file says that there is one
 * @param {string} fileName
 * @param {any} content
 */
export function formOf(properties, fileName, content) {
  const form = new FormData();
  // A file keeps its name, and a blob its type; bytes and texts have neither.
  const file = isBlob(content) ? content : new Blob([content]);
  for (const [name, value] of Object.entries(JSON.parse(properties))) {
    form.append(name, name === fileName ? file : value);
  }
  return form;
}

/**
 * A replacer for `JSON.stringify` that throws for what would be left out or emptied.
 *
 * @param {string} _
 * @param {any} value
 */
function onlyPlain(_, value) {
  const isObject = typeof value === "object" && value;
  if ((isObject && !isPlain(value)) || typeof value === "function" || typeof value === "symbol") {
    throw new TypeError();
  }
  return value;
}
