// @ts-check
/**
 * Measures the package, and refuses one that has grown past its budget.
 *
 *     node xtask/sizes.mjs <package directory> [<report to write>]
 */

import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

/**
 * In bytes, of `index.js` compressed with brotli: what a page adds to its download. Room for the
 * Agent API to grow into, but not for a dependency of the kind that was measured and left out:
 * `serde_json` alone adds 26 KB, Unicode tables for addresses 140 KB.
 */
const BUDGET = 80 * 1024;

const MEASURED = ["agentapi.wasm", "index.js", "index.cjs", "agentapi.global.js", "workerd.js"];

const [directory, report] = process.argv.slice(2);
const sizes = await Promise.all(MEASURED.map(async (file) => [file, ...(await measure(file))]));
const table = [
  ["file", "raw", "gzip -9", "brotli 11"],
  ["---", "---:", "---:", "---:"],
  ...sizes.map(([file, ...bytes]) => [file, ...bytes.map((size) => Number(size).toLocaleString("en"))]),
].map(formatRow).join("\n");

console.log(table);
if (report) {
  await writeFile(
    report,
    `# Size of the package\n\nIn bytes, as \`cargo xtask build\` measured it. The budget: \`index.js\` at most ${BUDGET.toLocaleString("en")} with brotli.\n\n${table}\n`,
  );
}

const compressed = Number(sizes.find(([file]) => file === "index.js")?.at(-1));
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
  const content = await readFile(path.join(directory, file));
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
  return [
    content.length,
    gzipSync(content, { level: constants.Z_BEST_COMPRESSION }).length,
    brotliCompressSync(content, quality).length,
  ];
}

/** @param {(string | number)[]} cells */
function formatRow([file, ...numbers]) {
  return `| ${String(file).padEnd(18)} | ${numbers.map((cell) => String(cell).padStart(9)).join(" | ")} |`;
}
