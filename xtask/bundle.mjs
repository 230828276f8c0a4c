// @ts-check
/**
 * Makes the files of `pkg/` from what wasm-bindgen generated and the loader's sources, which
 * `cargo xtask build` has laid side by side in one directory.
 *
 *     node xtask/bundle.mjs <that directory> <output directory>
 */

import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import esbuild from "esbuild";
import { encode } from "./encode.mjs";

const [stage, out] = process.argv.slice(2).map((directory) => path.resolve(directory));
const manifest = JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8"));
const banner =
  `/*! ${manifest.name} ${manifest.version} | ${manifest.license} | ` +
  "generated from src/ by cargo xtask build */";

/** What `index.d.ts` promises to be able to run in; Node 20 and the browsers of its time. */
const target = "es2022";

/** What the loader uses of the bindings. */
const EXPORTS = "AgentAPI, initSync, attach, select, detach, attend, end_session";

await mkdir(out, { recursive: true });
// The sources are ES modules wherever this directory lies.
await writeFile(path.join(stage, "package.json"), '{ "type": "module" }\n');
await writeGlue();
await writeEmbeddedModule();
await Promise.all([
  writeEntry("index.js", "index.js", { format: "esm" }),
  // Only for `node` does esbuild add the hint by which `import` finds the names in a CommonJS file.
  writeEntry("index.js", "index.cjs", { format: "cjs", platform: "node" }),
  writeEntry("global.js", "agentapi.global.js", { format: "iife" }),
  writeEntry("workerd.js", "workerd.js", { format: "esm", external: ["./agentapi.wasm"] }),
  copyFile(path.join(stage, "agentapi.wasm"), path.join(out, "agentapi.wasm")),
  // Not shipped: what Rust exports, for the test that compares it with the hand-written types.
  copyFile(path.join(stage, "agentapi.d.ts"), path.join(out, "generated.d.ts")),
  writeTypes(),
]);

/**
 * Wraps the generated bindings in a function. As wasm-bindgen writes them they touch globals at
 * import (`TextDecoder`, `FinalizationRegistry`) and hold one instance for ever; as a function they
 * do neither, and their asynchronous code can be given another `queueMicrotask`.
 */
async function writeGlue() {
  const shortNames = JSON.parse(await readFile(path.join(stage, "short-names.json"), "utf8"));
  const { outputFiles, metafile } = await esbuild.build({
    absWorkingDir: stage,
    stdin: { contents: `export { ${EXPORTS} } from "./agentapi.js";`, resolveDir: stage },
    bundle: true,
    format: "cjs",
    target,
    plugins: [onlyTheBindings()],
    // The names that the module has by now.
    mangleProps: new RegExp(`^(${Object.keys(shortNames).join("|")})$`),
    mangleCache: shortNames,
    metafile: true,
    write: false,
    outfile: "glue.js",
  });
  const imports = [
    ...new Set(metafile.outputs["glue.js"].imports.map((imported) => imported.path)),
  ].sort();
  const source = [
    ...imports.map((file, index) => `import * as imported${index} from ${JSON.stringify(file)};`),
    `const imported = { ${imports.map((file, index) => `${JSON.stringify(file)}: imported${index}`).join(", ")} };`,
    "export function bind(queueMicrotask) {",
    "const module = { exports: {} };",
    "const require = (file) => imported[file];",
    outputFiles[0].text,
    "return module.exports;",
    "}",
  ].join("\n");
  const glue = path.join(stage, "glue.js");
  await writeFile(glue, source);
  // The bindings can be made without the module, so they are asked for their own shape.
  const { bind } = await import(pathToFileURL(glue).href);
  const types = await readFile(path.join(stage, "agentapi.d.ts"), "utf8");
  const shape = mapValues(bind(queueMicrotask).AgentAPI, (group) =>
    mapValues(group, (_, name) => parameterCount(types, name)),
  );
  await writeFile(glue, `${source}\nexport const shape = ${JSON.stringify(shape)};\n`);
}

/**
 * How many parameters a function has for its callers. The module takes them as one array, whose type
 * says what is in it.
 *
 * @param {string} types
 * @param {string} name
 */
function parameterCount(types, name) {
  const [, list] = new RegExp(`__${name}\\((?:\\w+: \\[(.*)\\])?`).exec(types) ?? [];
  // Every one is named, and so are those of a listener, which stand in brackets.
  return list?.replace(/\([^)]*\)/g, "").match(/\w+\??: /g)?.length ?? 0;
}

async function writeEmbeddedModule() {
  const encoded = encode(await readFile(path.join(stage, "agentapi.wasm")));
  await writeFile(
    path.join(stage, "embedded.js"),
    `export const embedded = ${JSON.stringify(encoded)};\n`,
  );
}

/**
 * @param {string} entry
 * @param {string} name
 * @param {esbuild.BuildOptions} options
 */
async function writeEntry(entry, name, options) {
  await esbuild.build({
    absWorkingDir: stage,
    entryPoints: [entry],
    outfile: path.join(out, name),
    bundle: true,
    minify: true,
    target,
    // A classic script is decoded by its page's character set, so it has to be ASCII.
    charset: "ascii",
    legalComments: "none",
    platform: "neutral",
    banner: { js: banner },
    ...options,
  });
}

// One text for both module systems; each needs its own file for TypeScript to believe it.
async function writeTypes() {
  const types = await readFile(path.join(stage, "index.d.ts"), "utf8");
  for (const name of ["index.d.ts", "index.d.cts"]) {
    await writeFile(path.join(out, name), `${banner}\n${types}`);
  }
}

/**
 * Leaves the loader's modules where they are: they have to stay the very same ones that the loader
 * itself imports.
 *
 * @returns {esbuild.Plugin}
 */
function onlyTheBindings() {
  return {
    name: "only-the-bindings",
    setup(build) {
      build.onResolve({ filter: /^\./ }, ({ path: file }) =>
        file === "./agentapi.js" ? undefined : { path: file, external: true },
      );
    },
  };
}

/**
 * @template Value, Result
 * @param {Record<string, Value>} object
 * @param {(value: Value, key: string) => Result} change
 */
function mapValues(object, change) {
  const entries = Object.entries(object).map(([key, value]) => [key, change(value, key)]);
  return Object.fromEntries(entries);
}
