// @ts-check
/** A page for each group of methods, and one that lists them, made from the declarations and the types. */

import { firstSentence, isList, isOptional, paragraphsOf, signedPart } from "./declarations.mjs";
import { inputType, methodsIn, outputType, ruleOf } from "./types.mjs";

/** @typedef {import("./declarations.mjs").Resource} Resource */
/** @typedef {import("./declarations.mjs").Input} Input */
/** @typedef {import("./declarations.mjs").Output} Output */
/** @typedef {import("./declarations.mjs").Kind} Kind */
/** @typedef {import("./types.mjs").WrittenMethod} WrittenMethod */

/** Where the pages are. */
export const PAGES = "docs/methods";

const NOTE = "<!-- Generated from src/resources and src/loader/index.d.ts by `npm run build`. -->\n";

/** What repeating a call would do, and so what the library does after a failure. @type {Record<string, string>} */
const EFFECTS = {
  read: "changes nothing, so the call is retried after a failure.",
  write: "sets the same again, so the call is retried after a failure.",
  stanza:
    "may send another stanza, so the call is retried only if the first can't have arrived; otherwise the error is `ambiguous`.",
  "traced stanza":
    "may send another stanza. If it is not known whether the first arrived, the roster is asked: it did, and the call succeeds with `reconciled: true`, or the call is retried.",
  session:
    "is counted by the broker, so the call is retried once, signed anew, and only if there was no response.",
  consume:
    "would take away more, so the call is retried only if the first can't have arrived; otherwise the error is `ambiguous`.",
  once: "may be refused, or done twice, so the call is retried only if the first can't have arrived; otherwise the error is `ambiguous`.",
};

/** What a call shows of who calls. @type {Record<string, string>} */
const SHOWS = {
  anonymous: "without the session's token",
  cookie: "with the page's cookie",
  "optional token": "with the session's token, if there is one",
  token: "with the session's token",
};

const INTRODUCTION = `\
# Methods

Every method of the package, a page for each group. They are called as \`AgentAPI.<group>.<method>(…)\`.

- Arguments are positional. \`?\` marks one that may be left out; before others it can be \`undefined\`, \`null\` or
  \`""\`. A method with five or more can also take one object with their names.
- Every method that answers with a promise takes one more argument, \`{ signal, timeoutMs, encoding }\`: see
  [deadlines and retries](../retries.md).
- Every failure is an [\`AgentApiError\`](../errors.md). An argument that breaks a rule is refused with
  \`invalid-argument\`, and nothing is sent.
- A *secret* is never logged, and no error quotes it.
- In XML, what is a single value is an attribute of its element, and a list is an element of its name; the pages say
  where it is otherwise. [The wire protocol](../wire.md) has the rest, and [openapi.json](../openapi.json) is for
  other languages.
`;

/**
 * The pages, with their file names.
 *
 * @param {Resource[]} resources
 * @param {string} types of the package
 * @param {{ name: string, text: string }[]} groups
 * @returns {Map<string, string>}
 */
export function methodPages(resources, types, groups) {
  const declared = resources.filter(({ isExported }) => isExported);
  // Of a method in several forms, the last takes all that it takes.
  const written = methodsIn(types).filter(
    ({ group, name }, index, all) =>
      !declared.some((resource) => resource.group === group && resource.name === name) &&
      all.findLastIndex((method) => method.group === group && method.name === name) === index,
  );
  /** @type {Map<string, string>} */
  const pages = new Map();
  const rows = [];
  for (const { name: group, text } of groups) {
    const byHand = written.filter((method) => method.group === group);
    const own = declared.filter((resource) => resource.group === group);
    const summaries = [
      ...byHand.map(({ name, text }) => ({ name, summary: firstSentence(text) })),
      ...own.map((resource) => ({ name: resource.name, summary: firstSentence(paragraphsOf(resource)[0]) })),
    ];
    const sections = [...byHand.map(writtenSection), ...own.map(declaredSection)];
    const list = summaries.map(({ name, summary }) => row(`[\`${name}\`](#${anchor(name)})`, summary));
    const head = `${NOTE}\n# AgentAPI.${group}\n\n${text} [All groups](README.md)\n`;
    const page = `${head}\n${table(["Method", "What it does"], list)}\n${sections.join("\n")}`;
    pages.set(`${group}.md`, withLinks(page, group, groups));
    const links = summaries.map(({ name }) => `[\`${name}\`](${group}.md#${anchor(name)})`);
    rows.push(row(`[${group}](${group}.md)`, text, links.join(", ")));
  }
  pages.set("README.md", `${NOTE}\n${INTRODUCTION}\n${table(["Group", "What it is for", "Methods"], rows)}`);
  return pages;
}

/** @param {Resource} resource */
function declaredSection(resource) {
  const { group, name, parameters, response, answersBytes, returns, throws, effect, example, source } =
    resource;
  const names = parameters.map(({ parameter }, index) => parameter + leftOut(parameters, index));
  const facts = [
    ...rulesOf(resource).map((rule) => `- ${rule}\n`),
    `- **Repeating it** ${EFFECTS[effect]}\n`,
    throws && `- **Errors:** ${throws}\n`,
    `- **On the wire:** ${onTheWire(resource)}\n`,
    ...resource.signatures.map(
      ({ name, key, parts }) =>
        `- **\`${name}\`** is signed with \`${key}\`: ${parts.map(signedPart).join(", ")}.\n`,
    ),
    `- **Source:** ${source}.\n`,
  ];
  const resolves = answersBytes
    ? "Resolves to `{ Content, ContentType, ETag }`: the bytes, their media type, and their entity tag if there is one.\n"
    : resultOf(response.fields, response.name, returns);
  const rows = parameters.flatMap((input) => inputRows(input, placeOf(resource, input)));
  return [
    `## ${name}\n\n${paragraphsOf(resource).join("\n\n")}\n`,
    fenced(`AgentAPI.${group}.${name}(${names.join(", ")})`, ""),
    rows.length > 0 && table(["Parameter", "Type", "Required", "What it is", "On the wire"], rows),
    resolves,
    facts.filter(Boolean).join(""),
    fenced(example),
  ]
    .filter(Boolean)
    .join("\n");
}

const EMPTY = "Resolves to an empty object.\n";

/**
 * @param {Output[]} fields
 * @param {string} name
 * @param {string} returns
 */
function resultOf(fields, name, returns) {
  if (fields.length === 0) return EMPTY;
  const sentence = `Resolves to \`${name}\`${returns ? `. ${returns}` : ":"}\n`;
  return `${sentence}\n${table(
    ["Property", "Type", "Always there", "What it is"],
    fields.flatMap((field) => outputRows(field)),
  )}`;
}

/** @param {WrittenMethod} method */
function writtenSection({ group, name, text, parameters, result, returns, throws, example }) {
  const names = parameters.filter(({ name }) => name !== "Options");
  const call = names.map(({ name, mayBeLeftOut }) => name + (mayBeLeftOut ? "?" : ""));
  const rows = names.map(({ name, type, mayBeLeftOut, text }) => {
    const [required, ...none] = type.split(/ \| (?=null|undefined)/);
    return row(code(name), code(required), mayBeLeftOut || none.length > 0 ? "" : "yes", text);
  });
  return [
    `## ${name}\n\n${text}\n`,
    fenced(`AgentAPI.${group}.${name}(${call.join(", ")})`, ""),
    rows.length > 0 && table(["Parameter", "Type", "Required", "What it is"], rows),
    writtenResult(result, returns),
    throws && `- **Errors:** ${throws}\n`,
    fenced(example),
  ]
    .filter(Boolean)
    .join("\n");
}

/**
 * @param {string} result its type; empty if that depends on the arguments
 * @param {string} returns
 */
function writtenResult(result, returns) {
  if (result === "void") return "";
  if (result === "Promise<Record<string, never>>") return EMPTY;
  if (!result) return `Returns ${returns}\n`;
  const value = result.replace(/^Promise<(.*)>$/, "$1");
  return `${value === result ? "Returns" : "Resolves to"} ${code(value)}${returns ? `: ${returns}` : "."}\n`;
}

/**
 * @param {Input[]} parameters
 * @param {number} index
 */
const leftOut = (parameters, index) => (parameters.slice(index).every(isOptional) ? "?" : "");

/**
 * @param {Input} input
 * @param {string} place in the request
 * @param {string} [path] of the object that it is in
 * @returns {string[]}
 */
function inputRows(input, place, path = "") {
  const { name, parameter, kind, isSecret, text } = input;
  const label = path ? `${path}.${name}` : parameter;
  const isMap = kind.is === "map";
  const description = [text, ruleOf(kind), isSecret && !kind.fields && "*Secret.*"].filter(Boolean).join(" ");
  const own = row(code(label), code(shortType(kind)), isOptional(input) ? "" : "yes", description, place);
  const inner = isMap ? [] : (kind.fields ?? []);
  const below = kind.is === "objects" ? `${label}[]` : label;
  return [own, ...inner.flatMap((field) => inputRows(field, "", below))];
}

/** The type of an input, whose properties have lines of their own. @param {Kind} kind */
function shortType(kind) {
  switch (kind.is) {
    case "object":
      return "object";
    case "objects":
      return "object[]";
    case "map":
      return `Record<string, ${inputType(/** @type {Input[]} */ (kind.fields)[1].kind)}>`;
    default:
      return inputType(kind).replace(/^readonly /, "");
  }
}

/**
 * Where an input is in the request.
 *
 * @param {Resource} resource
 * @param {Input} input
 */
function placeOf({ request, elements }, { name, place, kind }) {
  switch (place.is) {
    case "header":
      return `header \`${place.name}\``;
    case "path":
      return "the end of the path";
    case "broker":
      return "the host";
    case "signature":
      return "not sent";
    default: {
      const isSent = request.some((input) => input.name === name);
      const within = request.find(({ kind }) => kind.fields?.some((field) => field.name === name));
      const property = code(isSent || !within ? name : `${within.name}.${name}`);
      const inXml = kind.is === "xml" ? "content" : elementsOf(name, kind);
      return elements && inXml ? `${property}, in XML ${inXml}` : property;
    }
  }
}

/**
 * The elements of a list in XML, if it is one.
 *
 * @param {string} name
 * @param {Kind} kind
 */
function elementsOf(name, { entries, areWithin }) {
  if (!entries) return "";
  return areWithin ? `\`${name}/${entries}\`` : `\`${entries}\` each`;
}

/**
 * @param {Output} output
 * @param {string} [path]
 * @returns {string[]}
 */
function outputRows({ name, kind, required, text, known, interface: type }, path = "") {
  const label = path ? `${path}.${name}` : name;
  const shown = kind.is === "objects" ? `${kind.object?.name}[]` : type || outputType(kind, []);
  const format = kind.is === "date-time" ? ": ISO 8601, in UTC." : "";
  const examples = known.length > 0 ? ` Such as ${known.map((text) => code(text || '""')).join(", ")}.` : "";
  const what = text + format + examples;
  const own = row(code(label), code(shown), required || isList({ kind }) ? "yes" : "", what);
  const below = kind.is === "objects" ? `${label}[]` : label;
  return [own, ...(kind.object?.fields ?? []).flatMap((field) => outputRows(field, below))];
}

/** What some parameters require of others. @param {Resource} resource */
function rulesOf({ either, needs, parameters }) {
  const called = (/** @type {string} */ name) =>
    code(parameters.find((input) => input.name === name)?.parameter ?? name);
  return [
    ...either.map((names) => `One of ${names.map(called).join(" and ")} has to be given.`),
    ...needs.map(([one, other]) => `${called(one)} needs ${called(other)}.`),
  ];
}

/** @param {Resource} resource */
function onTheWire({ method, path, access, body, elements, answersBytes, request, showsReferrer }) {
  const tail = request.some(({ place }) => place.is === "path") ? "/…" : "";
  const referrer = showsReferrer ? " and where the program runs (`Referer`)" : "";
  const first = `\`${method} ${path}${tail}\`, ${SHOWS[access]}${referrer}.`;
  if (elements) return `${first} In XML, \`${elements[0]}\` is answered with \`${elements[1]}\`.`;
  const form = body === "form" ? " As a form." : "";
  return `${first}${form}${answersBytes || form ? "" : " In JSON only."}`;
}

/**
 * @param {string} program
 * @param {string} [language]
 */
const fenced = (program, language = "js") => `\`\`\`${language}\n${program}\n\`\`\`\n`;

/** @param {string} text */
const code = (text) => `\`${text}\``;

/** @param {string[]} cells */
const row = (...cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |\n`;

/**
 * @param {string[]} head
 * @param {string[]} rows
 */
const table = (head, rows) => `${row(...head)}|${"---|".repeat(head.length)}\n${rows.join("")}`;

/** The anchor of a heading. @param {string} heading */
const anchor = (heading) => heading.toLowerCase();

/** Where what is no method is documented. @type {Record<string, string>} */
const ELSEWHERE = {
  AgentApiErrorCode: "../errors.md",
  createAgentAPI: "../sessions.md#several-clients",
};

/**
 * Makes links of those in documentation.
 *
 * @param {string} page
 * @param {string} own group
 * @param {{ name: string }[]} groups
 */
const withLinks = (page, own, groups) =>
  page.replaceAll(/\{@link ([\w.]+) ?\}/g, (_, /** @type {string} */ target) => {
    const [group, name] = target.split(".");
    const isMethod = name !== undefined && groups.some((known) => known.name === group);
    const file = group === own ? "" : `${group}.md`;
    const place = isMethod ? `${file}#${anchor(name)}` : ELSEWHERE[target];
    return place ? `[\`${group === own ? name : target}\`](${place})` : code(target);
  });
