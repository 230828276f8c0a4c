// @ts-check
/**
 * Measures the package, and refuses one that has grown past its budget.
 *
 *     node xtask/sizes.mjs <package directory> <module with names> [<report to write>]
 */

import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { CODE, CUSTOM, DATA, functions, sections } from "./sections.mjs";

/**
 * In bytes, of `index.js` compressed with brotli: what a page adds to its download. Room for the
 * Agent API to grow into, but not for a dependency of the kind that was measured and left out:
 * `serde_json` alone adds 26 KB, Unicode tables for addresses 140 KB.
 */
const BUDGET = 78 * 1024;

/** What it should come to; docs/decisions.md has what stands between. */
const GOAL = 56 * 1024;

const MEASURED = ["agentapi.wasm", "index.js", "index.cjs", "agentapi.global.js", "workerd.js"];

/** How many modules of the source are named in the report. */
const NAMED = 24;

const [directory, namedModule, report] = process.argv.slice(2);
const sizes = await Promise.all(MEASURED.map(async (file) => [file, ...(await measure(file))]));
const table = formatTable([["file", "raw", "gzip -9", "brotli 11"], ...sizes]);

const compressed = Number(sizes.find(([file]) => file === "index.js")?.at(-1));

console.log(table);
if (report) {
  const module = await readFile(namedModule);
  const budget = `The budget: \`index.js\` at most ${BUDGET.toLocaleString("en")} with brotli.
The goal: ${GOAL.toLocaleString("en")}, of which it is ${(compressed - GOAL).toLocaleString("en")} away ([why](decisions.md)).`;
  await writeFile(
    report,
    `# Size of the package

In bytes, as \`cargo xtask build\` measured it. ${budget}

${table}

## The module

Each section by itself.

${sectionTable(module)}

## Its code

By the module of the source whose name a function bears, before any compression. Much of \`core\` and
\`alloc\` is iterators, vectors and futures of ours, whose names don't say whose they are.

${sourceTable(module)}
`,
  );
}

if (compressed > BUDGET) {
  console.error(
    `index.js takes ${compressed - BUDGET} bytes more than its budget of ${BUDGET} (brotli). ` +
      "Find what grew, or raise BUDGET in xtask/sizes.mjs and say why.",
  );
  process.exitCode = 1;
}

/**
 * @param {string} file
 * @returns {Promise<number[]>}
 */
async function measure(file) {
  return measured(await readFile(path.join(directory, file)));
}

/**
 * @param {Uint8Array} content
 * @returns {number[]}
 */
function measured(content) {
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
  return [
    content.length,
    gzipSync(content, { level: constants.Z_BEST_COMPRESSION }).length,
    brotliCompressSync(content, quality).length,
  ];
}

/** @param {Uint8Array} module */
function sectionTable(module) {
  const known = new Map([
    [CODE, "code"],
    [DATA, "data"],
  ]);
  /** @type {Map<string, Uint8Array[]>} */
  const parts = new Map([...known.values(), "other"].map((name) => [name, []]));
  for (const { id, whole } of sections(module)) {
    if (id !== CUSTOM) parts.get(known.get(id) ?? "other")?.push(whole);
  }
  const rows = Array.from(parts, ([name, bytes]) => [name, ...measured(Buffer.concat(bytes))]);
  return formatTable([["section", "raw", "gzip -9", "brotli 11"], ...rows]);
}

/** @param {Uint8Array} module */
function sourceTable(module) {
  /** @type {Map<string, number[]>} */
  const sources = new Map();
  for (const { name, body } of functions(module)) {
    const source = sourceOf(name);
    const [count, sum] = sources.get(source) ?? [0, 0];
    sources.set(source, [count + 1, sum + body.length]);
  }
  const sorted = [...sources].sort(([, [, left]], [, [, right]]) => right - left);
  const others = sorted.splice(NAMED).map(([, counts]) => counts);
  const sum = (/** @type {number} */ column) =>
    others.reduce((total, counts) => total + counts[column], 0);
  const rows = [...sorted.map(([name, counts]) => [name, ...counts]), ["others", sum(0), sum(1)]];
  return formatTable([["source", "functions", "raw"], ...rows]);
}

/**
 * The module of our own that a function's name speaks of first, else the crate.
 *
 * @param {string} name
 */
function sourceOf(name) {
  const own = /neuron_agent_api::((?:client|session|web|wire|xml)(?:::[a-z_]+)?|[a-z_]+)/.exec(name);
  if (own) return `src/${own[1].replace("::", "/")}`;
  const [crate = "other"] =
    /\b(wasm_bindgen_futures|wasm_bindgen|js_sys|web_sys|sha2|hmac|digest|talc|std|alloc|core)\b/.exec(name) ?? [];
  return crate;
}

/** @param {(string | number)[][]} rows */
function formatTable([head, ...rows]) {
  const dashes = ["---", ...head.slice(1).map(() => "---:")];
  const body = rows.map(([name, ...sizes]) => [name, ...sizes.map((size) => size.toLocaleString("en"))]);
  return [head, dashes, ...body].map(formatRow).join("\n");
}

/** @param {(string | number)[]} cells */
function formatRow([file, ...numbers]) {
  return `| ${String(file).padEnd(21)} | ${numbers.map((cell) => String(cell).padStart(9)).join(" | ")} |`;
}
