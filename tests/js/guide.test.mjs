// @ts-check
/** The programs of the guide print what it says, one after the other at the same broker. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { startBroker } from "../support/broker.mjs";
import { outputAt } from "../support/document.mjs";

const guide = await readFile(new URL("../../docs/guide.md", import.meta.url), "utf8");
const programs = [...guide.matchAll(/```js\n(import[^]*?)```(?:\n\nIt prints\n\n```\n([^]*?)```)?/g)];

/** @type {Awaited<ReturnType<typeof startBroker>>} */
let broker;
before(async () => {
  broker = await startBroker();
});
after(() => broker.stop());

test("none is overlooked", () => {
  assert.equal(programs.length, 5);
  assert.equal(programs.length, guide.match(/^import \{ (createAgentAPI|AgentAPI)/gm)?.length);
});

for (const [, program, printed] of programs) {
  // What a line prints is behind it.
  const said =
    printed ??
    [...program.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, text]) => `${text}\n`).join("");
  test(`a program prints ${JSON.stringify(said.split("\n")[0])}`, async () => {
    assert.ok(said, "it says what it prints");
    assert.equal(await outputAt(program, broker), said);
  });
}
