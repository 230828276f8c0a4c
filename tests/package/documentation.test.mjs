// @ts-check
/** The documentation that stands beside the declarations: in the types and the tables, not in the module. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { examplesOf } from "../../xtask/declarations.mjs";
import { tableOfResources } from "../../xtask/documents.mjs";
import { ruleOf, typesOf } from "../../xtask/types.mjs";

/** @typedef {import("../../xtask/declarations.mjs").Resource} Resource */
/** @typedef {import("../../xtask/declarations.mjs").Input} Input */

/** @type {Resource[]} */
const RESOURCES = JSON.parse(await readFile("pkg/resources.json", "utf8"));

/**
 * Every sentence of the documentation, however deep.
 *
 * @param {unknown} value
 * @returns {string[]}
 */
function sentencesIn(value) {
  if (typeof value !== "object" || !value) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (typeof inner !== "string") {
      const lines = key === "text" && Array.isArray(inner) ? inner : [];
      return [...lines, ...sentencesIn(inner)];
    }
    return ["text", "returns", "throws", "example", "source"].includes(key) ? [inner] : [];
  });
}

test("no byte of it is in the module", async () => {
  const module = await readFile("pkg/agentapi.wasm", "latin1");
  assert.ok(module.includes("customXml"), "texts of the module are found like this");
  // Short ones, such as "b@x", may occur by themselves.
  const sentences = sentencesIn(RESOURCES).filter((text) => text.length >= 12);
  assert.ok(sentences.length > 200, `${sentences.length} sentences`);
  // The parts of a text, because an escaped one would differ.
  const found = sentences.filter((text) => {
    const parts = text.match(/[\w ,.]{12,}/g) ?? [];
    return parts.length > 0 && parts.every((part) => module.includes(part));
  });
  assert.deepEqual(found, []);
});

test("every resource, parameter and property has some, and a source", () => {
  for (const resource of RESOURCES.filter(({ isExported }) => isExported)) {
    const { group, name, text, example, source, parameters, response } = resource;
    const place = `${group}.${name}`;
    assert.ok(text.length > 0 && source && example.includes(`AgentAPI.${place}(`), place);
    for (const parameter of parameters) assert.ok(parameter.text, `${place}: ${parameter.parameter}`);
    for (const property of response.fields) assert.ok(property.text, `${place}: ${property.name}`);
  }
});

/**
 * A resource that was made up.
 *
 * @param {Partial<Resource>} traits
 * @returns {Resource}
 */
function resource(traits) {
  const [known] = RESOURCES;
  return {
    ...known,
    group: "Test",
    name: "Try",
    parameters: [],
    request: [],
    response: { name: "", text: "", fields: [] },
    text: [" Tries."],
    throws: "",
    parametersAs: "",
    ...traits,
  };
}

/**
 * @param {string} name
 * @param {Input["kind"]} kind
 * @param {boolean} [required]
 * @returns {Input}
 */
const input = (name, kind, required = true) => ({
  name,
  kind,
  required,
  parameter: name.replace(/^./, (first) => first.toUpperCase()),
  text: `The ${name}.`,
  example: "",
});

test("a parameter may be left out where all after it may, and be null where not", () => {
  const types = typesOf([
    resource({
      parameters: [
        input("first", { is: "text" }, false),
        input("second", { is: "boolean" }),
        input("third", { is: "integer", least: 1, greatest: 9, default: 5 }),
      ],
    }),
  ]);
  const code = types.replaceAll(/\s+/g, " ");
  assert.match(
    code,
    /Try\( First: string \| null \| undefined, Second: boolean, Third\?: number \| null, Options\?/,
  );
  assert.match(code, /@param Third The third\. A whole number from 1 to 9\. Default: 5\./);
});

test("nested inputs have types, rules and examples of their own", () => {
  const value = input("value", { is: "decimal" });
  const parameters = [
    input("Lines", {
      is: "objects",
      fields: [input("when", { is: "date-time" }), input("note", { is: "text" }, false)],
    }),
    input("Tags", { is: "map", fields: [input("name", { is: "text" }), value] }),
    input("Any", { is: "json" }, false),
  ];
  const types = typesOf([resource({ parameters })]).replaceAll(/\s+/g, " ");
  assert.match(
    types,
    /Lines: readonly \{ when: string \| Date; note\?: string \| null \}\[\]|Lines\?: readonly \{ when: string \| Date; note\?: string \| null \}\[\]/,
  );
  assert.match(types, /Tags\?: Readonly<Record<string, number>> \| ReadonlyMap<string, number>/);
  assert.match(types, /Any\?: unknown \| null/);
  const { all, fewest } = examplesOf(resource({ parameters }));
  assert.deepEqual(
    all.map((text) => Function(`return (${text})`)()),
    [[{ when: "2026-11-26T12:00:00Z", note: "text" }], { NAME: 12.5 }, { a: [1, "b", null] }],
  );
  assert.deepEqual(fewest, []);
  assert.match(ruleOf({ is: "base64" }), /Base64/);
});

test("a kind that nobody has thought of ends the build with its name", () => {
  const parameters = [input("odd", { is: "odd kind" })];
  assert.throws(() => typesOf([resource({ parameters })]), /"odd kind"/);
  assert.throws(() => examplesOf(resource({ parameters })), /"odd kind"/);
});

test("the table of resources marks what is optional, and lists", () => {
  const request = [
    input("a", { is: "text" }),
    input("B", { is: "texts" }),
    input("c", { is: "text" }, false),
  ];
  const elements = /** @type {[string, string]} */ (["Try", "Tried"]);
  const table = tableOfResources([resource({ request, elements, effect: "traced stanza", access: "token" })]);
  assert.match(
    table,
    /\| `Test\/Try` \| \w+ \| a token \| stanza, traced \| `a`, `B\[\]`, `c\?` \| – \| `Try` → `Tried` \|/,
  );
});
