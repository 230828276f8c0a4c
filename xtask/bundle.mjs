// @ts-check
/** Writes the files of the package: a bundle for each kind of host, the module and the types. */

import { copyFile, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import esbuild from "esbuild";
import { ROOT } from "./prepare.mjs";
import { PLACEHOLDERS, withShortLines } from "./short-lines.mjs";
import { TARGET } from "./target.mjs";

/** @typedef {import("../src/loader/embedded.js").EmbeddedModule} EmbeddedModule */

const manifest = JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8"));
const BANNER = `/*! ${manifest.name} ${manifest.version} | ${manifest.license} */`;

/** Each bundle, the file of the loader that it starts from, and the options of esbuild for its host. */
const BUNDLES = /** @type {const} */ ([
  ["index.js", "index.js", { format: "esm" }],
  // Only for `node` does esbuild add the hint by which `import` finds the names in a CommonJS file.
  ["index.cjs", "index.js", { format: "cjs", platform: "node" }],
  ["agentapi.global.js", "global.js", { format: "iife" }],
  ["workerd.js", "workerd.js", { format: "esm", external: ["./agentapi.wasm"] }],
]);

/** The sources of the entry `things`, which are not staged: they use nothing that the build makes. */
const THINGS = path.join(ROOT, "src/things");

/** The bundles of that entry, each with the bundle of the main entry that it imports, and its options. */
const THINGS_BUNDLES = /** @type {const} */ ([
  ["things.js", "index.js", { format: "esm" }],
  ["things.cjs", "index.cjs", { format: "cjs", platform: "node" }],
  ["things.workerd.js", "workerd.js", { format: "esm" }],
]);

/** The sources of the command line, which take what the build makes from a plugin. */
const CLI = path.join(ROOT, "src/cli");

/** The sources of the entry `testing`, and its bundles with their options. */
const TESTING = path.join(ROOT, "src/testing");
const TESTING_BUNDLES = /** @type {const} */ ([
  ["testing.js", { format: "esm" }],
  ["testing.cjs", { format: "cjs", platform: "node" }],
]);

/**
 * @param {string} stage the directory with the loader, `glue.js` and the module
 * @param {string} out the directory of the package
 * @param {EmbeddedModule} embedded
 * @param {import("../src/cli/catalog.js").Catalog} catalog of the command line
 */
export async function writeBundles(stage, out, embedded, catalog) {
  // The sources are ES modules wherever this directory lies.
  await writeEmbedded(stage, embedded);
  const copy = (/** @type {string} */ name, to = name) =>
    copyFile(path.join(stage, name), path.join(out, to));
  await Promise.all([
    ...BUNDLES.map(async ([name, entry, options]) => {
      const code = await bundled(stage, entry, { ...options });
      const hasText = !("external" in options);
      await writeFile(path.join(out, name), withShortLines(code, hasText ? embedded : undefined));
    }),
    copy("agentapi.wasm"),
    // Not shipped: what Rust exports, for the test that compares it with the hand-written types.
    copy("agentapi.d.ts", "generated.d.ts"),
    copy("globals.d.ts", "agentapi.global.d.ts"),
    writeTypes(stage, out),
    writeThings(out),
    writeCli(out, catalog),
  ]);
}

/**
 * A module of the stage that holds the WebAssembly module, with places for its texts.
 *
 * @param {string} stage
 * @param {EmbeddedModule} embedded
 */
async function writeEmbedded(stage, embedded) {
  await writeFile(path.join(stage, "package.json"), '{ "type": "module" }\n');
  const json = JSON.stringify({ ...embedded, ...PLACEHOLDERS });
  await writeFile(path.join(stage, "embedded.js"), `export const embedded = ${json};\n`);
}

/**
 * @param {string} stage
 * @param {string} entry
 * @param {object} options
 */
async function bundled(stage, entry, options) {
  const { outputFiles } = await esbuild.build({
    absWorkingDir: stage,
    entryPoints: [entry],
    bundle: true,
    minify: true,
    target: TARGET,
    // A classic script is decoded by its page's character set, so it has to be ASCII.
    charset: "ascii",
    legalComments: "none",
    // The sources are modules, so their code is strict in a file of another kind too.
    tsconfigRaw: { compilerOptions: { alwaysStrict: true } },
    platform: "neutral",
    banner: { js: BANNER },
    ...options,
    write: false,
  });
  return outputFiles[0].text;
}

/**
 * The same types for both module systems; TypeScript wants a file for each.
 *
 * @param {string} stage
 * @param {string} out
 */
async function writeTypes(stage, out) {
  const types = await readFile(path.join(stage, "index.d.ts"), "utf8");
  for (const name of ["index.d.ts", "index.d.cts"]) {
    await writeFile(path.join(out, name), `${BANNER}\n${types}`);
  }
}

/**
 * The entry `things`: bundles, and types that import those of the main entry of the same module system.
 *
 * @param {string} out
 */
export async function writeThings(out) {
  for (const [name, main, options] of THINGS_BUNDLES) {
    const code = await bundled(THINGS, "index.js", { ...options, plugins: [importing(main)] });
    await writeFile(path.join(out, name), withShortLines(code));
  }
  await writeTypesOfEntry(path.join(THINGS, "index.d.ts"), "things", out);
}

/**
 * The types of an entry beside the main one, whose types they import, for both module systems.
 *
 * @param {string} file
 * @param {string} name of the entry
 * @param {string} out
 */
async function writeTypesOfEntry(file, name, out) {
  const types = await readFile(file, "utf8");
  for (const [ending, main] of [
    ["d.ts", "./index.js"],
    ["d.cts", "./index.cjs"],
  ]) {
    const code = types.replace(`"${manifest.name}"`, `"${main}"`);
    await writeFile(path.join(out, `${name}.${ending}`), `${BANNER}\n${code}`);
  }
}

/**
 * The command line: one file, for Node alone.
 *
 * @param {string} out
 * @param {import("../src/cli/catalog.js").Catalog} catalog
 */
export async function writeCli(out, catalog) {
  const plugins = [importing("index.js"), holding(catalog)];
  const code = await bundled(CLI, "main.js", { format: "esm", platform: "node", plugins });
  await writeFile(path.join(out, "cli.js"), withShortLines(code));
}

/**
 * Has a bundle hold a catalog as its module `catalog.js`.
 *
 * @param {import("../src/cli/catalog.js").Catalog} catalog
 * @returns {import("esbuild").Plugin}
 */
const holding = (catalog) => ({
  name: "catalog",
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^\.\/catalog\.js$/ }, () => ({ path: "catalog", namespace: "catalog" }));
    onLoad({ filter: /^/, namespace: "catalog" }, () => ({
      contents: `export const catalog = ${JSON.stringify(catalog)};`,
    }));
  },
});

/**
 * The entry `testing`, with the test broker's module as text.
 *
 * @param {string} stage the directory with its `glue.js`
 * @param {string} out
 * @param {EmbeddedModule} embedded
 */
export async function writeTesting(stage, out, embedded) {
  await writeEmbedded(stage, embedded);
  for (const [name, options] of TESTING_BUNDLES) {
    const code = await bundled(TESTING, "index.js", { ...options, plugins: [made(stage)] });
    await writeFile(path.join(out, name), withShortLines(code, embedded));
  }
  await writeTypesOfEntry(path.join(TESTING, "index.d.ts"), "testing", out);
}

/**
 * Finds what the build has made for a bundle in the stage.
 *
 * @param {string} stage
 * @returns {import("esbuild").Plugin}
 */
const made = (stage) => ({
  name: "made",
  setup: ({ onResolve }) =>
    onResolve({ filter: /^\.\/(embedded|glue)\.js$/ }, ({ path: file }) => ({
      path: path.join(stage, file),
    })),
});

/**
 * Has a bundle import the main entry as a file beside it, so that both are one copy of the package whatever
 * resolves its name, and in a page without an import map. Files of the loader in the bundle find the error class
 * there too.
 *
 * @param {string} main
 * @returns {import("esbuild").Plugin}
 */
const importing = (main) => ({
  name: "main entry",
  setup: ({ onResolve }) =>
    onResolve({ filter: new RegExp(`^(${manifest.name}|\\./error\\.js)$`) }, () => ({
      path: `./${main}`,
      external: true,
    })),
});
