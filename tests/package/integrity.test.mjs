// @ts-check
/** The hashes in docs/loading.md are those of the files, so a browser accepts these files and no others. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { hashes, withHashes } from "../../xtask/integrity.mjs";

const document = await readFile("docs/loading.md", "utf8");
const { version } = JSON.parse(await readFile("package.json", "utf8"));

test("the document shows the hash of each file, and the version", async () => {
  const made = await hashes("pkg");
  for (const [file, hash] of made) assert.ok(document.includes(`| \`${file}\` | \`${hash}\` |`), file);
  assert.ok(document.includes(`integrity="${made[0][1]}"`));
  assert.equal(withHashes(document, made, version), document, "run: npm run build");
});

test("a hash of another file is replaced", () => {
  const old = withHashes(
    document,
    [
      ["agentapi.global.js", "sha384-old"],
      ["index.js", "sha384-older"],
    ],
    "9.9.9",
  );
  assert.equal(old.match(/sha384-old"/g)?.length, 1);
  assert.equal(old.match(/sha384-old`/g)?.length, 1);
  assert.equal(old.match(/sha384-older`/g)?.length, 1);
  assert.ok(old.includes("neuron-agent-api@9.9.9/pkg/"));
});
