// @ts-check
/** The documents, and parts of them, that are made from the declarations, the types and the files of the package. */

import { mkdir, readFile, writeFile } from "node:fs/promises";
import ts from "typescript-oldest";
import { signedPart } from "./declarations.mjs";
import { hashes, withHashes } from "./integrity.mjs";
import { methodPages, PAGES } from "./method-pages.mjs";
import { openapi } from "./openapi.mjs";
import { describedGroupsOf, groupsOf } from "./types.mjs";

/** @typedef {import("./declarations.mjs").Resource} Resource */

/** @typedef {import("./declarations.mjs").Input} Input */
/** @typedef {import("./declarations.mjs").Output} Output */

/** What stands before and after such a part of a document. */
const start = (/** @type {string} */ part) => `<!-- ${part}: generated from src/resources -->`;
const end = (/** @type {string} */ part) => `<!-- end of ${part} -->`;

const SHOWS = /** @type {Record<string, string>} */ ({
  anonymous: "nothing",
  cookie: "a cookie",
  "optional token": "a token, if any",
  token: "a token",
});

/**
 * The documents as they are and as they have to be.
 *
 * @param {Resource[]} resources
 * @param {string} types of the package
 * @param {string} directory of the package
 * @returns {Promise<{ file: URL, text: string, expectedText: string }[]>}
 */
export async function documents(resources, types, directory) {
  const hashesOfFiles = await hashes(directory);
  const { version } = JSON.parse(await readFile(documentUrl("package.json"), "utf8"));
  const tables = {
    resources: tableOfResources(resources),
    objects: tableOfObjects(resources),
    signatures: tableOfSignatures(resources),
  };
  const changes = /** @type {[name: string, change: (text: string) => string][]} */ ([
    [
      "docs/wire.md",
      (text) =>
        Object.entries(tables).reduce(
          (all, [part, table]) => withPart(all, "docs/wire.md", part, table),
          text,
        ),
    ],
    ["README.md", (text) => withPart(text, "README.md", "methods", tableOfMethods(types))],
    ["docs/loading.md", (text) => withHashes(text, hashesOfFiles, version)],
    // What nobody has written by hand.
    ...Object.entries(wholeDocuments(resources, types, version)).map(([name, text]) => [name, () => text]),
  ]);
  return Promise.all(
    changes.map(async ([name, change]) => {
      const file = documentUrl(name);
      const text = await readFile(file, "utf8").catch(() => "");
      return { file, text, expectedText: change(text) };
    }),
  );
}

/**
 * The documents that are made as a whole, by their names.
 *
 * @param {Resource[]} resources
 * @param {string} types
 * @param {string} version
 */
export function wholeDocuments(resources, types, version) {
  const groups = describedGroupsOf(types);
  const pages = Array.from(methodPages(resources, types, groups), ([name, page]) => [
    `${PAGES}/${name}`,
    page,
  ]);
  const description = JSON.stringify(openapi(resources, groups, version), null, 1);
  return { ...Object.fromEntries(pages), "docs/openapi.json": `${description}\n` };
}

/** @param {string} name of a file of the repository */
const documentUrl = (name) => new URL(`../${name}`, import.meta.url);

/**
 * Writes the documents anew that have changed.
 *
 * @param {Resource[]} resources
 * @param {string} types
 * @param {string} directory of the package
 */
export async function writeDocuments(resources, types, directory) {
  await mkdir(documentUrl(PAGES), { recursive: true });
  for (const { file, text, expectedText } of await documents(resources, types, directory)) {
    if (expectedText !== text) await writeFile(file, expectedText);
  }
}

/**
 * @param {string} text
 * @param {string} name of the document
 * @param {string} part
 * @param {string} table
 */
function withPart(text, name, part, table) {
  const [before, rest, ...more] = text.split(start(part));
  const [, after] = rest?.split(end(part)) ?? [];
  if (after === undefined || more.length > 0) {
    throw new Error(`${name} has to have one part from "${start(part)}" to "${end(part)}"`);
  }
  return `${before}${start(part)}\n\n${table}\n${end(part)}${after}`;
}

/** @param {Resource[]} resources */
export function tableOfResources(resources) {
  const rows = resources.map((resource) => {
    const { group, name, method, access, effect, request, response, elements, answersBytes } = resource;
    const place = resource.path.replace("/Agent/", "");
    const cells = [
      place === `${group}/${name}` ? `\`${place}\`` : `\`${place}\` (\`${group}.${name}\`)`,
      method,
      SHOWS[access],
      effect === "traced stanza" ? "stanza, traced" : effect,
      request.map(inRequest).join(", ") || "–",
      answersBytes ? "the content" : fieldNames(response.fields),
      elements ? `\`${elements[0]}\` → \`${elements[1]}\`` : "–",
    ];
    return `| ${cells.join(" | ")} |\n`;
  });
  const head =
    "| Resource | Method | Shows | Effect | Request | Response | In XML |\n|---|---|---|---|---|---|---|\n";
  return head + rows.join("");
}

/**
 * What a request holds, and where if that is not the body.
 *
 * @param {Input} input
 */
function inRequest(input) {
  const { place, required } = input;
  switch (place.is) {
    case "header":
      return `header \`${place.name}${required ? "" : "?"}\``;
    case "path":
      return `path \`${input.name}\``;
    case "broker":
      return `host \`${input.name}\``;
    default:
      return fieldName(input);
  }
}

/** @param {(Input | Output)[]} fields */
function fieldNames(fields) {
  return fields.map(fieldName).join(", ") || "–";
}

/** @param {Input | Output} field */
const fieldName = (field) => `\`${nameOf(field)}${field.required ? "" : "?"}\``;

/** @param {Input | Output} field */
function nameOf({ name, kind }) {
  const isList = ["texts", "objects", "map", "elements"].includes(kind.is);
  return `${name}${isList ? "[]" : ""}`;
}

/**
 * The properties that have properties of their own, each once.
 *
 * @param {Resource[]} resources
 */
export function tableOfObjects(resources) {
  const rows = new Set(
    resources.flatMap(({ request, response }) => rowsOf([...request, ...response.fields])),
  );
  return `| Property | What it holds | In XML |\n|---|---|---|\n${[...rows].join("")}`;
}

/**
 * @param {(Input | Output)[]} fields
 * @returns {string[]}
 */
function rowsOf(fields) {
  return fields.flatMap((field) => {
    const { name, kind } = field;
    const inner = kind.fields ?? kind.object?.fields;
    if (!inner) return [];
    const elements = [kind.entries && !kind.areWithin ? [] : name, kind.entries ?? []].flat();
    return [
      `| \`${nameOf(field)}\` | ${fieldNames(inner)} | \`${elements.join("/")}\` |\n`,
      ...rowsOf(inner),
    ];
  });
}

/** @param {Resource[]} resources */
export function tableOfSignatures(resources) {
  const rows = resources.flatMap(({ group, name, signatures }) =>
    signatures.map((signature) => {
      const parts = signature.parts.map(signedPart).join(", ");
      return `| \`${group}/${name}\` | \`${signature.name}\` | ${parts} | \`${signature.key}\` |\n`;
    }),
  );
  return `| Resource | Signature | Parts | Key |\n|---|---|---|---|\n${rows.join("")}`;
}

/**
 * The groups that hold resources, then `IO`, each with its methods.
 *
 * @param {string} types
 */
export function tableOfMethods(types) {
  const names = groupsOf(types).toSorted((one, other) => Number(one === "IO") - Number(other === "IO"));
  const groups = new Map(names.map((name) => [name, /** @type {string[]} */ ([])]));
  for (const statement of ts.createSourceFile("index.d.ts", types, ts.ScriptTarget.Latest).statements) {
    if (!ts.isInterfaceDeclaration(statement)) continue;
    groups.get(statement.name.text)?.push(...statement.members.filter(ts.isMethodSignature).map(call));
  }
  // A method may be declared in several forms.
  const rows = Array.from(
    groups,
    ([group, calls]) => `| \`AgentAPI.${group}\` | ${[...new Set(calls)].join(", ")} |\n`,
  );
  return `| | |\n|---|---|\n${rows.join("")}| beside it | \`createAgentAPI(…)\`, which makes another client, and \`AgentApiError\`, with \`is(…)\` and \`fromJSON(…)\` |\n`;
}

/** @param {import("typescript-oldest").MethodSignature} method */
function call({ name, parameters }) {
  const names = parameters.map(
    (parameter) => /** @type {{ text: string }} */ (/** @type {unknown} */ (parameter.name)).text,
  );
  const hasParameters = names.some((parameter) => parameter !== "Options");
  return `\`${/** @type {{ text: string }} */ (/** @type {unknown} */ (name)).text}(${hasParameters ? "…" : ""})\``;
}
