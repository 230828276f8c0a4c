// @ts-check
/**
 * The programs of `docs/testing.md` run. Those of Jest and Vitest do so among the consumers
 * (`tests/consumers/rows.mjs`), that of Playwright in Chromium (`tests/browser/chromium/testing.test.mjs`).
 */

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { promisify } from "node:util";
import { createTestBroker } from "neuron-agent-api/testing";

const document = await readFile("docs/testing.md", "utf8");
const programs = [...document.matchAll(/```js\n([^]*?)```/g)].map(([, program]) => program);

/**
 * @param {string} program
 * @param {...string} flags
 */
async function outputOf(program, ...flags) {
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    [...flags, "--input-type=module", "--eval", program],
    { env: { ...process.env, NODE_TEST_CONTEXT: undefined } },
  );
  assert.equal(stderr, "");
  return stdout;
}

test("every program is run somewhere", () => {
  assert.deepEqual(
    programs.map(
      (program) => /"(?!neuron)(node:test|vitest)"|require\(|answerPage|console/.exec(program)?.[0],
    ),
    ['"node:test"', "console", "require(", '"vitest"', "answerPage"],
  );
});

test("the example of node:test passes, and the one of faults prints what it says", async () => {
  assert.match(await outputOf(programs[0]), /^# pass 1$|^ℹ pass 1$/m);
  assert.equal(await outputOf(programs[1]), "0 200,lost,status=503,200\nunauthorized\n");
});

test("the table of what a broker has is complete, and so is that of faults", async () => {
  const broker = createTestBroker();
  const documented = [...document.matchAll(/^\| `(\w+)[`(]/gm)].map(([, name]) => name);
  // The methods of a class are not its own properties.
  const names = [...Object.keys(broker), "addAccount", "closeSockets", "reset"];
  const types = await readFile("src/testing/index.d.ts", "utf8");
  const [, union] = /export type FaultName =([^;]*);/.exec(types) ?? [];
  const faults = [...union.matchAll(/\| "(\w+)"/g)].map(([, name]) => name);
  assert.equal(faults.length, 9);
  assert.deepEqual(documented.sort(), [...names, ...faults].sort());
});
