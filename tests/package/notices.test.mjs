// @ts-check
/** Whoever redistributes the module finds the licences of what is compiled into it. */

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { promisify } from "node:util";

test("the notices are those of the crates in Cargo.lock", async () => {
  await promisify(execFile)(process.execPath, ["xtask/notices.mjs", "--check"]);
});

test("the notices name the crates of the module, and none that is only for tests or the build", async () => {
  const notices = await readFile("THIRD-PARTY-NOTICES.txt", "utf8");
  const lock = await readFile("Cargo.lock", "utf8");
  for (const name of ["js-sys", "serde", "sha2", "wasm-bindgen", "web-sys"]) {
    const [, version] = new RegExp(`name = "${name}"\\nversion = "(.*)"`).exec(lock) ?? [];
    assert.ok(notices.includes(`\n${name} ${version} (`), name);
  }
  assert.ok(notices.includes("\nthe Rust standard library ("));
  for (const name of ["hmac", "proptest", "serde_json", "syn", "hyper", "wasm-bindgen-cli-support"]) {
    assert.ok(!notices.includes(`\n${name} `), name);
  }
});
