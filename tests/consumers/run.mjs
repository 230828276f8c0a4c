// @ts-check
/**
 * The consumer matrix: the package as npm installs it, in each place where people use it, against the
 * real broker. A project below `projects/` is what a consumer writes: an import, calls, and nothing
 * that helps the tool.
 *
 *     node tests/consumers/run.mjs                                     all rows but those that take long
 *     node tests/consumers/run.mjs vite jest                           some rows
 *     node tests/consumers/run.mjs --long                              these as well
 *     node tests/consumers/run.mjs --package neuron-agent-api@1.2.3    a published version, or a tarball
 *     node tests/consumers/run.mjs --prove                             that the matrix finds what is broken
 */

import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { PreparationError, runMain } from "../../xtask/prepare.mjs";
import { LONG_ROWS } from "./long-rows.mjs";
import { runMatrix } from "./matrix.mjs";
import { prove } from "./prove.mjs";
import { ROWS } from "./rows.mjs";
import { pack } from "./support/stage.mjs";

await runMain(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      package: { type: "string" },
      long: { type: "boolean", default: false },
      prove: { type: "boolean", default: false },
    },
  });
  const all = { ...ROWS, ...LONG_ROWS };
  const unknown = positionals.filter((name) => !Object.keys(all).some((row) => isNamed(row, name)));
  if (unknown.length > 0) {
    const known = Object.keys(all).join(", ");
    throw new PreparationError(`no row is called ${unknown.join(", ")}; there are ${known}`);
  }
  const named = Object.entries(all).filter(([row]) => positionals.some((name) => isNamed(row, name)));
  const chosen = positionals.length > 0 ? Object.fromEntries(named) : values.long ? all : ROWS;

  const folder = await mkdtemp(path.join(tmpdir(), "neuron-agent-api-"));
  try {
    const spec = values.package === undefined ? await pack(folder) : located(values.package);
    const failed = values.prove ? await prove(spec, chosen) : await runMatrix(spec, chosen);
    if (failed > 0) process.exitCode = 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

/**
 * @param {string} row
 * @param {string} name its own, or what several begin with: `vite` for `vite-dev` and `vite-build`
 */
function isNamed(row, name) {
  return row === name || row.startsWith(`${name}-`);
}

/**
 * The package is installed from another folder than the one in which its path was written.
 *
 * @param {string} spec
 */
function located(spec) {
  return existsSync(spec) ? path.resolve(spec) : spec;
}
