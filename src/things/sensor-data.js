// @ts-check
/** Reads sensor data: the element `resp`, in which each node has timestamps, and each of those has fields. */

import { children } from "../loader/value.js";
import { failure } from "./failure.js";
import { readValue } from "./values.js";
import { childNamesOf, isTrue, textOf } from "./xml.js";

/** @typedef {import("./index.d.ts").SensorData} SensorData */
/** @typedef {import("./index.d.ts").SensorField} SensorField */
/** @typedef {import("./index.d.ts").NodeReference} NodeReference */

/**
 * The element of each type of field: the name of the type, and how its value is written. Those without a
 * second name are texts.
 *
 * @type {Record<string, [type: string, written: string, problem: string]>}
 */
const TYPES = {
  b: ["boolean", "boolean", "neither true nor false"],
  d: ["date", "string", ""],
  dt: ["dateTime", "string", ""],
  dr: ["duration", "string", ""],
  e: ["enumeration", "string", ""],
  i: ["int", "int", "not a whole number of 32 bits"],
  l: ["long", "long", "not a whole number"],
  q: ["quantity", "double", "not a number"],
  s: ["string", "string", ""],
  t: ["time", "string", ""],
};

/** @type {Record<string, import("./index.d.ts").FieldCategory>} */
const CATEGORIES = {
  m: "momentary",
  p: "peak",
  s: "status",
  c: "computed",
  i: "identity",
  h: "historical",
};

/** @type {Record<string, import("./index.d.ts").FieldQuality>} */
const QUALITIES = {
  ms: "missing",
  pr: "in progress",
  ae: "automatic estimate",
  me: "manual estimate",
  mr: "manual readout",
  ar: "automatic readout",
  of: "time offset",
  w: "warning",
  er: "error",
  so: "signed",
  iv: "invoiced",
  eos: "end of series",
  pf: "power failure",
  ic: "invoice confirmed",
};

/** @param {import("neuron-agent-api").XmlElement} element */
export function parseSensorData(element) {
  if (textOf(element, "__name") !== "resp") {
    const rule = "Element must be the element resp of a message.";
    throw failure("parseSensorData", "invalid-argument", rule, { parameter: "Element" });
  }
  const id = textOf(element, "id") ?? "";
  return { id, more: isTrue(textOf(element, "more")), ...readSensorData(element) };
}

/**
 * @param {object} resp
 * @returns {SensorData}
 */
export function readSensorData(resp) {
  /** @type {SensorData} */
  const data = { Fields: [], Errors: [] };
  readTimestamps(data, resp);
  for (const node of children(resp, "nd")) readTimestamps(data, node, referenceOf(node));
  return data;
}

/**
 * @param {SensorData} data
 * @param {object} parent
 * @param {NodeReference} [node]
 */
function readTimestamps({ Fields, Errors }, parent, node) {
  for (const element of children(parent, "ts")) {
    const timestamp = textOf(element, "v") ?? "";
    const common = node ? { timestamp, node } : { timestamp };
    for (const name of childNamesOf(element)) {
      for (const child of children(element, name)) {
        if (name === "err") Errors.push({ text: textOf(child, "value") ?? "", ...common });
        else Fields.push(fieldOf(name, child, common));
      }
    }
  }
}

/** @param {object} node @returns {NodeReference} */
export function referenceOf(node) {
  const [id = "", src, pt] = ["id", "src", "pt"].map((name) => textOf(node, name));
  return { id, ...(src && { src }), ...(pt && { pt }) };
}

/**
 * @param {string} element its name
 * @param {object} field
 * @param {{ timestamp: string, node?: NodeReference }} common
 * @returns {SensorField}
 */
function fieldOf(element, field, common) {
  const text = textOf(field, "v") ?? "";
  const properties = {
    name: textOf(field, "n") ?? "",
    text,
    ...common,
    categories: flagsOf(field, CATEGORIES),
    quality: flagsOf(field, QUALITIES),
    isControllable: isTrue(textOf(field, "ctr")),
  };
  const unknown = (/** @type {string} */ problem) => ({
    type: /** @type {const} */ ("unknown"),
    value: text,
    problem,
    ...properties,
  });
  if (!Object.hasOwn(TYPES, element)) return unknown(`the type ${element} is not known`);
  if (textOf(field, "v") === undefined) return unknown("there is no value");
  const [type, written, problem] = TYPES[element];
  const value = readValue(written, text);
  if (value === undefined) return unknown(problem);
  const unit = type === "quantity" ? { unit: textOf(field, "u") ?? "" } : {};
  const enumeration = type === "enumeration" ? { enumeration: textOf(field, "t") ?? "" } : {};
  return /** @type {SensorField} */ ({ type, value, ...unit, ...enumeration, ...properties });
}

/**
 * The words for the attributes that are true.
 *
 * @template {string} Word
 * @param {object} field
 * @param {Record<string, Word>} words
 */
const flagsOf = (field, words) =>
  Object.entries(words).flatMap(([name, word]) => (isTrue(textOf(field, name)) ? [word] : []));
