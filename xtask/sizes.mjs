// @ts-check
/** Measures the package and the module in it. */

import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { ROOT } from "./prepare.mjs";
import { inspect } from "./rust.mjs";

/**
 * In bytes, of `index.js` compressed with brotli: what a page adds to its download. Room for the
 * Agent API to grow into, but not for a dependency of the kind that was measured and left out:
 * `serde_json` alone adds 26 KB, Unicode tables for addresses 140 KB.
 */
const BUDGET = 80 * 1024;

/** What it should come to; docs/decisions.md has what stands between. */
const GOAL = 56 * 1024;

const MEASURED = [
  "agentapi.wasm",
  "index.js",
  "index.cjs",
  "agentapi.global.js",
  "workerd.js",
  "things.js",
  "cli.js",
  "testing.js",
];

/** How many modules of the source are named in the report. */
const NAMED = 24;

/** The folders of the source: of a module in one of them, the report names the file too. */
const FOLDERS = await readdir(path.join(ROOT, "src"));

/**
 * The size of each file.
 *
 * @param {string} directory of the package
 */
export async function sizeTable(directory) {
  const rows = await Promise.all(
    MEASURED.map(async (file) => [file, ...measured(await readFile(path.join(directory, file)))]),
  );
  return formatTable([["file", "raw", "gzip -9", "brotli 11"], ...rows]);
}

/**
 * What is wrong where the package has grown past its budget.
 *
 * @param {string} directory of the package
 */
export async function budgetError(directory) {
  const compressed = await compressedIndex(directory);
  if (compressed <= BUDGET) return undefined;
  return (
    `index.js takes ${compressed - BUDGET} bytes more than its budget of ${BUDGET} (brotli). ` +
    "Find what grew, or raise BUDGET in xtask/sizes.mjs and say why."
  );
}

/**
 * The content of `docs/size.md`.
 *
 * @param {string} directory of the package
 * @param {string} namedModule the file of the module with the names of its functions
 */
export async function sizeReport(directory, namedModule) {
  const module = await readFile(namedModule);
  const { sections, functions } = inspect(namedModule);
  const distance = (await compressedIndex(directory)) - GOAL;
  return `# Size of the package

In bytes, as \`cargo xtask build\` measured it. The budget: \`index.js\` at most ${BUDGET.toLocaleString("en")} with brotli.
The goal: ${GOAL.toLocaleString("en")}, of which it is ${distance.toLocaleString("en")} away ([why](decisions.md)).

${await sizeTable(directory)}

## The module

Each section by itself.

${sectionTable(module, sections)}

## Its code

By the source module in the name of each function, before any compression. Much of \`core\` and
\`alloc\` is iterators, vectors and futures of ours, whose names don't say whose they are.

${sourceTable(functions)}
`;
}

/** @param {string} directory */
async function compressedIndex(directory) {
  const [, , brotli] = measured(await readFile(path.join(directory, "index.js")));
  return brotli;
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

/** @typedef {import("./rust.mjs").Part} Part */

/**
 * @param {Buffer} module
 * @param {Part[]} sections
 */
function sectionTable(module, sections) {
  const rows = ["code", "data", "other"].map((kind) => {
    const parts = sections.filter(({ name }) => name === kind);
    const bytes = Buffer.concat(parts.map(({ start, end }) => module.subarray(start, end)));
    return [kind, ...measured(bytes)];
  });
  return formatTable([["section", "raw", "gzip -9", "brotli 11"], ...rows]);
}

/** @param {Part[]} functions */
function sourceTable(functions) {
  /** @type {Map<string, [count: number, bytes: number]>} */
  const sources = new Map();
  for (const { name, start, end } of functions) {
    const source = sourceOf(name);
    const [count, bytes] = sources.get(source) ?? [0, 0];
    sources.set(source, [count + 1, bytes + end - start]);
  }
  const sorted = [...sources].sort(([, [, left]], [, [, right]]) => right - left);
  const others = sorted.splice(NAMED).map(([, counts]) => counts);
  const sum = (/** @type {0 | 1} */ column) => others.reduce((total, counts) => total + counts[column], 0);
  const rows = [...sorted.map(([name, counts]) => [name, ...counts]), ["others", sum(0), sum(1)]];
  return formatTable([["source", "functions", "raw"], ...rows]);
}

/**
 * The module of our own that a function's name speaks of first, else the crate.
 *
 * @param {string} name
 */
function sourceOf(name) {
  const [, module, inner] = /neuron_agent_api::([a-z_]+)(?:::([a-z_]+))?/.exec(name) ?? [];
  if (module) return inner && FOLDERS.includes(module) ? `src/${module}/${inner}` : `src/${module}`;
  const [crate = "other"] =
    /\b(wasm_bindgen|js_sys|web_sys|sha2|hmac|digest|std|alloc|core)\b/.exec(name) ?? [];
  return crate;
}

/**
 * A table in Markdown: its head, and its rows.
 *
 * @param {(string | number)[][]} rows
 */
function formatTable([head, ...rows]) {
  const dashes = ["---", ...head.slice(1).map(() => "---:")];
  const body = rows.map(([name, ...sizes]) => [name, ...sizes.map((size) => size.toLocaleString("en"))]);
  return [head, dashes, ...body].map(formatRow).join("\n");
}

/** @param {(string | number)[]} cells */
function formatRow([file, ...numbers]) {
  return `| ${String(file).padEnd(21)} | ${numbers.map((cell) => String(cell).padStart(9)).join(" | ")} |`;
}
