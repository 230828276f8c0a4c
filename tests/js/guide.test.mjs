// @ts-check
/** The programs of the guide print what it says. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { outputOf } from "../support/document.mjs";

const guide = await readFile(new URL("../../docs/guide.md", import.meta.url), "utf8");
const programs = [...guide.matchAll(/```js\n(import[^]*?)```(?:\n\nIt prints\n\n```\n([^]*?)```)?/g)];

test("none is overlooked", () => {
  assert.equal(programs.length, 5);
  assert.equal(programs.length, guide.match(/^import \{ (createAgentAPI|AgentAPI)/gm)?.length);
});

for (const [whole, program, printed] of programs) {
  // What a line prints is behind it.
  const said =
    printed ??
    [...program.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, text]) => `${text}\n`).join("");
  test(`a program prints ${JSON.stringify(said.split("\n")[0])}`, async () => {
    assert.ok(said, "it says what it prints");
    assert.equal(await outputOf(whole), said);
  });
}
