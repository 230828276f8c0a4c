// @ts-check
/** The declarations of all resources, as `xtask/src/declarations.rs` gives them. */

/**
 * @typedef {object} Kind what an input or output may hold, by its name in Rust
 * @property {string} is
 * @property {string[]} [texts] of "one of"
 * @property {number} [least] of "integer", as is the greatest
 * @property {number} [greatest]
 * @property {number} [default] for a caller who names none
 * @property {Input[]} [fields] of inputs that have properties
 * @property {ObjectType} [object] of outputs that have properties
 * @property {string} [entries] the name of the elements of a list in XML
 * @property {boolean} [areWithin] whether those are in an element of the list's name
 *
 * @typedef {object} Input
 * @property {string} name on the wire
 * @property {string} parameter its documented name
 * @property {"nonce" | "signature" | "tab id" | "credentials" | "element" | null} [derived] what the library
 *   makes it, if the caller does not give it
 * @property {{ is: "body" | "header" | "path" | "broker" | "signature", name?: string }} place where it goes
 * @property {boolean} required
 * @property {boolean} [isSecret] whether it holds, however deep, what must never be shown
 * @property {boolean} [notEmpty] whether it is a list that must hold something
 * @property {Kind} kind
 * @property {string} text what it is
 * @property {string} example an argument as JavaScript; empty for that of its kind
 * @property {unknown} [value] that argument, of the parameters in `resources.json`
 *
 * @typedef {object} Output
 * @property {string} name
 * @property {boolean} required
 * @property {Kind} kind
 * @property {string | null} alias
 * @property {string} text what it is
 * @property {string[]} known texts, if others are to be expected too
 * @property {string} [interface] its type in TypeScript, if that says more than its kind does
 *
 * @typedef {object} ObjectType
 * @property {string} name of its interface
 * @property {string} text what it is
 * @property {Output[]} fields
 *
 * @typedef {object} Signature
 * @property {string} name of the input that it is
 * @property {string} key the input that is its key
 * @property {{ is: string, name?: string }[]} parts what is signed
 *
 * @typedef {object} Resource
 * @property {string} group
 * @property {string} name
 * @property {string} path below the host, without what an input adds to it
 * @property {string} method of HTTP
 * @property {string} access
 * @property {string} effect
 * @property {"nothing" | "object" | "form" | "bytes"} body what kind of body the request has
 * @property {boolean} showsReferrer whether the request says where it comes from
 * @property {boolean} isAlias whether it is another resource by a further name
 * @property {boolean} answersBytes whether its response has any media type
 * @property {boolean} isExported whether it is a method of its own
 * @property {boolean} takesNamed whether the arguments may be one object
 * @property {Input[]} parameters
 * @property {Input[]} request those that are sent
 * @property {Signature[]} signatures
 * @property {[string, string][]} either names of inputs of which one has to be given
 * @property {[string, string][]} needs names of an input and of another, without which it can't be given
 * @property {ObjectType} response
 * @property {[request: string, response: string] | null} elements
 * @property {string[]} text lines of its documentation
 * @property {string} returns
 * @property {string} throws
 * @property {string} example
 * @property {string} source
 * @property {string} parametersAs the parameters as TypeScript, if they come in several orders
 */

/** An argument of each kind, as JavaScript. */
const EXAMPLES = /** @type {Record<string, string>} */ ({
  text: '"text"',
  "non-empty text": '"text"',
  secret: '"secret"',
  password: '"correct horse"',
  "user name": '"alice"',
  address: '"bob@example.org"',
  host: '"neuron.example"',
  language: '"sv"',
  "stanza id": '"id-1"',
  code: '"012345"',
  xml: "\"<nick xmlns='http://jabber.org/protocol/nick'>Al &amp; Å</nick>\"",
  "xml text": "\"<a xmlns='urn:example'/>\"",
  boolean: "true",
  integer: "10",
  decimal: "12.5",
  "date-time": '"2026-11-26T12:00:00Z"',
  base64: '"SGVsbG8="',
  texts: '["text"]',
  json: '{ a: [1, "b", null] }',
  content: "new Uint8Array([104, 105])",
  url: '"/Agent/Storage/Content/alice/note.txt"',
  function: '"Page.OnPayment"',
});

/**
 * An argument that fits, as JavaScript.
 *
 * @param {Input} input
 * @returns {string}
 */
export function exampleOf({ kind, example }) {
  if (example) return example;
  const object = (/** @type {Input[]} */ fields) =>
    `{ ${fields.map((field) => `${field.name}: ${exampleOf(field)}`).join(", ")} }`;
  switch (kind.is) {
    case "one of":
      return JSON.stringify(kind.texts?.[0]);
    case "object":
      return object(kind.fields ?? []);
    case "objects":
      return `[${object(kind.fields ?? [])}]`;
    case "map":
      return `{ NAME: ${exampleOf(/** @type {Input[]} */ (kind.fields)[1])} }`;
    default:
      return EXAMPLES[kind.is] ?? unknownKind(kind);
  }
}

/**
 * The resources with an argument that fits for each parameter, as a value: for programs that evaluate no code.
 *
 * @param {Resource[]} resources
 */
export const withValues = (resources) =>
  resources.map((resource) => ({
    ...resource,
    parameters: resource.parameters.map((input) => ({ ...input, value: argumentOf(input) })),
  }));

/**
 * @param {Input} input
 * @returns {unknown} `undefined` for what JSON can't hold
 */
export const argumentOf = (input) =>
  input.kind.is === "content" ? undefined : Function(`return (${exampleOf(input)})`)();

/**
 * Arguments that fit, as JavaScript: all that there are, and the fewest.
 *
 * @param {Resource} resource
 * @returns {{ all: string[], fewest: string[] }}
 */
export function examplesOf({ parameters, either }) {
  const chosen = either.map(([one]) => one);
  const fewest = parameters.map((input) =>
    isOptional(input) && !chosen.includes(input.name) ? "undefined" : exampleOf(input),
  );
  while (fewest.at(-1) === "undefined") fewest.pop();
  return { all: parameters.map(exampleOf), fewest };
}

/**
 * Whether a caller may leave an input out.
 *
 * @param {Input} input
 */
export function isOptional({ required, notEmpty, kind }) {
  const mayBeEmpty = !notEmpty && ["texts", "objects", "map"].includes(kind.is);
  return !required || kind.default !== undefined || mayBeEmpty;
}

/**
 * Whether an output is a list, which is there even if the broker leaves it out.
 *
 * @param {{ kind: Kind }} output
 */
export const isList = ({ kind }) => ["texts", "objects", "elements"].includes(kind.is);

/**
 * The documentation of a method, a paragraph a text.
 *
 * @param {Resource} resource
 */
export const paragraphsOf = ({ text }) =>
  text
    .map((line) => line.trim())
    .join("\n")
    .split(/\n{2,}/)
    .map((paragraph) => paragraph.replaceAll("\n", " "));

/** @param {string} text */
export const firstSentence = (text) => /^.+?[.](?=\s|$)/.exec(text)?.[0] ?? text;

/**
 * A part of what is signed, for a reader.
 *
 * @param {{ is: string, name?: string }} part
 */
export function signedPart({ is, name }) {
  switch (is) {
    case "session user":
      return "the session's user name";
    case "host":
      return "host";
    case "input":
      return `\`${name}\``;
    case "input if given":
      return `\`${name}?\``;
    case "pairs":
      return `names and values of \`${name}\``;
    default:
      throw new Error(`the part "${is}" of a signature has no form here yet: give it one`);
  }
}

/**
 * @param {Kind} kind
 * @returns {never}
 */
export function unknownKind({ is }) {
  throw new Error(`the kind "${is}" has no form here yet: give it one`);
}
