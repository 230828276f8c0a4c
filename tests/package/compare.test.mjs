// @ts-check
/** `cargo xtask check` names what differs, and `build` replaces nothing but a package. */

import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { differences, replace } from "../../xtask/compare.mjs";
import { RECORD } from "../../xtask/digests.mjs";

/**
 * @param {import("node:test").TestContext} context
 * @param {Record<string, string>} files
 */
async function directory(context, files) {
  const folder = await mkdtemp(path.join(tmpdir(), "neuron-agent-api-"));
  context.after(() => rm(folder, { recursive: true }));
  for (const [name, content] of Object.entries(files)) await writeFile(path.join(folder, name), content);
  return folder;
}

test("each kind of difference is named", async (context) => {
  const committed = await directory(context, { same: "1", changed: "1", old: "1", empty: "" });
  const made = await directory(context, { same: "1", changed: "2", new: "1", empty: "" });
  assert.deepEqual(await differences(committed, made), [
    "changed differs",
    "new is missing",
    "old is no longer made",
  ]);
  assert.deepEqual(await differences(made, made), []);
  assert.deepEqual(
    await differences(path.join(made, "none"), made),
    ["changed", "empty", "new", "same"].map((name) => `${name} is missing`),
  );
});

test("only a package is replaced", async (context) => {
  const made = await directory(context, { "index.js": "new" });
  const old = await directory(context, { [RECORD]: "", "index.cjs": "old" });
  await replace(old, made);
  assert.deepEqual(await differences(old, made), []);

  const other = await directory(context, { "letter.txt": "dear" });
  await assert.rejects(replace(other, made), /is not empty and not a package/);
  assert.equal(await readFile(path.join(other, "letter.txt"), "utf8"), "dear");
});
