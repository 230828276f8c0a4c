// @ts-check
/** What is in a request: who asks, and the XML that somebody added. */

import { AgentAPI } from "../../pkg/index.js";

/**
 * @typedef {import("../../pkg/index.js").Message} Message
 * @typedef {import("../../pkg/index.js").XmlElement} XmlElement
 */

/** The legal identity that the broker has added to a request, by its id; empty if there is none. */
export function legalIdOf(/** @type {Message} */ { Content }) {
  const id = Content.find(isLegalId)?.id;
  return typeof id === "string" ? id : "";
}

/** @param {XmlElement} element */
const isLegalId = ({ __name, __ns }) =>
  (__name === "identity" && /:iot:leg:id:/.test(__ns)) ||
  (__name === "legalId" && __ns === "urn:neuron-agent-api:broker");

/** What else is in a request: the XML that the sender wrote. @param {Message} message */
export const customXmlOf = ({ Content }) =>
  Content.filter((element) => !isLegalId(element))
    .map(xmlOf)
    .join("\n");

/**
 * An element as XML.
 *
 * @param {XmlElement} element
 * @returns {string}
 */
export function xmlOf({ __name, __ns, value, ...rest }) {
  const encode = AgentAPI.Account.XmlEncode;
  const attributes = [];
  const children = [];
  for (const [name, property] of Object.entries(rest)) {
    if (typeof property === "string" && name === "__value") children.push(encode(property));
    else if (typeof property === "string") attributes.push(` ${name}="${encode(property)}"`);
    else children.push(...[property ?? []].flat().map(xmlOf));
  }
  if (typeof value === "string") children.unshift(encode(value));
  else children.push(...[value ?? []].flat().map(xmlOf));
  const start = `${__name}${attributes.join("")}`;
  return children.length ? `<${start}>${children.join("")}</${__name}>` : `<${start}/>`;
}
