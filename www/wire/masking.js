// @ts-check
/**
 * What of a request and its response can be shown.
 *
 * What is shown is listed here; everything else is masked. So a header or property that a later version of the
 * library sends, or a broker returns, is hidden until somebody decides that it is harmless.
 */

const HARMLESS_REQUEST_HEADERS = ["accept", "accept-language", "content-type"];
const HARMLESS_RESPONSE_HEADERS = [
  "access-control-allow-origin",
  "access-control-expose-headers",
  "cache-control",
  "content-length",
  "content-type",
  "date",
  "retry-after",
  "server",
  "vary",
  "x-content-type-options",
];

const HARMLESS_IN_REQUESTS = [
  "to",
  "customXml",
  "language",
  "id",
  "bareJid",
  "userName",
  "seconds",
  "offset",
  "maxCount",
  "message",
  "subject",
];

/** An object or list of one of these names is shown as far as its own properties are harmless. */
const HARMLESS_IN_RESPONSES = [
  "sent",
  "id",
  "RosterItem",
  "RosterItems",
  "Item",
  "bareJid",
  "pendingSubscription",
  "status",
  "name",
  "Groups",
  "Messages",
  "Message",
  "from",
  "to",
  "lang",
  "type",
  "timestamp",
  "domain",
  "useEncryption",
  "humanReadableName",
  "humanReadableDescription",
  "expires",
  "count",
  "ok",
  "jid",
  "received",
];

/** What people have sent each other: all of it is shown. */
const FREE_XML_IN_RESPONSES = ["Content", "Stanza"];

/** The namespace of the elements that are requests and responses. */
const AGENT_API = "https://waher.se/Schema/BrokerAgent.xsd";

export const MASK = "[masked]";

/**
 * Shows properties of requests that have these names, too.
 *
 * @param {string[]} names
 */
export function showProperties(names) {
  HARMLESS_IN_REQUESTS.push(...names);
}

/**
 * @param {string} name in lower case
 * @param {string} value
 */
export function maskRequestHeader(name, value) {
  if (HARMLESS_REQUEST_HEADERS.includes(name)) return value;
  return name === "authorization" && value.startsWith("Bearer ") ? `Bearer ${MASK}` : MASK;
}

/**
 * @param {string} name in lower case
 * @param {string} value
 */
export const maskResponseHeader = (name, value) => (HARMLESS_RESPONSE_HEADERS.includes(name) ? value : MASK);

/** @param {unknown} body */
export function maskRequest(body) {
  if (typeof body !== "string") return body ? MASK : "";
  return masked(
    body,
    (object) =>
      Object.fromEntries(
        Object.entries(object).map(([name, value]) => [
          name,
          HARMLESS_IN_REQUESTS.includes(name) ? value : MASK,
        ]),
      ),
    (root) =>
      maskElement(root, HARMLESS_IN_REQUESTS, () =>
        HARMLESS_IN_REQUESTS.includes(root.localName === "SendPresenceSubscription" ? "customXml" : "xml"),
      ),
  );
}

/** @param {string} body */
export function maskResponse(body) {
  if (body === "") return "";
  return masked(body, maskValue, (root) =>
    maskElement(root, HARMLESS_IN_RESPONSES, (parent) => parent.localName === "Message"),
  );
}

/**
 * @param {string} body
 * @param {(value: object) => unknown} maskObject
 * @param {(root: Element) => void} maskRoot changes it
 */
function masked(body, maskObject, maskRoot) {
  if (body.trimStart().startsWith("<")) return maskedXml(body, maskRoot);
  try {
    const value = JSON.parse(body);
    return typeof value === "object" && value ? JSON.stringify(maskObject(value)) : MASK;
  } catch {
    return MASK;
  }
}

/**
 * @param {unknown} value
 * @returns {unknown}
 */
function maskValue(value) {
  if (Array.isArray(value)) return value.map(maskValue);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      if (FREE_XML_IN_RESPONSES.includes(name)) return [name, inner];
      return [name, HARMLESS_IN_RESPONSES.includes(name) ? maskValue(inner) : MASK];
    }),
  );
}

/**
 * @param {string} xml
 * @param {(root: Element) => void} maskRoot
 */
function maskedXml(xml, maskRoot) {
  const { documentElement: root } = new DOMParser().parseFromString(xml, "text/xml");
  // Such as a page of HTML, and what the parser says about XML that is not well-formed.
  if (root.namespaceURI !== AGENT_API) return MASK;
  maskRoot(root);
  return new XMLSerializer().serializeToString(root);
}

/**
 * @param {Element} element in the namespace of the Agent API
 * @param {string[]} harmless names of attributes, and of elements that hold text
 * @param {(parent: Element) => boolean} showsFreeXml whether XML in it of other namespaces is shown
 */
function maskElement(element, harmless, showsFreeXml) {
  for (const attribute of element.attributes) {
    if (attribute.name !== "xmlns" && !harmless.includes(attribute.name)) attribute.value = MASK;
  }
  for (const child of [...element.childNodes]) {
    if (child instanceof Element && child.namespaceURI === AGENT_API) {
      maskElement(child, harmless, showsFreeXml);
    } else if (child instanceof Element) {
      if (!showsFreeXml(element)) child.replaceWith(MASK);
    } else if (child.textContent?.trim() && !harmless.includes(element.localName)) {
      child.replaceWith(MASK);
    }
  }
}
