// @ts-check
/** The README and the documents of the package are true: the program runs, the tables are complete. */

import assert from "node:assert/strict";
import { access, readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import * as neuron from "neuron-agent-api";
import { Things } from "neuron-agent-api/things";
import { outputOf } from "../support/document.mjs";

const { AgentAPI } = neuron;

/** Methods that have nothing to refuse. */
const SILENT = ["Log", "Children", "XmlEncode"];

const read = (/** @type {string} */ file) => readFile(new URL(`../../${file}`, import.meta.url), "utf8");
/** What the groups of a pattern have found. @type {(text: string, pattern: RegExp) => string[]} */
const found = (text, pattern) => pattern.exec(text) ?? assert.fail(`${pattern} is not there`);

const readme = await read("README.md");
const errors = await read("docs/errors.md");
const types = await read("pkg/index.d.ts");

const documents = (await readdir(new URL("../../docs", import.meta.url), { recursive: true }))
  .filter((file) => file.endsWith(".md"))
  .map((file) => `docs/${file}`);

/** The files of this repository that a document names. */
const filesNamedIn = (/** @type {string} */ text) =>
  [
    ...text.matchAll(/`((?:docs|pkg|tests|src)\/[\w./-]+|(?:LICENSE|THIRD|CONTRIBUTING|SECURITY)[\w.-]+)`/g),
  ].map(([, file]) => file);

test("the program runs against the local broker", async () => {
  assert.match(await outputOf(readme), /^true \S+ true\n$/);
});

test("the program of an identity and a contract runs against the local broker", async () => {
  assert.equal(await outputOf(await read("docs/identities.md")), "BeingSigned\n");
});

test("the programs of files run against the local broker, but those of a page", async () => {
  const programs = [...(await read("docs/files.md")).matchAll(/```js\n([^]*?)```/g)].map(
    ([, program]) => program,
  );
  const inNode = programs.filter((program) => !/\b(document|XMLHttpRequest)\b/.test(program));
  assert.deepEqual([programs.length, inNode.length], [5, 3]);
  const printed = await outputOf(`\`\`\`js\n${inNode.join("")}\`\`\``);
  // How often it tells the progress depends on how long it takes.
  assert.equal(printed.replace(/^\d+ of 3000000\n/gm, ""), "Tea at four. text/plain\n3000000\n");
});

test("the programs of a payment and a token run against the local broker", async () => {
  // The second goes on where the first ends.
  const program = (await read("docs/payments.md")).replace(/\n```\n[^]*?\n```js\n/, "\n");
  assert.equal(await outputOf(program), "987.5 SEK\nLent\n");
});

test("the program of those who come from Agent.js runs against the local broker", async () => {
  assert.equal(await outputOf(await read("docs/migrating.md")), "string true\nnot-found 404\n");
});

test("the program of things runs against the local broker", async () => {
  const power = "Power 1.2 quantity\n";
  const energy = ["1021.4", "1020.1", "1018.9"].map((value) => `Energy ${value} quantity\n`);
  assert.equal(await outputOf(await read("docs/things.md")), ["Climate\nMeter\n", power, ...energy].join(""));
});

test("things has its documentation: every method an example, and the table of conditions is the one that holds", async () => {
  const declared = await read("pkg/things.d.ts");
  for (const [group, methods] of Object.entries(Things)) {
    for (const method of Object.keys(methods)) {
      const [comment] = found(declared, new RegExp(`/\\*\\*(?:(?!\\*/)[^])*\\*/\\n  ${method}\\(`));
      assert.match(comment, /@example[^]*@throws|@throws[^]*@example/, `${group}.${method}`);
    }
  }
  const source = await read("src/things/failure.js");
  const codes = [...source.matchAll(/^ {2}"?([a-z-]+)"?: "([a-z-]+)",$/gm)].map(([, name, code]) => [
    name,
    code,
  ]);
  assert.ok(codes.length > 10, codes.join());
  const rows = [...(await read("docs/things.md")).matchAll(/^\| (`(?!condition`).*`) \| `([a-z-]+)` \|$/gm)];
  const documented = rows.flatMap(([, names, code]) =>
    [...names.matchAll(/[a-z-]+/g)].map(([name]) => [name, code]),
  );
  assert.deepEqual(documented.sort(), codes.sort());
});

test("the table of methods names all of them", () => {
  for (const [group, methods] of Object.entries(AgentAPI)) {
    const [, cell] = found(readme, new RegExp(`^\\| \`AgentAPI\\.${group}\` \\| (.*) \\|$`, "m"));
    const named = [...cell.matchAll(/`(\w+)\(/g)].map(([, name]) => name);
    assert.deepEqual(named.sort(), Object.keys(methods).sort());
  }
  const [, beside] = found(readme, /^\| beside it \| (.*) \|$/m);
  for (const name of Object.keys(neuron)) {
    if (name !== "AgentAPI") assert.ok(beside.includes(`\`${name}`), name);
  }
});

test("every method has its documentation, with its errors and an example", () => {
  for (const [group, methods] of Object.entries(AgentAPI)) {
    // What is written by hand, and what is made from the declarations.
    const parts = types.matchAll(new RegExp(`export interface ${group} \\{\\n([^]*?)\\n\\}`, "g"));
    const body = [...parts].map(([, part]) => part).join("\n");
    for (const method of Object.keys(methods)) {
      const declared = new RegExp(`/\\*\\*((?:(?!\\*/)[^])*)\\*/\\n  ${method}[(<]`, "g");
      const comments = [...body.matchAll(declared)].map(([, comment]) => comment);
      assert.ok(comments.length > 0, `${group}.${method} has no documentation`);
      assert.ok(
        comments.some((comment) => comment.includes("@example")),
        `${group}.${method} has no example`,
      );
      if (SILENT.includes(method)) continue;
      for (const comment of comments) assert.match(comment, /@throws/, `${group}.${method}`);
    }
  }
});

test("the table of errors, that of the types and the list of codes are one", () => {
  const rowsOf = (/** @type {string} */ text) => text.match(/\| `(?!code`)[a-z-]+`.*\|$/gm) ?? [];
  const rows = rowsOf(errors);
  assert.deepEqual(rowsOf(found(types, /What went wrong, for a program[^]*?\*\//)[0]), rows);
  const codes = rows.flatMap((row) => row.split("|")[1].match(/[a-z-]+(?=`)/g) ?? []);
  assert.ok(codes.length > 20, codes.join());
  const union = found(types, /type AgentApiErrorCode =([^;]*);/)[1].match(/[a-z-]+(?=")/g) ?? [];
  assert.deepEqual(codes.sort(), union.sort());
});

test("every file that it names exists, and none is a link, which would not work on npm's page", async () => {
  assert.doesNotMatch(readme, /\]\((?!https:)/);
  assert.ok(filesNamedIn(readme).length > 12, filesNamedIn(readme).join());
  await Promise.all(filesNamedIn(readme).map((file) => access(new URL(`../../${file}`, import.meta.url))));
});

test("the README is short, and the package has the documents that a user needs", async () => {
  assert.ok(readme.split("\n").length <= 151, "at most 150 lines; longer tables belong in docs/");
  const { files } = JSON.parse(await read("package.json"));
  const shipped = files.filter((/** @type {string} */ file) => file.startsWith("docs/"));
  assert.deepEqual(
    shipped,
    [
      "command-line",
      "errors",
      "files",
      "frameworks",
      "guide",
      "identities",
      "loading",
      "migrating",
      "payments",
      "retries",
      "security",
      "sessions",
      "testing",
      "things",
      "troubleshooting",
      "wire",
    ].map((name) => `docs/${name}.md`),
  );
  for (const document of shipped) {
    assert.ok(readme.includes(`\`${document}\``), `the README does not name ${document}`);
  }
});

test("every file that a document names exists", async () => {
  for (const document of ["CONTRIBUTING.md", "SECURITY.md", ...documents]) {
    for (const file of filesNamedIn(await read(document))) {
      await assert.doesNotReject(
        access(new URL(`../../${file}`, import.meta.url)),
        `${document} names ${file}`,
      );
    }
  }
});

test("every link of a document leads to a file, and to a heading of it", async () => {
  const anchorsOf = async (/** @type {string} */ file) =>
    [...(await read(file)).matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\w -]/g, "")
        .replaceAll(" ", "-"),
    );
  let count = 0;
  for (const file of documents) {
    for (const [, target] of (await read(file)).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)) {
      const [name, anchor] = target.split("#");
      const there = name ? path.posix.join(path.posix.dirname(file), name) : file;
      if (anchor) assert.ok((await anchorsOf(there)).includes(anchor), `${file} links to ${target}`);
      else
        await assert.doesNotReject(access(new URL(`../../${there}`, import.meta.url)), `${file}: ${target}`);
      count += 1;
    }
  }
  assert.ok(count > 200, `${count} links`);
});

test("the path of one call takes at most 15 files", async () => {
  const files = (await read("docs/architecture.md")).match(/^\| \d+ \| `src\/[\w./-]+` \|/gm) ?? [];
  assert.ok(files.length > 10 && files.length <= 15, `${files.length} files`);
});
