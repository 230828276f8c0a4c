/** The README keeps its word: its program runs, its tables name what there is. */

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { promisify } from "node:util";
import { AgentAPI } from "neuron-agent-api";
import { startBroker } from "../support/broker.mjs";

const read = (file) => readFile(new URL(`../../${file}`, import.meta.url), "utf8");
const readme = await read("README.md");
const types = await read("src/loader/index.d.ts");

test("the program runs against the local broker", async () => {
  const [, program] = readme.match(/```js\n(import[^]*?)```/);
  const broker = await startBroker();
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [
      "--input-type=module",
      "--eval",
      program.replace("127.0.0.1:8080", broker.host),
    ]);
    assert.equal(stderr, "");
    assert.match(stdout, /^true \S+ true\n$/);
  } finally {
    await broker.stop();
  }
});

test("the table of methods names all of them", () => {
  for (const [group, methods] of Object.entries(AgentAPI)) {
    const [, cell] = readme.match(new RegExp(`^\\| \`AgentAPI\\.${group}\` \\| (.*) \\|$`, "m"));
    const named = [...cell.matchAll(/`(\w+)\(/g)].map(([, name]) => name);
    assert.deepEqual(named.sort(), Object.keys(methods).sort());
  }
});

test("the table of errors, that of the types and the list of codes are one", () => {
  const codesIn = (text) => [...text.matchAll(/`([a-z-]+)`/g)].map(([, code]) => code);
  const rows = (table) =>
    table.match(/^.*\| `(?!code`)[a-z-]+`.*$/gm).flatMap((row) => codesIn(row.split("|")[1]));
  const union = types.match(/type AgentApiErrorCode =([^;]*);/)[1].match(/[a-z-]+(?=")/g).sort();
  assert.deepEqual(rows(readme.match(/## Errors[^]*?\n## /)[0]).sort(), union);
  assert.deepEqual(rows(types.match(/What went wrong, for a program[^]*?\*\//)[0]).sort(), union);
});

test("every file that it points to exists", async () => {
  const targets = [...readme.matchAll(/\]\((?!http)([^)#]+)\)/g)].map(([, target]) => target);
  assert.ok(targets.length > 3);
  await Promise.all(targets.map(read));
});
