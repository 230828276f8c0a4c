// @ts-check
/** What both sides of the module's border write down: the same numbers for the same things. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

/** @param {string} file */
const source = (file) => readFile(new URL(`../../src/${file}`, import.meta.url), "utf8");

/**
 * The numbers that a source gives those names.
 *
 * @param {string} text
 * @param {string[]} names
 */
const numbersOf = (text, names) =>
  names.map((name) =>
    Number(new RegExp(`^(?:pub\\(super\\) )?const ${name}\\b.*= (-?[\\d.]+);`, "m").exec(text)?.[1]),
  );

for (const [what, names, rust, loader] of /** @type {[string, string[], string, string][]} */ ([
  ["what comes for a task", ["TIME", "ANSWER", "ABORT", "SETTLED"], "web/task.rs", "loader/task.js"],
  ["the end of a task", ["DONE"], "web/task.rs", "loader/tasks.js"],
  ["how far a request got", ["UNSENT", "UNKNOWN", "ANSWERED"], "web/browser.rs", "loader/exchange.js"],
])) {
  test(`${what} has the same numbers in Rust and in JavaScript`, async () => {
    const [inRust, inLoader] = [numbersOf(await source(rust), names), numbersOf(await source(loader), names)];
    assert.ok(inRust.every(Number.isFinite), `${rust} has ${inRust}`);
    assert.deepEqual(inLoader, inRust);
  });
}

test("the hooks are in the same order in Rust and in JavaScript", async () => {
  const [, variants] = /pub enum Hook \{([^}]*)\}/.exec(await source("environment.rs")) ?? [];
  const [, list] = /const HOOKS = \[([^\]]*)\]/.exec(await source("loader/hooks.js")) ?? [];
  const inRust = [...variants.matchAll(/^ {4}(\w+),$/gm)].map(([, name]) => name.toLowerCase());
  assert.equal(inRust.length, 4);
  assert.deepEqual(
    [...list.matchAll(/"(\w+)"/g)].map(([, name]) => name),
    inRust,
  );
});
