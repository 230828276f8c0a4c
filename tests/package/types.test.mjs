/** The shipped types, under each way in which TypeScript finds them. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";

for (const [module, resolution, ...files] of [
  ["node16", "node16"],
  ["nodenext", "nodenext"],
  // A bundler's TypeScript knows no CommonJS.
  ["esnext", "bundler", "tests/types/usage.ts", "tests/types/same-as-rust.ts"],
]) {
  test(`types under moduleResolution ${resolution}`, () => {
    const chosen = files.length
      ? ["--ignoreConfig", "--noEmit", "--strict", "--target", "es2022", "--types", "", ...files]
      : ["--project", "tests/types"];
    const args = ["tsc", ...chosen, "--module", module, "--moduleResolution", resolution];
    const { status, stdout, stderr } = spawnSync("npx", ["--no-install", ...args], { encoding: "utf8" });
    assert.equal(status, 0, stdout + stderr);
  });
}
