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
