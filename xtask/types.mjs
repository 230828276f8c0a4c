// @ts-check
/** Makes the types of the library's methods from their declarations. */

import ts from "typescript-oldest";
import { isList, isOptional, unknownKind } from "./declarations.mjs";

/** @typedef {import("./declarations.mjs").Resource} Resource */
/** @typedef {import("./declarations.mjs").ObjectType} ObjectType */
/** @typedef {import("./declarations.mjs").Input} Input */
/** @typedef {import("./declarations.mjs").Output} Output */
/** @typedef {import("./declarations.mjs").Kind} Kind */

/** The width of a line of documentation. */
const WIDTH = 100;

/** What a method resolves to whose response is bytes. */
const BYTES = "{ Content: Uint8Array & { buffer: ArrayBuffer }; ContentType?: string; ETag?: string }";

/** What is sent as the body itself. */
const CONTENT_OR_STREAM = 'FileContent | InstanceOf<"ReadableStream">';

const OPTIONS = "Options?: CallOptions | null";

const REJECTS = "Rejects; see {@link AgentApiErrorCode}.";

/** Where the types are that are written by hand. */
const WRITTEN = "src/loader/index.d.ts";

/**
 * The types of the package: those that are written by hand, and those of the declarations.
 *
 * @param {string} written
 * @param {Resource[]} resources
 */
export function withTypesOf(written, resources) {
  const exported = resources.filter(({ isExported }) => isExported);
  const groups = new Set(exported.map(({ group }) => group));
  const members = groupsOf(written);
  for (const group of groups) {
    if (members.includes(group)) continue;
    throw new Error(
      `src/resources declares the group ${group}, which the interface AgentAPI lacks; add to it in ${WRITTEN}:\n  /** What the group is for. */\n  readonly ${group}: Readonly<${group}>;`,
    );
  }
  const taken = [...namesIn(written), ...groups];
  for (const { object } of objectsOf(exported)) {
    if (!taken.includes(object.name)) continue;
    throw new Error(
      `src/resources names an object ${object.name}, and so is a group or a type in ${WRITTEN}; choose another name`,
    );
  }
  return `${written}\n${typesOf(resources)}`;
}

/**
 * The groups that the interface `AgentAPI` has, in its order.
 *
 * @param {string} types
 */
export function groupsOf(types) {
  return groupMembersOf(types).map(nameOf);
}

/** @param {string} types */
function groupMembersOf(types) {
  const [api] = statementsOf(types).filter(
    /** @returns {statement is ts.InterfaceDeclaration} */
    (statement) => ts.isInterfaceDeclaration(statement) && statement.name.text === "AgentAPI",
  );
  return [...(api?.members ?? [])];
}

/**
 * The groups that the interface `AgentAPI` has, in its order, each with what it is for.
 *
 * @param {string} types
 * @returns {{ name: string, text: string }[]}
 */
export function describedGroupsOf(types) {
  return groupMembersOf(types).map((member) => ({ name: nameOf(member), text: documentOf(member).text }));
}

/**
 * A method as the types have it.
 *
 * @typedef {object} WrittenMethod
 * @property {string} group
 * @property {string} name
 * @property {string} text what it does
 * @property {{ name: string, type: string, mayBeLeftOut: boolean, text: string }[]} parameters
 * @property {string} result its type; empty if that depends on the arguments
 * @property {string} returns what comes back, if there is more to say than its type does
 * @property {string} throws
 * @property {string} example
 */

/**
 * The methods of all groups, in their order.
 *
 * @param {string} types
 * @returns {WrittenMethod[]}
 */
export function methodsIn(types) {
  const groups = groupsOf(types);
  return statementsOf(types).flatMap((statement) => {
    if (!ts.isInterfaceDeclaration(statement) || !groups.includes(statement.name.text)) return [];
    return statement.members.filter(ts.isMethodSignature).map((method) => {
      const { text, tags } = documentOf(method);
      // A page has no room to explain them.
      const constraints = new Map(
        method.typeParameters?.map(({ name, constraint }) => [name.text, spaced(constraint)]),
      );
      const written = (/** @type {ts.TypeNode | undefined} */ type) =>
        spaced(type).replaceAll(/\w+/g, (word) => constraints.get(word) ?? word);
      const parameters = method.parameters.map((parameter) => {
        const name = parameter.name.getText();
        const mayBeLeftOut = parameter.questionToken !== undefined;
        return { name, type: written(parameter.type), mayBeLeftOut, text: tags.get(`param ${name}`) ?? "" };
      });
      const [returns, throws, example] = ["returns", "throws", "example"].map((tag) => tags.get(tag) ?? "");
      const result = constraints.size > 0 ? "" : spaced(method.type);
      return {
        group: statement.name.text,
        name: nameOf(method),
        text,
        parameters,
        result,
        returns,
        throws,
        example,
      };
    });
  });
}

/** @param {ts.TypeElement} member */
const nameOf = ({ name }) => name?.getText() ?? "";

/** A type in one line. @param {ts.TypeNode | undefined} type */
const spaced = (type) => (type?.getText() ?? "").replaceAll(/\s+/g, " ");

/**
 * What a comment says: its text, and that of its tags, by their names and those of parameters.
 *
 * @param {ts.Node} node
 * @returns {{ text: string, tags: Map<string, string> }}
 */
function documentOf(node) {
  const { jsDoc } = /** @type {{ jsDoc?: ts.JSDoc[] }} */ (/** @type {unknown} */ (node));
  const comment = jsDoc?.at(-1);
  const tags = (comment?.tags ?? []).map((tag) => {
    const name = ts.isJSDocParameterTag(tag) ? `param ${tag.name.getText()}` : tag.tagName.text;
    const text = ts.getTextOfJSDocComment(tag.comment) ?? "";
    // The code of an example keeps its lines.
    return /** @type {const} */ ([name, name === "example" ? text : withoutLines(text)]);
  });
  return { text: withoutLines(ts.getTextOfJSDocComment(comment?.comment) ?? ""), tags: new Map(tags) };
}

/** Paragraphs in a line each. @param {string} text */
const withoutLines = (text) => text.replaceAll(/(?<!\n)[^\S\n]*\n[^\S\n]*(?!\n)/g, " ");

/** @param {string} types */
function namesIn(types) {
  return statementsOf(types).flatMap((statement) => {
    const { name } = /** @type {{ name?: ts.Identifier }} */ (/** @type {unknown} */ (statement));
    return name ? [name.text] : [];
  });
}

/** @param {string} types */
function statementsOf(types) {
  return [...ts.createSourceFile("index.d.ts", types, ts.ScriptTarget.Latest, true).statements];
}

/**
 * The interfaces of the groups and of what their methods resolve to.
 *
 * @param {Resource[]} resources
 */
export function typesOf(resources) {
  const methods = resources.filter(({ isExported }) => isExported);
  const groups = [...new Set(methods.map(({ group }) => group))].map((group) => {
    const members = methods.filter((method) => method.group === group).map(methodOf);
    return `export interface ${group} {\n${members.join("\n")}}\n`;
  });
  return [...objectsOf(methods).map(interfaceOf), ...groups].join("\n");
}

/**
 * An object, the methods that resolve to it, and whether it is only ever an entry of a list.
 *
 * @typedef {{ object: ObjectType, methods: Resource[], isOnlyEntry: boolean }} Named
 */

/** @param {Resource[]} methods */
function objectsOf(methods) {
  /** @type {Map<string, Named>} */
  const objects = new Map();
  const add = (/** @type {ObjectType} */ object, isEntry = false) => {
    if (!object.name) return undefined;
    const named = objects.get(object.name) ?? { object, methods: [], isOnlyEntry: true };
    if (JSON.stringify(named.object) !== JSON.stringify(object)) {
      throw new Error(
        `src/resources has two different objects of the name ${object.name}; rename one, or use one for both`,
      );
    }
    objects.set(object.name, named);
    named.isOnlyEntry &&= isEntry;
    for (const { kind } of object.fields) if (kind.object) add(kind.object, kind.is === "objects");
    return named;
  };
  for (const method of methods) add(method.response)?.methods.push(method);
  return [...objects.values()];
}

/** @param {Named} named */
function interfaceOf({ object, methods, isOnlyEntry }) {
  const links = methods.map(({ group, name }) => `{@link ${group}.${name}}`);
  const source = links.length > 0 ? [`The response of ${listed(links)}.`] : [];
  const isReconciled = methods.some(({ effect }) => effect === "traced stanza");
  const properties = object.fields.map(propertyOf);
  if (isReconciled) properties.push(RECONCILED);
  const base = isOnlyEntry ? " extends ListEntry" : "";
  return `${comment([object.text, ...source], "")}export interface ${object.name}${base} {\n${properties.join("")}}\n`;
}

const RECONCILED = `${comment(
  [
    "Set if the response was lost and the roster shows that the stanza arrived. The `id` is the caller's then, or empty. With {@link Xmpp.SendPresenceSubscription}, {@link Xmpp.SendPresenceUnsubscription} and {@link Xmpp.SendSubscriptionAccepted} only.",
  ],
  "  ",
)}  reconciled?: true;\n`;

/** @param {Output} output */
function propertyOf({ name, required, kind, text, known, interface: type }) {
  const alwaysThere = required || isList({ kind });
  const line = kind.is === "date-time" ? `${text}: ISO 8601, in UTC.` : text;
  return `${comment([line], "  ")}  ${name}${alwaysThere ? "" : "?"}: ${type || outputType(kind, known)};\n`;
}

/**
 * @param {Kind} kind
 * @param {string[]} known
 * @returns {string}
 */
export function outputType(kind, known) {
  switch (kind.is) {
    case "text":
    case "non-empty text":
      // With the known texts an editor completes, and any other one is taken.
      return known.length > 0
        ? `${known.map((text) => JSON.stringify(text)).join(" | ")} | (string & {})`
        : "string";
    case "token":
    case "date-time":
      return "string";
    case "boolean":
      return "boolean";
    case "integer":
    case "decimal":
      return "number";
    case "texts":
      return "string[]";
    case "object":
      return kind.object?.name ?? unknownKind(kind);
    case "objects":
      return `(${kind.object?.name} & ListEntry)[]`;
    case "element":
      return "XmlElement";
    case "elements":
      return "XmlElement[]";
    case "json":
      return "unknown";
    default:
      return unknownKind(kind);
  }
}

/** @param {Resource} method */
function methodOf(method) {
  const { name, parameters, response, parametersAs, answersBytes } = method;
  const types = parametersAs ? [parametersAs] : parameterTypes(method);
  const object = response.fields.length > 0 ? response.name : "Record<string, never>";
  const result = answersBytes ? BYTES : object;
  const positional = `${documentation(method)}${signatureOf(name, types, result)}`;
  if (!method.takesNamed) return positional;
  // First, because TypeScript infers from the last of several, and tells of its errors. An editor shows the first.
  const named = signatureOf(name, [`Parameters: ${namedParameters(parameters)}`, OPTIONS], result);
  const places = [...parameters.map(({ parameter }) => parameter), "Options"].join(", ");
  const order = [`The arguments by their names; or in their order: \`${name}(${places})\`.`, ""];
  return `${comment([...textOf(method), ...order, ...consequencesOf(method)], "  ")}${named}${positional}`;
}

/**
 * @param {string} name
 * @param {string[]} parameters
 * @param {string} result
 */
function signatureOf(name, parameters, result) {
  const inOneLine = `  ${name}(${parameters.join(", ")}): Promise<${result}>;\n`;
  if (inOneLine.length <= WIDTH && !inOneLine.slice(0, -1).includes("\n")) return inOneLine;
  const lines = parameters.map((parameter) => `    ${parameter},\n`);
  return `  ${name}(\n${lines.join("")}  ): Promise<${result}>;\n`;
}

/** @param {Input[]} parameters */
function namedParameters(parameters) {
  const properties = parameters.map((input) => {
    const type = inputType(input.kind);
    const property = isOptional(input)
      ? `${input.parameter}?: ${type} | null`
      : `${input.parameter}: ${type}`;
    return `${comment([describe(input)], "      ")}      ${property};\n`;
  });
  return `{\n${properties.join("")}    }`;
}

/** @param {Resource} method */
function parameterTypes({ parameters, body }) {
  let isLeftOut = true;
  const types = [OPTIONS];
  for (const input of parameters.toReversed()) {
    // A form is made of what is there, all at once.
    const type = body === "bytes" && input.kind.is === "content" ? CONTENT_OR_STREAM : inputType(input.kind);
    isLeftOut &&= isOptional(input);
    if (isLeftOut) types.unshift(`${input.parameter}?: ${type} | null`);
    else if (isOptional(input)) types.unshift(`${input.parameter}: ${type} | null | undefined`);
    else types.unshift(`${input.parameter}: ${type}`);
  }
  return types;
}

/**
 * @param {Kind} kind
 * @returns {string}
 */
export function inputType(kind) {
  const object = () => {
    const properties = (kind.fields ?? []).map(
      (field) =>
        `${field.name}${isOptional(field) ? "?" : ""}: ${inputType(field.kind)}${isOptional(field) ? " | null" : ""}`,
    );
    return `{ ${properties.join("; ")} }`;
  };
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
    case "xml":
    case "xml text":
    case "base64":
    case "url":
      return "string";
    case "one of":
      return (kind.texts ?? []).map((text) => JSON.stringify(text)).join(" | ");
    case "code":
      return "string | number";
    case "boolean":
      return "boolean";
    case "integer":
    case "decimal":
      return "number";
    case "date-time":
      return "string | Date";
    case "texts":
      return "readonly string[]";
    case "object":
      return object();
    case "objects":
      return `readonly ${object()}[]`;
    case "map": {
      const value = inputType(/** @type {Input[]} */ (kind.fields)[1].kind);
      return `Readonly<Record<string, ${value}>> | ReadonlyMap<string, ${value}> | readonly (readonly [name: string, value: ${value}])[]`;
    }
    case "json":
      return "unknown";
    case "content":
      return "FileContent";
    case "function":
      return "string | ((event: Record<string, unknown>) => void)";
    default:
      return unknownKind(kind);
  }
}

/** @param {Resource} method */
function documentation(method) {
  const { parameters, parametersAs, example } = method;
  const described = parameters.flatMap((input) =>
    parametersAs
      ? [`\`${input.parameter}\`: ${describe(input)}`, ""]
      : `@param ${input.parameter} ${describe(input)}`,
  );
  const options = parametersAs ? [] : ["@param Options Signal, deadline and encoding of this call."];
  return comment([...textOf(method), ...described, ...options, ...consequencesOf(method)], "  ", example);
}

/** @param {Resource} method */
const textOf = ({ text }) => [...text.map((line) => line.trim()), ""];

/**
 * What comes of a call, and where its rules come from.
 *
 * @param {Resource} method
 */
const consequencesOf = ({ returns, throws, source }) => [
  ...(returns ? [`@returns ${returns}`] : []),
  `@throws {AgentApiError} ${throws || REJECTS}`,
  `@see ${source}`,
];

/** @param {Input} input */
function describe({ kind, required, text }) {
  const rule = ruleOf(kind);
  const isText = !["integer", "decimal", "boolean"].includes(kind.is);
  const isLeftOut = !required && isText && '`undefined`, `null` and `""` mean none.';
  return [text, rule, isLeftOut].filter(Boolean).join(" ");
}

/**
 * The rule that an argument of a kind is held to, as a sentence; empty if its type says it all.
 *
 * @param {Kind} kind
 * @returns {string}
 */
export function ruleOf(kind) {
  switch (kind.is) {
    case "address":
      return "A bare or full JID (RFC 7622), such as `bob@example.org`.";
    case "host":
      return "A host name with an optional port.";
    case "language":
      return "An ISO 639-1 code or a BCP 47 tag, such as `sv`.";
    case "stanza id":
      return "Visible characters, at most 1023 bytes.";
    case "xml":
    case "xml text":
      return "Well-formed element content (any number of elements, text, comments, CDATA; no DOCTYPE, no processing instruction), at most 1 MiB of UTF-8, nested at most 64 deep.";
    case "integer": {
      const range = `A whole number from ${kind.least} to ${kind.greatest}.`;
      return kind.default === undefined ? range : `${range} Default: ${kind.default}.`;
    }
    case "decimal":
      return "A number that is written without an exponent.";
    case "date-time":
      return "ISO 8601 with a time zone, or a `Date`.";
    case "base64":
      return "Base64 with padding.";
    case "map":
      return "An object, a `Map` or a list of pairs; the latter two keep names that look like numbers in their place.";
    default:
      return "";
  }
}

/** @param {string[]} items */
const listed = (items) =>
  items.length < 2 ? items.join() : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;

/**
 * A documentation comment. Paragraphs are filled up to the width; an empty line ends one.
 *
 * @param {string[]} lines
 * @param {string} indentation
 * @param {string} [example]
 */
function comment(lines, indentation, example) {
  const filled = paragraphs(lines).flatMap((line) => fill(line, WIDTH - indentation.length - 3));
  if (example) filled.push("@example", ...example.split("\n"));
  if (filled.length === 1 && filled[0].length + indentation.length + 7 <= WIDTH) {
    return `${indentation}/** ${filled[0]} */\n`;
  }
  const body = filled.map((line) => `${indentation} *${line && ` ${line}`}\n`).join("");
  return `${indentation}/**\n${body}${indentation} */\n`;
}

/**
 * Lines that belong together, as one.
 *
 * @param {string[]} lines
 */
function paragraphs(lines) {
  /** @type {string[]} */
  const result = [];
  let isOpen = false;
  for (const line of lines) {
    if (isOpen && line && !line.startsWith("@")) result[result.length - 1] += ` ${line}`;
    else result.push(line);
    isOpen = line !== "";
  }
  return result.filter((line, index) => line || (index > 0 && result[index - 1]));
}

/**
 * @param {string} text
 * @param {number} width
 */
function fill(text, width) {
  /** @type {string[]} */
  const lines = [];
  let line = "";
  for (const word of text.match(/\{@link [^}]*\}\S*|\S+/g) ?? []) {
    if (line && line.length + 1 + word.length > width) {
      lines.push(line);
      line = text.startsWith("@") ? `  ${word}` : word;
    } else {
      line += line ? ` ${word}` : word;
    }
  }
  return [...lines, line];
}
