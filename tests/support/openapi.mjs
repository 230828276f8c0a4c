// @ts-check
/** What docs/openapi.json says of requests and answers, as a judge of those that there are. */

import { readFileSync } from "node:fs";
import { DOMParser } from "@xmldom/xmldom";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { isList } from "../../xtask/declarations.mjs";

/** @typedef {Record<string, any>} Schema */

/** @type {Record<string, any>} */
export const DOCUMENT = JSON.parse(readFileSync(new URL("../../docs/openapi.json", import.meta.url), "utf8"));

/**
 * An operation, and which one it is.
 *
 * @typedef {object} Operation
 * @property {string} id
 * @property {string} method
 * @property {string} path with names in braces
 * @property {Record<string, any>} described
 */

/** @type {Operation[]} */
export const OPERATIONS = Object.entries(DOCUMENT.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, described]) => ({
    id: described.operationId,
    method: method.toUpperCase(),
    path,
    described,
  })),
);

/**
 * The operation that a request is for.
 *
 * @param {string} method
 * @param {string} path
 * @returns {Operation}
 */
export function operationAt(method, path) {
  const found = OPERATIONS.find(
    (operation) =>
      operation.method === method &&
      new RegExp(`^${operation.path.replaceAll(/\{\w+\}/g, ".+")}$`).test(path),
  );
  if (!found) throw new Error(`docs/openapi.json does not describe ${method} ${path}`);
  return found;
}

/**
 * A schema with what it refers to; what stands beside the reference goes before.
 *
 * @param {Schema} schema
 * @returns {Schema}
 */
export function resolved({ $ref, ...own }) {
  if (!$ref) return own;
  const target = $ref
    .slice(2)
    .split("/")
    .reduce((/** @type {any} */ inner, /** @type {string} */ name) => inner[name], DOCUMENT);
  return { ...resolved(target), ...own };
}

const ajv = formats.default(new Ajv2020({ strict: false, allErrors: true }));
/** @type {Map<Schema, import("ajv").ValidateFunction>} */
const validators = new Map();

/** @type {import("../../xtask/declarations.mjs").Resource[]} */
const RESOURCES = JSON.parse(readFileSync(new URL("../../pkg/resources.json", import.meta.url), "utf8"));

/** The lists that each object of an answer has to have, empty or not. @type {Map<string, string[]>} */
const LISTS = new Map();
const findLists = (/** @type {import("../../xtask/declarations.mjs").ObjectType} */ { name, fields }) => {
  const names = fields.filter((field) => field.required && isList(field)).map((field) => field.name);
  LISTS.set(name, names);
  for (const { kind } of fields) if (kind.object) findLists(kind.object);
};
for (const { response } of RESOURCES) findLists(response);

/**
 * The document lets brokers answer with more, and leave lists out. What is checked here does neither.
 *
 * @param {Schema} schema
 * @param {string} name
 * @returns {Schema}
 */
function closed({ properties, required = [], ...rest }, name) {
  if (rest.type !== "object" || !properties) return { properties, required, ...rest };
  const listed = Object.entries(properties).map(([key, property]) => {
    const mayBeNull = Array.isArray(property.type) && property.type.includes("array");
    return [key, mayBeNull ? { ...property, type: "array" } : property];
  });
  const all = [...required, ...(LISTS.get(name) ?? [])];
  return { additionalProperties: false, properties: Object.fromEntries(listed), required: all, ...rest };
}

const CLOSED = {
  schemas: Object.fromEntries(
    Object.entries(DOCUMENT.components.schemas).map(([name, schema]) => [name, closed(schema, name)]),
  ),
};

/**
 * What is wrong with a value; empty if nothing is.
 *
 * @param {Schema} schema
 * @param {unknown} value
 */
function faultOf(schema, value) {
  const validate = validators.get(schema) ?? ajv.compile({ ...schema, components: CLOSED });
  validators.set(schema, validate);
  return validate(value) ? "" : ajv.errorsText(validate.errors);
}

/**
 * @param {Operation} operation
 * @param {string} mediaType
 * @param {string | FormData} body
 */
export function faultOfRequest({ described }, mediaType, body) {
  const content = described.requestBody?.content[mediaType] ?? described.requestBody?.content["*/*"];
  if (!content) return `a request in ${mediaType} is not described`;
  const { schema } = content;
  if (!schema) return "";
  const value = typeof body === "string" ? parsed(body, mediaType, schema) : Object.fromEntries(body);
  return faultOf(schema, value);
}

/**
 * What is wrong with an answer; it may be a refusal, but the broker may not fail.
 *
 * @param {Operation} operation
 * @param {{ status: number, mediaType: string, text: string }} answer
 */
export function faultOfAnswer({ described }, { status, mediaType, text }) {
  if (status >= 500 && status !== 501) return `the broker failed: ${status} ${text}`;
  const response = resolved(described.responses[status] ?? described.responses.default);
  const content = response.content[mediaType] ?? response.content["*/*"];
  if (!content) return `an answer ${status} in ${mediaType} is not described`;
  return content.schema ? faultOf(content.schema, parsed(text, mediaType, content.schema)) : "";
}

/**
 * @param {string} text
 * @param {string} mediaType
 * @param {Schema} schema
 */
function parsed(text, mediaType, schema) {
  if (mediaType === "text/plain") return text;
  return mediaType === "text/xml" ? fromXml(text, schema) : JSON.parse(text);
}

/** @typedef {import("@xmldom/xmldom").Element} Element */

/** What it only warns of, such as U+FFFD, is no fault. */
const parser = new DOMParser({
  onError: (level, message) => {
    if (level !== "warning") throw new Error(message);
  },
});

/**
 * A document in XML as what it would be in JSON, by nothing but the schema.
 *
 * @param {string} text
 * @param {Schema} schema
 */
function fromXml(text, schema) {
  const root = parser.parseFromString(text, "text/xml").documentElement;
  const { name, namespace } = schema.xml;
  const isIt = root?.localName === name && root?.namespaceURI === namespace;
  return root && isIt ? objectFrom(root, resolved(schema)) : `not the element ${name}: ${text}`;
}

/** @param {Element} element */
const childrenOf = (element) =>
  [...element.childNodes]
    .filter((child) => child.nodeType === 1)
    .map((child) => /** @type {Element} */ (child));

/**
 * What no property claims goes by its own name, so that the schema refuses it.
 *
 * @param {Element} element
 * @param {Schema} schema
 */
function objectFrom(element, schema) {
  /** @type {Record<string, unknown>} */
  const object = {};
  const left = new Set(childrenOf(element));
  const take = (/** @type {(child: Element) => boolean} */ isWanted) => {
    const taken = [...left].filter(isWanted);
    for (const child of taken) left.delete(child);
    return taken;
  };
  const properties = Object.entries(schema.properties ?? {}).map(
    ([name, property]) => /** @type {const} */ ([name, resolved(property), property.$ref ?? ""]),
  );
  for (const { name, value } of element.attributes) {
    if (name === "xmlns" || name.startsWith("xmlns:")) continue;
    const [, property] = properties.find(([known]) => known === name) ?? [];
    object[name] = property?.xml?.attribute ? scalarFrom(value, property) : value;
  }
  for (const [name, property, reference] of properties) {
    if (property.xml?.attribute) continue;
    const { items } = property;
    if (isElement(reference)) {
      const [wrapper] = take(
        (child) => child.localName === name && child.namespaceURI === element.namespaceURI,
      );
      if (wrapper) object[name] = elementFrom(childrenOf(wrapper)[0]);
    } else if (property.contentMediaType === "application/xml") {
      const content = take(() => true);
      if (content.length > 0) object[name] = content.join("");
    } else if (items) {
      const entry = resolved(items).xml?.name;
      const isEntry = (/** @type {Element} */ child) => child.localName === entry;
      const [wrapper] = property.xml?.wrapped ? take((child) => child.localName === name) : [];
      const entries = wrapper ? childrenOf(wrapper) : take(entry ? isEntry : () => true);
      if (!property.xml?.wrapped || wrapper)
        object[name] = entries.map((child) => itemFrom(child, items, entry));
    } else {
      const [child] = take((child) => child.localName === name);
      if (child) object[name] = objectFrom(child, property);
    }
  }
  // A free element, where the property that is to hold it has none around it.
  const [free] = properties
    .filter(([name, , reference]) => isElement(reference) && !(name in object))
    .toReversed();
  if (free && left.size > 0) object[free[0]] = elementFrom(take(() => true)[0]);
  for (const child of left) object[child.localName ?? ""] = "not described";
  return object;
}

/** @param {string} reference */
const isElement = (reference) => reference.endsWith("/XmlElement");

/**
 * @param {Element} child
 * @param {Schema} items
 * @param {string} [name] that it has to have
 */
function itemFrom(child, items, name = child.localName ?? "") {
  if (child.localName !== name) return { [String(child.localName)]: "not described" };
  if (isElement(items.$ref ?? "")) return elementFrom(child);
  const schema = resolved(items);
  return schema.type === "object" ? objectFrom(child, schema) : (child.textContent ?? "");
}

/** @param {Element | undefined} element */
const elementFrom = (element) => element && { __name: element.localName, __ns: element.namespaceURI ?? "" };

/**
 * @param {string} text
 * @param {Schema} schema
 */
function scalarFrom(text, { type }) {
  if (type === "boolean") return text === "true";
  return type === "integer" || type === "number" ? Number(text) : text;
}

/**
 * A value in XML, by nothing but the schema.
 *
 * @param {string} name
 * @param {any} value
 * @param {Record<string, any>} schema
 * @param {string} [namespace]
 * @returns {string}
 */
export function toXml(name, value, schema, namespace) {
  const declared = namespace ? ` xmlns="${namespace}"` : "";
  if (typeof value !== "object" || value === null) return `<${name}${declared}>${escaped(value)}</${name}>`;
  let [attributes, content] = [declared, ""];
  for (const [key, inner] of Object.entries(value)) {
    const property = resolved(schema.properties?.[key] ?? {});
    if (property.contentMediaType === "application/xml") content += inner;
    else if (Array.isArray(inner)) {
      const { items = {} } = property;
      const entries = inner.map((item) => toXml(items.xml?.name ?? key, item, resolved(items))).join("");
      content += property.xml?.wrapped ? `<${key}>${entries}</${key}>` : entries;
    } else if (property.type === "object") content += toXml(key, inner, property);
    else attributes += ` ${key}="${escaped(inner)}"`;
  }
  return `<${name}${attributes}>${content}</${name}>`;
}

/** @param {unknown} value */
const escaped = (value) =>
  String(value).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
