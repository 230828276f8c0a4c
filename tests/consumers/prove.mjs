// @ts-check
/**
 * Proves that the matrix finds what is broken: breaks one thing at a time in the package as it was
 * installed, and expects those rows to fail that stand on it, and no others; and each row to fail once.
 */

import { readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { LONG_ROWS } from "./long-rows.mjs";
import { failedRows } from "./matrix.mjs";
import { ROWS } from "./rows.mjs";

/**
 * @typedef {object} Breakage
 * @property {(folder: string) => Promise<void>} harm
 * @property {string[]} fails
 */

/**
 * @param {string} file
 * @param {(text: string) => string} change
 * @returns {Breakage["harm"]}
 */
const edit = (file, change) => async (folder) => {
  const place = path.join(folder, file);
  const text = await readFile(place, "utf8");
  const changed = change(text);
  if (changed === text) throw new Error(`there is nothing to break in ${file}`);
  await writeFile(place, changed);
};

/** @param {(manifest: any) => void} change */
const manifest = (change) =>
  edit("package.json", (text) => {
    const parsed = JSON.parse(text);
    change(parsed);
    return JSON.stringify(parsed);
  });

/** @param {...string} names */
const withoutCondition = (...names) =>
  manifest(({ exports }) => {
    for (const name of names) delete exports["."][name];
  });

/**
 * @param {string} file
 * @returns {Breakage["harm"]}
 */
const without = (file) => (folder) => rm(path.join(folder, file));

const CLASSIC = ["script-classic", "worker-classic", "sandboxed-frame"];
const TYPES = ["types-node16", "types-nodenext", "types-bundler", "types-without-dom", "types-readme"];
const UNUSED = ["unused-esbuild", "unused-rollup", "unused-webpack", "unused-rspack"];
const WORKERD = ["workerd", "workerd-shared", "wrangler"];
const VITEST = ["vitest-node", "vitest-jsdom", "vitest-jsdom-vm", "vitest-happy-dom", "vitest-3"];

/** Those that ask for files by their own names. */
const URLS = ["vite-url", "webpack-url"];

/** Those that take `index.cjs`. */
const REQUIRES = ["node-20.0-cjs", "yarn-cjs", "jest", "jest-jsdom"];

/** Those that need another file than `index.js`, or none. */
const OTHERS = [...REQUIRES, ...WORKERD, ...CLASSIC, ...TYPES, ...UNUSED, ...URLS];

/** @type {Record<string, Breakage>} */
const BREAKAGES = {
  "no condition workerd": { harm: withoutCondition("workerd"), fails: WORKERD },
  "no condition bun": { harm: withoutCondition("bun"), fails: ["mixed-bun"] },
  "no condition module": { harm: withoutCondition("module"), fails: ["mixed-esbuild", "mixed-rspack"] },
  "no condition module-sync": {
    harm: withoutCondition("module-sync"),
    fails: ["pnpm", ...VITEST, "mixed-node"],
  },
  // webpack takes either.
  "neither of these two": {
    harm: withoutCondition("module", "module-sync"),
    fails: ["pnpm", ...VITEST, "mixed-node", "mixed-esbuild", "mixed-webpack", "mixed-rspack"],
  },
  "no condition require": {
    harm: withoutCondition("require"),
    // Yarn then has Node require the module.
    fails: ["node-20.0-cjs", "jest", "jest-jsdom", "types-node16"],
  },
  // No newer Node, bundler or browser needs it; esbuild with other conditions does, and TypeScript.
  "no condition default": {
    harm: withoutCondition("default"),
    fails: ["node-20.0-esm", "edge-runtime", ...VITEST, ...TYPES],
  },
  "no workerd.js": { harm: without("pkg/workerd.js"), fails: WORKERD },
  "no agentapi.wasm": { harm: without("pkg/agentapi.wasm"), fails: [...WORKERD, ...URLS] },
  "no index.cjs": { harm: without("pkg/index.cjs"), fails: REQUIRES },
  // The other ways to find types take those of the module, as the programs do.
  "no index.d.cts": { harm: without("pkg/index.d.cts"), fails: ["types-node16"] },
  "no index.d.ts": { harm: without("pkg/index.d.ts"), fails: [...TYPES, "angular"] },
  "no agentapi.global.js": { harm: without("pkg/agentapi.global.js"), fails: [...CLASSIC, ...URLS] },
  "no sideEffects": { harm: manifest((parsed) => delete parsed.sideEffects), fails: UNUSED },
  "index.js fails": {
    harm: edit("pkg/index.js", (code) => `throw new Error("broken");${code}`),
    fails: Object.keys({ ...ROWS, ...LONG_ROWS }).filter((name) => !OTHERS.includes(name)),
  },
  "code made at run time": {
    harm: edit("pkg/index.js", (code) => `new Function("");${code}`),
    fails: ["edge-runtime", "extension", "policy", "policy-without-wasm"],
  },
  "storage needed": {
    harm: edit("pkg/agentapi.global.js", (code) => `sessionStorage;${code}`),
    fails: ["worker-classic", "sandboxed-frame"],
  },
  "errors of its own copy only": {
    harm: edit("pkg/index.js", (code) =>
      code.replace(/Symbol\.for(?=\(.neuron-agent-api\.AgentApiError)/, "Symbol"),
    ),
    fails: ["two-copies"],
  },
  "no word of the policy": {
    harm: edit("pkg/index.js", (code) => code.replace("script-src 'self' 'wasm-unsafe-eval'", "something")),
    fails: ["policy-without-wasm"],
  },
  "no word of WebAssembly": {
    harm: edit("pkg/index.js", (code) => code.replace("has no WebAssembly", "lacks something")),
    fails: ["node-without-wasm"],
  },
};

/**
 * @param {string} spec
 * @param {Record<string, import("./support/kinds.mjs").Row>} rows
 * @returns {Promise<number>} how many breakages were not found as expected
 */
export async function prove(spec, rows) {
  /** @type {Set<string>} */
  const bitten = new Set();
  let failed = 0;
  for (const [what, { harm, fails }] of Object.entries(BREAKAGES)) {
    const change = (/** @type {string} */ stage) =>
      harm(path.join(stage, "node_modules", "neuron-agent-api"));
    const found = await failedRows(spec, rows, () => {}, change);
    const expected = Object.keys(rows).filter((name) => fails.includes(name));
    const isExact = found.join() === expected.join();
    console.log(`${isExact ? "ok  " : "FAIL"}  ${what.padEnd(28)}  fails: ${list(found)}`);
    if (!isExact) console.log(`        expected: ${list(expected)}`);
    if (!isExact) failed += 1;
    for (const name of found) bitten.add(name);
  }
  const never = Object.keys(rows).filter((name) => !bitten.has(name));
  if (never.length > 0) console.log(`FAIL  rows that never failed: ${list(never)}`);
  if (never.length > 0) failed += 1;
  console.log(`proofs: ${Object.keys(BREAKAGES).length + 1 - failed} passed, ${failed} failed`);
  return failed;
}

const list = (/** @type {string[]} */ names) => names.join(", ") || "none";
