// @ts-check
/**
 * The published types, with the oldest supported TypeScript and the newest, under every module
 * resolution.
 */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";
import { test } from "node:test";

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
