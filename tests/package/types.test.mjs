// @ts-check
/**
 * The published types, with the oldest supported TypeScript and the newest, under every module
 * resolution.
 */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { test } from "node:test";
import { Things } from "neuron-agent-api/things";
import ts from "typescript-oldest";

const require = createRequire(import.meta.url);

const COMPILERS = { "TypeScript 5.0": "typescript-oldest", "the newest TypeScript": "typescript" };
const MODES = [
  ["node16", "node16", "tests/types"],
  ["nodenext", "nodenext", "tests/types"],
  ["esnext", "bundler", "tests/types/tsconfig.bundler.json"],
  ["nodenext", "nodenext", "tests/types/bare"],
  ["nodenext", "nodenext", "tests/types/disposable"],
];

/** What is newer than the oldest. */
const NEWER = ["tests/types/disposable"];

for (const [label, name] of Object.entries(COMPILERS)) {
  const manifest = require.resolve(`${name}/package.json`);
  const tsc = path.join(path.dirname(manifest), require(manifest).bin.tsc);
  for (const [module, resolution, project] of MODES) {
    if (name === "typescript-oldest" && NEWER.includes(project)) continue;
    test(`${label} under moduleResolution ${resolution}: ${project}`, () => {
      const args = ["--project", project, "--module", module, "--moduleResolution", resolution];
      const { status, stdout, stderr } = spawnSync(process.execPath, [tsc, ...args], { encoding: "utf8" });
      assert.equal(status, 0, stdout + stderr);
    });
  }
}

test("things take the parameters that their types name, in that order", async () => {
  const declared = await readFile("pkg/things.d.ts", "utf8");
  const file = ts.createSourceFile("things.d.ts", declared, ts.ScriptTarget.Latest, true);
  const interfaces = new Map(
    file.statements.filter(ts.isInterfaceDeclaration).map((one) => [one.name.text, one]),
  );
  /** The names of an object of arguments. @type {(type: string) => string[]} */
  const propertiesOf = (type) =>
    type.split(" & ").flatMap((name) => {
      const found = interfaces.get(name) ?? assert.fail(name);
      const bases = found.heritageClauses?.flatMap(({ types }) => types.map((base) => base.getText())) ?? [];
      const own = found.members.map((member) => member.name?.getText() ?? "");
      return [...bases.flatMap(propertiesOf), ...own];
    });
  for (const [group, methods] of Object.entries(Things)) {
    const members = interfaces.get(group)?.members.filter(ts.isMethodSignature) ?? [];
    for (const [name, method] of Object.entries(methods)) {
      const overloads = members.filter((member) => member.name.getText() === name);
      const [positional, named] = overloads.map(({ parameters }) => parameters);
      const names = positional.map((parameter) => parameter.name.getText());
      assert.equal(names.pop(), "Options", name);
      // The error for a name that there is not lists all that there are.
      const error = await method({ "?": "" }).catch((/** @type {Error} */ reason) => reason);
      assert.equal(/expected (.*)\.$/.exec(error.message)?.[1], names.join(", "), name);
      assert.deepEqual(propertiesOf(named[0].type?.getText() ?? "").sort(), names.sort(), name);
    }
  }
});

test("Rust names the parameters of all methods but the resources", async () => {
  const generated = await readFile("pkg/generated.d.ts", "utf8");
  const unnamed = ts
    .createSourceFile("generated.d.ts", generated, ts.ScriptTarget.Latest, true)
    .statements.filter(ts.isFunctionDeclaration)
    .filter(({ parameters: [first] }) => first?.type && !ts.isTupleTypeNode(first.type))
    .map(({ name }) => name?.text.split("__"))
    .filter((names) => names?.[0] === "AgentAPI");
  /** @type {import("../../xtask/declarations.mjs").Resource[]} */
  const resources = JSON.parse(await readFile("pkg/resources.json", "utf8"));
  const exported = resources.filter(({ isExported }) => isExported);
  assert.deepEqual(unnamed.sort(), exported.map(({ group, name }) => ["AgentAPI", group, name]).sort());
});
