// @ts-check
/** Writes `glue.js`, through which the loader uses the module, from the bindings of wasm-bindgen. */

import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import esbuild from "esbuild";
import { inOrderOfExports, USED, USED_FOR_TESTS, withOneCall, wrapInFunction } from "./bindings.mjs";
import { TARGET } from "./target.mjs";

/**
 * @param {string} stage the directory with the bindings and the loader
 * @param {import("./bindings.mjs").FunctionTable} library its functions
 */
export async function writeGlue(stage, library) {
  const read = (/** @type {string} */ name) => readFile(path.join(stage, name), "utf8");
  const shortNames = JSON.parse(await read("short-names.json"));
  const { table, first } = inOrderOfExports(library, shortNames);
  const bindings = withOneCall(await read("agentapi.js"), shortNames, first);
  const used = await withoutUnused(bindings, USED, stage);
  const glue = `${wrapInFunction(used)}export const functionTable = ${JSON.stringify(table)};\n`;
  await writeFile(path.join(stage, "glue.js"), glue);
}

/**
 * Writes `glue.js` for the test broker.
 *
 * @param {string} stage the directory with its bindings
 */
export async function writeTestGlue(stage) {
  const bindings = await readFile(path.join(stage, "testing.js"), "utf8");
  const used = await withoutUnused(bindings, USED_FOR_TESTS, stage);
  const glue = wrapInFunction(used, USED_FOR_TESTS, ["TextDecoder", "TextEncoder"]);
  await writeFile(path.join(stage, "glue.js"), glue);
}

/**
 * Removes from bindings all but what is used. The modules of the loader that they import
 * stay imports: the loader has to share them.
 *
 * @param {string} bindings
 * @param {string[]} used
 * @param {string} stage
 */
async function withoutUnused(bindings, used, stage) {
  const { outputFiles } = await esbuild.build({
    absWorkingDir: stage,
    stdin: { contents: `export { ${used.join(", ")} } from "bindings";`, resolveDir: stage },
    bundle: true,
    format: "esm",
    target: TARGET,
    tsconfigRaw: {},
    write: false,
    plugins: [
      {
        name: "bindings",
        setup(build) {
          build.onResolve({ filter: /^bindings$/ }, ({ path }) => ({ path, namespace: "bindings" }));
          build.onResolve({ filter: /^\./ }, ({ path }) => ({ path, external: true }));
          build.onLoad({ filter: /^/, namespace: "bindings" }, () => ({ contents: bindings }));
        },
      },
    ],
  });
  return outputFiles[0].text;
}
