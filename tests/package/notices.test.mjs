/** Who ships the module on finds the licences of what is compiled into it. */

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { promisify } from "node:util";

test("the notices are those of the crates in Cargo.lock", async () => {
  await promisify(execFile)(process.execPath, ["xtask/notices.mjs", "--check"]);
});

test("they name what the module needs, and nothing that is only tested or built with", async () => {
  const notices = await readFile("THIRD-PARTY-NOTICES.txt", "utf8");
  const lock = await readFile("Cargo.lock", "utf8");
  for (const name of ["hmac", "js-sys", "serde", "serde-wasm-bindgen", "sha2", "talc", "wasm-bindgen", "web-sys"]) {
    const [, version] = lock.match(new RegExp(`name = "${name}"\\nversion = "(.*)"`));
    assert.ok(notices.includes(`\n${name} ${version} (`), name);
  }
  assert.ok(notices.includes("\nthe Rust standard library ("));
  for (const name of ["proptest", "serde_json", "syn", "hyper", "wasm-bindgen-cli-support"]) {
    assert.ok(!notices.includes(`\n${name} `), name);
  }
});
