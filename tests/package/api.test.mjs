// @ts-check
/**
 * The public API is that of `api.txt`: types without their comments, and the properties at run time.
 * To change it, run `ACCEPT_API=1 npm test -- package` and commit the difference.
 */

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { test } from "node:test";
import * as neuron from "neuron-agent-api";
import * as testing from "neuron-agent-api/testing";
import * as things from "neuron-agent-api/things";
import ts from "typescript-oldest";

const SNAPSHOT = new URL("api.txt", import.meta.url);

/** @param {string} name */
async function types(name) {
  const source = await readFile(`pkg/${name}`, "utf8");
  const file = ts.createSourceFile(name, source, ts.ScriptTarget.Latest);
  return ts.createPrinter({ removeComments: true }).printFile(file);
}

/** Every function has these of its own. */
const USUAL = ["length", "name", "prototype", "constructor"];

/**
 * @param {string} name
 * @param {object} value
 * @returns {string[]}
 */
function describe(name, value) {
  if (typeof value === "function") {
    const own = (/** @type {object} */ of, /** @type {string} */ prefix) =>
      Object.getOwnPropertyNames(of ?? {})
        .filter((member) => !USUAL.includes(member))
        .map((member) => `${prefix}.${member}`);
    // Of a class, what it and its instances have.
    return [`${name}(${value.length})`, ...own(value, name), ...own(value.prototype, `${name}.prototype`)];
  }
  return Object.entries(value).flatMap(([key, inner]) => describe(`${name}.${key}`, inner));
}

test("the public API is the one that was accepted", async () => {
  const { AgentAPI, createAgentAPI, ...rest } = neuron;
  const client = createAgentAPI({ host: "neuron.example.org" });
  const present = { AgentAPI, createAgentAPI, "createAgentAPI()": client, ...rest, ...things, ...testing };
  const lines = Object.entries(present).flatMap(([name, value]) => describe(name, value));
  const declared = (
    await Promise.all([types("index.d.ts"), types("things.d.ts"), types("testing.d.ts")])
  ).join("\n");
  const api = `${declared}\n${lines.sort().join("\n")}\n`;
  client.dispose();
  if (process.env.ACCEPT_API) await writeFile(SNAPSHOT, api);
  assert.equal(api, await readFile(SNAPSHOT, "utf8"));
});
