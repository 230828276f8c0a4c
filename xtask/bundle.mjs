// @ts-check
/**
 * Makes the files of `pkg/` from what wasm-bindgen generated and the loader's sources, which
 * `cargo xtask build` has laid side by side in one directory.
 *
 *     node xtask/bundle.mjs <that directory> <module in it, with names> <output directory>
 */

import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import esbuild from "esbuild";
import { encode } from "./encode.mjs";
import { CUSTOM, join, sections } from "./sections.mjs";

const [stage, named, out] = process.argv
  .slice(2)
  .map((argument, index) => (index === 1 ? argument : path.resolve(argument)));
const manifest = JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8"));
const banner =
  `/*! ${manifest.name} ${manifest.version} | ${manifest.license} | ` +
  "generated from src/ by cargo xtask build */";

/** What `index.d.ts` promises to be able to run in; Node 20 and the browsers of its time. */
const target = "es2022";

/**
 * Stands for the text of the module until the end: the minifier would choose names by its characters, and
 * others compress better.
 */
const PLACE_OF_TEXT = "the text of the module";

/** What the loader uses of the bindings. */
const EXPORTS = "start, call, attach, select, detach, attend, end_session, step";

/** The functions of the library, as the bindings name them. */
const FUNCTION = /^AgentAPI__([A-Za-z]+)__([A-Za-z]+)$/;

/** What a function of the library does in the bindings: it promises, or gives or throws at once. */
const BODIES = [
  "const ret = wasm.NAME(_arguments); return ret;",
  "const ret = wasm.NAME(_arguments); if (ret[2]) { throw takeFromExternrefTable0(ret[1]); } " +
    "return takeFromExternrefTable0(ret[0]);",
];

await mkdir(out, { recursive: true });
// The sources are ES modules wherever this directory lies.
await writeFile(path.join(stage, "package.json"), '{ "type": "module" }\n');
const module = withoutNames(await readFile(path.join(stage, named)));
const encoded = encode(module);
await writeFile(path.join(stage, "agentapi.wasm"), module);
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
  const { outputFiles } = await esbuild.build({
    absWorkingDir: stage,
    stdin: { contents: `export { ${EXPORTS} } from "./agentapi.js";`, resolveDir: stage },
    bundle: true,
    format: "esm",
    target,
    plugins: [onlyTheBindings(shortNames)],
    // The names that the module has by now.
    mangleProps: new RegExp(`^(${Object.keys(shortNames).join("|")})$`),
    mangleCache: shortNames,
    write: false,
  });
  const imports = /^import .*;$/gm;
  const text = outputFiles[0].text;
  const types = await readFile(path.join(stage, "agentapi.d.ts"), "utf8");
  const source = [
    ...(text.match(imports) ?? []),
    "export function bind(queueMicrotask, TextDecoder, TextEncoder) {",
    // The module frees each of its closures itself; to watch over them takes a part of each call.
    "const FinalizationRegistry = undefined;",
    text.replace(imports, "").replace(/^export \{/m, "return {"),
    "}",
    `export const shape = ${JSON.stringify(shapeOf(shortNames, types))};`,
  ].join("\n");
  await writeFile(path.join(stage, "glue.js"), source);
}

/**
 * The groups of the library, their functions in the order of their numbers, and how many parameters
 * each has.
 *
 * @param {Record<string, string>} shortNames
 * @param {string} types
 */
function shapeOf(shortNames, types) {
  /** @type {Record<string, Record<string, number>>} */
  const shape = {};
  for (const name of Object.keys(shortNames)) {
    const [, group, method] = FUNCTION.exec(name) ?? [];
    if (group) (shape[group] ??= {})[method] = parameterCount(types, method);
  }
  return shape;
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

/**
 * The module without what engines pass over.
 *
 * @param {Uint8Array} bytes
 */
function withoutNames(bytes) {
  return join(sections(bytes).filter(({ id }) => id !== CUSTOM));
}

async function writeEmbeddedModule() {
  await writeFile(
    path.join(stage, "embedded.js"),
    `export const embedded = ${JSON.stringify({ ...encoded, text: PLACE_OF_TEXT })};\n`,
  );
}

/**
 * Node prints the line on which an uncaught error was thrown. So the text of the module has a line of
 * its own, a `throw` of what was made before has one, and each function begins one.
 *
 * @param {string} code
 */
function withShortLines(code) {
  return code
    .replace(`"${PLACE_OF_TEXT}"`, () => `\n"${encoded.text}"\n`)
    .replace(/\}(?=(?:async )?function |class )/g, "}\n")
    .replace(/\bthrow [^;{}"'`]+[;}]/g, (statement) => `\n${statement}\n`);
}

/**
 * @param {string} entry
 * @param {string} name
 * @param {esbuild.BuildOptions} options
 */
async function writeEntry(entry, name, options) {
  const { outputFiles } = await esbuild.build({
    absWorkingDir: stage,
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    target,
    // A classic script is decoded by its page's character set, so it has to be ASCII.
    charset: "ascii",
    legalComments: "none",
    platform: "neutral",
    banner: { js: banner },
    ...options,
  });
  await writeFile(path.join(out, name), withShortLines(outputFiles[0].text));
}

// One text for both module systems; each needs its own file for TypeScript to believe it.
async function writeTypes() {
  const types = await readFile(path.join(stage, "index.d.ts"), "utf8");
  for (const name of ["index.d.ts", "index.d.cts"]) {
    await writeFile(path.join(out, name), `${banner}\n${types}`);
  }
  await copyFile(path.join(stage, "globals.d.ts"), path.join(out, "agentapi.global.d.ts"));
}

/**
 * Leaves the loader's modules where they are: they have to stay the very same ones that the loader
 * itself imports.
 *
 * @param {Record<string, string>} shortNames
 * @returns {esbuild.Plugin}
 */
function onlyTheBindings(shortNames) {
  return {
    name: "only-the-bindings",
    setup(build) {
      build.onResolve({ filter: /^\./ }, ({ path: file }) =>
        file === "./agentapi.js" ? undefined : { path: file, external: true },
      );
      build.onLoad({ filter: /agentapi\.js$/ }, async ({ path: file }) => ({
        contents: withOneCall(await readFile(file, "utf8"), shortNames),
      }));
    },
  };
}

/**
 * Gives the bindings one function that calls any of the library's, in the place of one for each and
 * a tree of their names; and a plain start.
 *
 * @param {string} bindings
 * @param {Record<string, string>} shortNames
 */
function withOneCall(bindings, shortNames) {
  const functions = /^function (AgentAPI__\w+)\((?:_arguments)?\) \{\n([^]*?)\n\}/gm;
  for (const [, name, body] of bindings.matchAll(functions)) {
    const known = body.replace(/\s+/g, " ").trim().replace(`${name}()`, `${name}(_arguments)`);
    if (!BODIES.includes(known.replaceAll(name, "NAME"))) {
      throw new Error(`the binding of ${name} is of an unknown kind: give it one of the others`);
    }
  }
  const numbers = Object.entries(shortNames)
    .filter(([name]) => FUNCTION.test(name))
    .map(([, short]) => Number(short.slice(1)));
  if (numbers.some((number, index) => number !== numbers[0] + index)) {
    throw new Error("the exports of the library do not stand together");
  }
  return `${bindings.replace(/^(export const AgentAPI = |AgentAPI\.).*\n/gm, "")}
    export function start(module) {
      __wbg_finalize_init(new WebAssembly.Instance(module, __wbg_get_imports()), module);
    }
    export function call(number, args) {
      const result = wasm["_" + (${numbers[0]} + number)](args);
      if (!Array.isArray(result)) return result;
      if (result[2]) throw takeFromExternrefTable0(result[1]);
      return takeFromExternrefTable0(result[0]);
    }`;
}
