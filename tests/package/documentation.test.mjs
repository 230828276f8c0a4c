// @ts-check
/** The documentation that stands beside the declarations: in the types and the tables, not in the module. */

import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { test } from "node:test";
import { catalogOf } from "../../xtask/catalog.mjs";
import { examplesOf } from "../../xtask/declarations.mjs";
import {
  tableOfMethods,
  tableOfObjects,
  tableOfResources,
  tableOfSignatures,
  wholeDocuments,
} from "../../xtask/documents.mjs";
import { methodPages, PAGES } from "../../xtask/method-pages.mjs";
import { describedGroupsOf, ruleOf, typesOf, withTypesOf } from "../../xtask/types.mjs";

/** @typedef {import("../../xtask/declarations.mjs").Resource} Resource */
/** @typedef {import("../../xtask/declarations.mjs").Input} Input */
/** @typedef {import("../../xtask/declarations.mjs").Output} Output */

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

/** Texts of the documentation that are the module's own as well: of an error's message, and a word that a
 * parameter takes. */
const IN_BOTH = ["await AgentAPI.Account.Login", "CreatorAndParts"];

test("no byte of it is in the module", async () => {
  const module = await readFile("pkg/agentapi.wasm", "latin1");
  assert.ok(module.includes("customXml"), "texts of the module are found like this");
  // The longest part of a sentence, because a character that is escaped would differ. Short ones, such as
  // "b@x", may occur by themselves.
  const parts = sentencesIn(RESOURCES).flatMap((text) => {
    const [longest] = (text.match(/[\w ,.]{12,}/g) ?? []).sort((one, other) => other.length - one.length);
    return longest ? [longest] : [];
  });
  assert.ok(parts.length > 200, `${parts.length} sentences`);
  // The source of a resource ends with its name, which the module has as well.
  const names = RESOURCES.map(({ name }) => name);
  const found = parts.filter((part) => !names.includes(part) && module.includes(part));
  assert.deepEqual([...new Set(found)], IN_BOTH);
});

test("every resource, parameter and property has some, and a source", () => {
  for (const resource of RESOURCES.filter(({ isExported }) => isExported)) {
    const { group, name, text, example, source, parameters, response } = resource;
    const place = `${group}.${name}`;
    assert.ok(text.length > 0 && source && example.includes(`AgentAPI.${place}(`), place);
    assert.deepEqual(undocumented([...parameters, ...response.fields]), [], place);
  }
});

test("what lacks documentation is found however deep it is", () => {
  const silent = { ...input("silent", { is: "text" }), text: "" };
  const lines = input("Lines", { is: "objects", fields: [silent] });
  const answer = {
    ...input("Answer", { is: "object", object: { name: "Answer", text: "", fields: [output("a", "")] } }),
    ...{ alias: null, known: [] },
  };
  assert.deepEqual(undocumented([lines, answer, output("b", "The b.")]), [
    "Lines.silent",
    "Answer's object",
    "Answer.a",
  ]);
});

/**
 * The names of the inputs and outputs, those within others included, that have no documentation.
 *
 * @param {(Input | Output)[]} fields
 * @returns {string[]}
 */
function undocumented(fields) {
  return fields.flatMap(({ name, kind, text }) => {
    const own = [text ? [] : [name], kind.object?.text === "" ? [`${name}'s object`] : []].flat();
    // Those of a map are named by its type alone.
    const inner = kind.is === "map" ? [] : [...(kind.fields ?? []), ...(kind.object?.fields ?? [])];
    return [...own, ...undocumented(inner).map((below) => `${name}.${below}`)];
  });
}

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
    path: "/Agent/Test/Try",
    parameters: [],
    request: [],
    signatures: [],
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
  place: { is: "body" },
  parameter: name.replace(/^./, (first) => first.toUpperCase()),
  text: `The ${name}.`,
  example: "",
});

/**
 * @param {string} name
 * @param {string} text
 * @returns {Output}
 */
const output = (name, text) => ({ name, kind: { is: "text" }, required: true, alias: null, text, known: [] });

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
  assert.match(types, /Lines\?: readonly \{ when: string \| Date; note\?: string \| null \}\[\] \| null,/);
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
  assert.throws(
    () => catalogOf([resource({ parameters })], [{ name: "Test", text: "Trials." }], "1.0.0"),
    /"odd kind"/,
  );
  assert.throws(() => examplesOf(resource({ parameters })), /"odd kind"/);
});

/** Types that are written by hand, in short. */
const WRITTEN = `
export interface Test { Reset(): void; }
export interface IO { Log(Message: unknown): void; }
export interface AgentAPI { readonly IO: Readonly<IO>; /** Trials. */ readonly Test: Readonly<Test>; }
export type Level = string;
`;

/**
 * @param {string} name
 * @param {string} property
 */
const responding = (name, property) =>
  resource({ response: { name, text: "A trial.", fields: [output(property, "A property.")] } });

test("the groups are those of the interface AgentAPI, IO the last", () => {
  const types = withTypesOf(WRITTEN, [responding("Trial", "a")]);
  assert.match(types, /interface Trial \{/);
  assert.deepEqual(tableOfMethods(types).match(/^\| `.*/gm), [
    "| `AgentAPI.Test` | `Reset()`, `Try()` |",
    "| `AgentAPI.IO` | `Log(…)` |",
  ]);
});

test("a group that the interface AgentAPI lacks ends the build, which says what to add", () => {
  assert.throws(() => withTypesOf(WRITTEN, [{ ...resource({}), group: "Legal" }]), {
    message:
      "src/resources declares the group Legal, which the interface AgentAPI lacks; add to it in src/loader/index.d.ts:\n  /** What the group is for. */\n  readonly Legal: Readonly<Legal>;",
  });
  const internal = { ...resource({}), group: "Legal", isExported: false };
  assert.doesNotThrow(() => withTypesOf(WRITTEN, [internal]));
});

test("an object's name stands for one object, and for no other type", () => {
  const same = [responding("Trial", "a"), { ...responding("Trial", "a"), name: "Retry" }];
  assert.equal(withTypesOf(WRITTEN, same).match(/interface Trial \{/g)?.length, 1);
  const other = [responding("Trial", "a"), { ...responding("Trial", "b"), name: "Retry" }];
  assert.throws(() => withTypesOf(WRITTEN, other), /two different objects of the name Trial;/);
  for (const name of ["Level", "Test"]) {
    assert.throws(() => withTypesOf(WRITTEN, [responding(name, "a")]), /choose another name/);
  }
});

test("the table of resources marks what is optional, lists, and what is not in the body", () => {
  const request = [
    input("a", { is: "text" }),
    input("B", { is: "texts" }),
    input("c", { is: "text" }, false),
    { ...input("d", { is: "text" }, false), place: /** @type {const} */ ({ is: "header", name: "X-D" }) },
    { ...input("e", { is: "text" }), place: /** @type {const} */ ({ is: "path" }) },
    { ...input("f", { is: "host" }), place: /** @type {const} */ ({ is: "broker" }) },
  ];
  const elements = /** @type {[string, string]} */ (["Try", "Tried"]);
  const table = tableOfResources([resource({ request, elements, effect: "traced stanza", access: "token" })]);
  assert.match(
    table,
    /\| `Test\/Try` \| \w+ \| a token \| stanza, traced \| `a`, `B\[\]`, `c\?`, header `X-D\?`, path `e`, host `f` \| – \| `Try` → `Tried` \|/,
  );
});

test("the table of resources names a method whose resource has another name", () => {
  const table = tableOfResources([resource({ path: "/Agent/Test/Content" })]);
  assert.match(table, /^\| `Test\/Content` \(`Test\.Try`\) \|/m);
});

test("the table of objects has those of requests and responses, each once, however deep they are", () => {
  const inner = { name: "Inner", text: "", fields: [output("c", "The c.")] };
  const item = { ...output("Item", ""), kind: { is: "object", object: inner } };
  const outer = { name: "Outer", text: "", fields: [item, { ...output("d", ""), required: false }] };
  const list = {
    ...output("Items", ""),
    kind: { is: "objects", object: outer, entries: "One", areWithin: false },
  };
  const lines = { is: "objects", fields: [input("a", { is: "text" })], entries: "Line", areWithin: true };
  const trial = resource({
    request: [input("b", { is: "text" }), input("Lines", lines)],
    response: { name: "Trial", text: "", fields: [list] },
  });
  assert.deepEqual(tableOfObjects([trial, trial]).match(/^\| `.*/gm), [
    "| `Lines[]` | `a` | `Lines/Line` |",
    "| `Items[]` | `Item`, `d?` | `One` |",
    "| `Item` | `c` | `Item` |",
  ]);
});

test("the table of signatures has their parts and keys", () => {
  const parts = [
    { is: "session user" },
    { is: "host" },
    { is: "input", name: "a" },
    { is: "input if given", name: "b" },
    { is: "pairs", name: "Tags" },
  ];
  const signed = (/** @type {{ is: string, name?: string }[]} */ parts) =>
    tableOfSignatures([resource({ signatures: [{ name: "signature", key: "password", parts }] })]);
  assert.deepEqual(signed(parts).match(/^\| `.*/gm), [
    "| `Test/Try` | `signature` | the session's user name, host, `a`, `b?`, names and values of `Tags` | `password` |",
  ]);
  assert.throws(() => signed([{ is: "odd part" }]), /"odd part"/);
});

const types = await readFile("pkg/index.d.ts", "utf8");

test("the documents that are made are up to date, and none is left of what is gone", async () => {
  const { version } = JSON.parse(await readFile("package.json", "utf8"));
  const expected = wholeDocuments(RESOURCES, types, version);
  for (const [name, text] of Object.entries(expected)) {
    assert.ok((await readFile(name, "utf8")) === text, `${name} is out of date; run: npm run build`);
  }
  for (const file of await readdir(PAGES)) assert.ok(`${PAGES}/${file}` in expected, file);
});

/**
 * The page of a group that has this method alone.
 *
 * @param {Partial<Resource>} traits
 */
function pageOf(traits) {
  const groups = describedGroupsOf(WRITTEN);
  return methodPages([resource(traits)], WRITTEN, groups).get("Test.md") ?? "";
}

test("a page has each parameter with its type, its rule, and where it is in the request", () => {
  const lines = {
    is: "objects",
    fields: [input("when", { is: "date-time" })],
    entries: "Line",
    areWithin: true,
  };
  const secret = { ...input("pin", { is: "secret" }, false), isSecret: true };
  const header = /** @type {const} */ ({ is: "header", name: "X-Tag" });
  const count = { is: "integer", least: 1, greatest: 9, default: 5 };
  const parameters = [
    input("a", { is: "one of", texts: ["x", "y"] }),
    input("Lines", lines),
    { ...input("tag", { is: "text" }), place: header },
    input("count", count),
    secret,
  ];
  const elements = /** @type {[string, string]} */ (["Try", "Tried"]);
  const page = pageOf({ parameters, request: parameters, elements });
  assert.match(page, /^AgentAPI\.Test\.Try\(A, Lines, Tag, Count\?, Pin\?\)$/m);
  for (const line of [
    '| `A` | `"x" \\| "y"` | yes | The a. | `a` |',
    "| `Lines` | `object[]` |  | The Lines. | `Lines`, in XML `Lines/Line` |",
    "| `Lines[].when` | `string \\| Date` | yes | The when. ISO 8601 with a time zone, or a `Date`. |  |",
    "| `Tag` | `string` | yes | The tag. | header `X-Tag` |",
    "| `Count` | `number` |  | The count. A whole number from 1 to 9. Default: 5. | `count` |",
    "| `Pin` | `string` |  | The pin. *Secret.* | `pin` |",
  ]) {
    assert.ok(page.includes(`${line}\n`), `${line}\n${page}`);
  }
});

test("a page has the response, what repeating does, what is signed, and the source", () => {
  const inner = { name: "Inner", text: "", fields: [output("c", "The c.")] };
  const list = { ...output("Items", "The items."), kind: { is: "objects", object: inner } };
  const status = { ...output("status", "The state."), required: false, known: ["A", "B"] };
  const page = pageOf({
    response: { name: "Trial", text: "A trial.", fields: [list, status] },
    returns: "What was tried.",
    throws: "Rejects with `not-found`; see {@link Test.Reset} and {@link AgentApiErrorCode}.",
    effect: "once",
    access: "token",
    signatures: [{ name: "signature", key: "password", parts: [{ is: "host" }] }],
    elements: null,
    either: [["a", "b"]],
    needs: [["b", "c"]],
    source: "A source",
    method: "POST",
  });
  for (const line of [
    "Resolves to `Trial`. What was tried.",
    "| `Items` | `Inner[]` | yes | The items. |",
    "| `Items[].c` | `string` | yes | The c. |",
    "| `status` | `string` |  | The state. Such as `A`, `B`. |",
    "- One of `a` and `b` has to be given.",
    "- `b` needs `c`.",
    "- **Errors:** Rejects with `not-found`; see [`Reset`](#reset) and [`AgentApiErrorCode`](../errors.md).",
    "- **On the wire:** `POST /Agent/Test/Try`, with the session's token. In JSON only.",
    "- **`signature`** is signed with `password`: host.",
    "- **Source:** A source.",
  ]) {
    assert.ok(page.includes(`${line}\n`), `${line}\n${page}`);
  }
  assert.match(page, /^- \*\*Repeating it\*\* may be refused, or done twice/m);
});

test("a page has what is written by hand, with its types", () => {
  const written = `
    export interface Test {
      /**
       * Tries it. In a
       * second line.
       * @param Name The name.
       * @returns Whether it worked.
       * @throws {AgentApiError} \`no-host\`.
       * @example
       * AgentAPI.Test.Go("x");
       * // again
       */
      Go(Name: string, Again?: boolean | null, Options?: CallOptions | null): Promise<boolean>;
    }
    export interface AgentAPI {
      /** Trials. */
      readonly Test: Readonly<Test>;
    }`;
  const page = methodPages([], written, describedGroupsOf(written)).get("Test.md") ?? "";
  for (const part of [
    "# AgentAPI.Test\n\nTrials. [All groups](README.md)\n",
    "| [`Go`](#go) | Tries it. |",
    "## Go\n\nTries it. In a second line.\n",
    "AgentAPI.Test.Go(Name, Again?)\n",
    "| `Name` | `string` | yes | The name. |\n| `Again` | `boolean` |  |  |\n",
    "Resolves to `boolean`: Whether it worked.\n",
    "- **Errors:** `no-host`.\n",
    '```js\nAgentAPI.Test.Go("x");\n// again\n```\n',
  ]) {
    assert.ok(page.includes(part), `${part}\n${page}`);
  }
});
