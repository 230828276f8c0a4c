// @ts-check
/** What the command line knows of the methods: the part of the declarations that it reads arguments and shows help by. */

import { exampleOf, firstSentence, isList, isOptional, paragraphsOf, unknownKind } from "./declarations.mjs";
import { outputType, ruleOf } from "./types.mjs";

/** @typedef {import("./declarations.mjs").Resource} Resource */
/** @typedef {import("./declarations.mjs").Input} Input */
/** @typedef {import("./declarations.mjs").Output} Output */
/** @typedef {import("./declarations.mjs").ObjectType} ObjectType */
/** @typedef {import("./declarations.mjs").Kind} Kind */
/** @typedef {import("../src/cli/catalog.js").Catalog} Catalog */
/** @typedef {import("../src/cli/catalog.js").Reads} Reads */

/**
 * @param {Resource[]} resources
 * @param {{ name: string, text: string }[]} groups
 * @param {string} version of the package
 * @returns {Catalog}
 */
export function catalogOf(resources, groups, version) {
  const methods = resources.filter(({ isExported }) => isExported);
  return {
    version,
    groups: groups
      .map(({ name, text }) => ({
        name,
        text,
        methods: methods.filter(({ group }) => group === name).map(methodOf),
      }))
      .filter(({ methods }) => methods.length > 0),
    objects: Object.fromEntries(
      methods
        .flatMap(({ response }) => objectsIn(response))
        .map(({ name, fields }) => [name, fields.map(property)]),
    ),
  };
}

/** @param {Resource} resource */
function methodOf(resource) {
  const { name, access, effect, answersBytes, parameters, either, needs, response, throws } = resource;
  const called = (/** @type {string} */ input) =>
    parameters.find((parameter) => parameter.name === input)?.parameter ?? input;
  return {
    name,
    text: plain(paragraphsOf(resource)[0]),
    access: /** @type {import("../src/cli/catalog.js").Access} */ (access),
    ...(effect === "session" && { isOfSession: true }),
    ...(answersBytes && { answersBytes }),
    parameters: parameters.map(parameterOf),
    rules: [
      ...either.map((names) => `One of ${names.map(called).join(" and ")} has to be given.`),
      ...needs.map(([one, other]) => `${called(one)} needs ${called(other)}.`),
    ],
    response: response.fields.length > 0 ? response.name : "",
    errors: plain(throws).replace(/^Rejects\b/, "Fails"),
  };
}

/** @param {Input} input */
function parameterOf(input) {
  const { parameter: name, kind, isSecret } = input;
  const isFile = kind.is === "content";
  return {
    name,
    reads: readsOf(kind),
    ...(!isOptional(input) && { required: true }),
    ...(isSecret && { isSecret }),
    ...(kind.texts && { choices: kind.texts }),
    text: textOf(input),
    rule: ruleFor(kind),
    example: isSecret ? "" : isFile ? "note.txt" : wordOf(exampleOf(input)),
    ...(kind.fields && kind.is !== "map" && { properties: kind.fields.map(entryOf) }),
  };
}

/** What it is, without what only a program can give. @param {Input} input */
function textOf({ kind, text }) {
  if (kind.is === "content") return "The file.";
  if (kind.is === "function") return firstSentence(text.replace(/, which .*?\./, "."));
  return plain(text)
    .split(/(?<=\.) /)
    .filter((sentence) => !/`(File|Blob)`/.test(sentence))
    .join(" ");
}

/** A property of an object in an argument. @param {Input} input */
const entryOf = (input) => ({
  name: input.name,
  type: input.kind.is === "json" ? "any" : "string",
  ...(!isOptional(input) && { always: true }),
  text: plain(input.text),
});

/**
 * How the text of an argument becomes its value.
 *
 * @param {Kind} kind
 * @returns {Reads}
 */
function readsOf(kind) {
  switch (kind.is) {
    case "text":
    case "non-empty text":
    case "secret":
    case "password":
    case "user name":
    case "address":
    case "host":
    case "language":
    case "stanza id":
    case "code":
    case "xml":
    case "xml text":
    case "one of":
    case "date-time":
    case "url":
    case "function":
      return "text";
    case "boolean":
      return "boolean";
    case "integer":
    case "decimal":
      return "number";
    case "texts":
    case "object":
    case "objects":
    case "map":
    case "json":
      return "json";
    case "base64":
      return "base64";
    case "content":
      return "file";
    default:
      return unknownKind(kind);
  }
}

/** Where the rule of the types speaks of what only a program has. @param {Kind} kind */
function ruleFor(kind) {
  switch (kind.is) {
    case "texts":
      return "A list of texts.";
    case "objects":
      return "A list of objects.";
    case "map":
      return "An object: names and values.";
    case "date-time":
      return "ISO 8601 with a time zone.";
    case "function":
      return "The dotted name of a function in the page.";
    default:
      return ruleOf(kind);
  }
}

/** An example in JavaScript as a word of a command line. @param {string} example */
function wordOf(example) {
  const value = Function(`return (${example})`)();
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Without links, which only an editor follows. @param {string} text */
const plain = (text) =>
  text
    .replaceAll(/any of \{@link AgentApiErrorCode ?\}/g, "any other")
    .replaceAll(/\{@link ([\w.]+) ?\}/g, "$1");

/**
 * The objects of a response that have names, those within others included.
 *
 * @param {ObjectType} object
 * @returns {ObjectType[]}
 */
const objectsIn = (object) => [
  ...(object.name && object.fields.length > 0 ? [object] : []),
  ...object.fields.flatMap(({ kind }) => (kind.object ? objectsIn(kind.object) : [])),
];

/** @param {Output} output */
function property({ name, kind, required, text, known, interface: type }) {
  const format = kind.is === "date-time" ? ": ISO 8601, in UTC." : "";
  const examples = known.length > 0 ? ` Such as ${known.map((value) => value || '""').join(", ")}.` : "";
  return {
    name,
    type: kind.is === "objects" ? `${kind.object?.name}[]` : type || outputType(kind, []),
    ...((required || isList({ kind })) && { always: true }),
    text: plain(text + format + examples),
  };
}
