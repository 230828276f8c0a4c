// @ts-check
/** The parts of the documents that are made from the declarations and the types. */

import { readFile, writeFile } from "node:fs/promises";
import ts from "typescript-oldest";
import { groupsOf } from "./types.mjs";

/** @typedef {import("./declarations.mjs").Resource} Resource */

/** What stands at the end of such a part of a document. @type {Record<"resources" | "methods", string>} */
const ENDS = { resources: "<!-- end of resources -->", methods: "<!-- end of methods -->" };
const start = (/** @type {keyof typeof ENDS} */ part) => `<!-- ${part}: generated from src/resources -->`;

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
 * @returns {Promise<{ file: URL, text: string, fresh: string }[]>}
 */
export async function documents(resources, types) {
  const parts = /** @type {const} */ ([
    ["docs/wire.md", "resources", tableOfResources(resources)],
    ["README.md", "methods", tableOfMethods(types)],
  ]);
  return Promise.all(
    parts.map(async ([name, part, table]) => {
      const file = new URL(`../${name}`, import.meta.url);
      const text = await readFile(file, "utf8");
      return { file, text, fresh: withPart(text, name, part, table) };
    }),
  );
}

/**
 * Writes the documents anew that have changed.
 *
 * @param {Resource[]} resources
 * @param {string} types
 */
export async function writeDocuments(resources, types) {
  for (const { file, text, fresh } of await documents(resources, types)) {
    if (fresh !== text) await writeFile(file, fresh);
  }
}

/**
 * @param {string} text
 * @param {string} name of the document
 * @param {keyof typeof ENDS} part
 * @param {string} table
 */
function withPart(text, name, part, table) {
  const [before, rest, ...more] = text.split(start(part));
  const [, after] = rest?.split(ENDS[part]) ?? [];
  if (after === undefined || more.length > 0) {
    throw new Error(`${name} has to have one part from "${start(part)}" to "${ENDS[part]}"`);
  }
  return `${before}${start(part)}\n\n${table}\n${ENDS[part]}${after}`;
}

/** @param {Resource[]} resources */
export function tableOfResources(resources) {
  const rows = resources.map((resource) => {
    const { group, name, method, access, effect, request, response, elements } = resource;
    const cells = [
      `\`${group}/${name}\``,
      method,
      SHOWS[access],
      effect === "traced stanza" ? "stanza, traced" : effect,
      fieldNames(request),
      fieldNames(response.fields),
      elements ? `\`${elements[0]}\` → \`${elements[1]}\`` : "–",
    ];
    return `| ${cells.join(" | ")} |\n`;
  });
  const head =
    "| Resource | Method | Shows | Effect | Request | Response | In XML |\n|---|---|---|---|---|---|---|\n";
  return head + rows.join("");
}

/** @param {{ name: string, required: boolean, kind: { is: string } }[]} fields */
function fieldNames(fields) {
  const names = fields.map(({ name, required, kind }) => {
    const isList = ["texts", "objects", "map", "elements"].includes(kind.is);
    return `\`${name}${isList ? "[]" : ""}${required ? "" : "?"}\``;
  });
  return names.join(", ") || "–";
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
  const rows = Array.from(groups, ([group, calls]) => `| \`AgentAPI.${group}\` | ${calls.join(", ")} |\n`);
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
