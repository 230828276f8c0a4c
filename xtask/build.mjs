// @ts-check
/**
 * Builds the npm package from the sources: `make` has the steps in their order, each of which is a file.
 *
 * `cargo xtask build` and `cargo xtask check` run this file. The steps that need cargo, wasm-bindgen or a
 * parser of WebAssembly are commands of the same program (`xtask/src/main.rs`), called by `rust.mjs`.
 */

import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { writeBundles, writeTesting } from "./bundle.mjs";
import { catalogOf } from "./catalog.mjs";
import { differences, replace } from "./compare.mjs";
import { withValues } from "./declarations.mjs";
import { digestOfSources, record } from "./digests.mjs";
import { documents, writeDocuments } from "./documents.mjs";
import { encode } from "./encode.mjs";
import { functionTableOf } from "./function-table.mjs";
import { writeGlue, writeTestGlue } from "./glue.mjs";
import { optimize, optimizeOnce, optimizeUnpacker } from "./optimize.mjs";
import { PreparationError, ROOT, runMain } from "./prepare.mjs";
import { declarations, rust, rustBeside, withoutCustomSections } from "./rust.mjs";
import { budgetError, sizeReport, sizeTable } from "./sizes.mjs";
import { describedGroupsOf, withTypesOf } from "./types.mjs";

const USAGE = `\
usage: cargo xtask build [--out DIR]               make the npm package (in pkg/)
       cargo xtask build --with-trap --out DIR     one whose module can be broken on purpose, for tests
       cargo xtask check                           fail unless pkg/ is what the sources make`;

const PACKAGE = path.join(ROOT, "pkg");

/** Intermediate files; `Workspace::scratch` in Rust is the same directory. */
const SCRATCH = path.resolve(ROOT, process.env.CARGO_TARGET_DIR ?? "target", "pkg");

/** The module with the names of its functions, which only the report on sizes needs. */
const NAMED = path.join(SCRATCH, "stage/agentapi.named.wasm");

/**
 * Makes the package in a directory. Nothing reaches it before every step has succeeded.
 *
 * @param {string} destination
 * @param {string[]} [features] of the crate
 */
async function make(destination, features = []) {
  const stage = await emptyDirectory("stage");
  const made = await emptyDirectory("made");

  // The state of the sources, before they are read: an edit during the build makes the package stale.
  const sources = await digestOfSources();

  // Rust to WebAssembly, and the JavaScript bindings that wasm-bindgen generates for it.
  rust("module", stage, ...features);

  // What makes modules of texts again.
  const unpacker = await makeUnpacker(stage);

  // The entry `testing`, which the package with features has no use for, is made beside the others: it takes
  // as long, and most steps keep one processor busy.
  const isWhole = features.length === 0;
  const testing = await emptyDirectory("testing");
  const [library] = await Promise.all([
    makeLibrary(stage, made, unpacker, isWhole),
    isWhole && makeTesting(testing, made, unpacker),
  ]);

  // The package, and the record of what it was made from.
  await replace(destination, made);
  await record(destination, sources);
  return library;
}

/**
 * All entries but `testing`.
 *
 * @param {string} stage the directory with the module and its bindings
 * @param {string} out
 * @param {Buffer} unpacker
 * @param {boolean} isSmall whether the module is made as small as it ships
 */
async function makeLibrary(stage, out, unpacker, isSmall) {
  // The loader beside the bindings: both import `./error.js`, and it has to be one file.
  await cp(path.join(ROOT, "src/loader"), stage, { recursive: true });

  // A smaller module, its functions in an order that compresses well.
  progress("making the module smaller");
  const compiled = path.join(stage, "agentapi_bg.wasm");
  if (isSmall) await optimize(compiled, NAMED, stage);
  else optimizeOnce(compiled, NAMED);

  // The module as it ships: without the names of its functions.
  const module = withoutCustomSections(await readFile(NAMED), NAMED);
  await writeFile(path.join(stage, "agentapi.wasm"), module);

  // The declarations of all resources: for tests, and as types beside those that are written by hand.
  const resources = declarations();
  await writeFile(path.join(out, "resources.json"), linesOf(withValues(resources)));
  const types = withTypesOf(await readFile(path.join(stage, "index.d.ts"), "utf8"), resources);
  await writeFile(path.join(stage, "index.d.ts"), types);

  // The functions of the library.
  const table = functionTableOf(await readFile(path.join(stage, "agentapi.d.ts"), "utf8"), resources);

  // The bindings as a function that the loader calls for each instance.
  progress("bundling");
  await writeGlue(stage, table);

  // What the command line shows and reads arguments by.
  const { version } = JSON.parse(await readFile(path.join(ROOT, "package.json"), "utf8"));
  const catalog = catalogOf(resources, describedGroupsOf(types), version);

  // Loader, bindings and the module as text: a file for each kind of host, and the types.
  await writeBundles(stage, out, encode(module, unpacker), catalog);
  return { resources, types };
}

/** @param {string} stage */
async function makeUnpacker(stage) {
  const compiled = path.join(stage, "unpack.compiled.wasm");
  const unpacker = path.join(stage, "unpack.wasm");
  rust("unpacker", compiled);
  optimizeUnpacker(compiled, unpacker);
  return readFile(unpacker);
}

/**
 * The entry `testing`: the broker as a module of its own, in bundles of its own.
 *
 * @param {string} stage an empty directory
 * @param {string} out
 * @param {Buffer} unpacker
 */
async function makeTesting(stage, out, unpacker) {
  await rustBeside("test-broker", stage);
  progress("making the test broker smaller");
  const broker = path.join(stage, "broker.wasm");
  optimizeOnce(path.join(stage, "testing_bg.wasm"), broker);
  await writeTestGlue(stage);
  await writeTesting(stage, out, encode(await readFile(broker), unpacker));
}

/** @param {unknown[]} items */
const linesOf = (items) => `[\n${items.map((item) => JSON.stringify(item)).join(",\n")}\n]\n`;

/** @param {string} destination */
async function build(destination) {
  const { resources, types } = await make(destination);
  progress(`made ${destination}`);
  if (destination === PACKAGE) {
    await writeDocuments(resources, types, destination);
    await writeFile(path.join(ROOT, "docs/size.md"), await sizeReport(destination, NAMED));
  }
  await measure(destination);
}

/** Compares all that `build` writes but `docs/size.md`, whose numbers depend on the compressors of this Node. */
async function check() {
  const freshDirectory = path.join(SCRATCH, "check");
  const { resources, types } = await make(freshDirectory);
  const different = await differences(PACKAGE, freshDirectory);
  for (const { file, text, expectedText } of await documents(resources, types, freshDirectory)) {
    if (text !== expectedText) different.push(`${path.relative(ROOT, fileURLToPath(file))} differs`);
  }
  if (different.length > 0) {
    const list = different.join("\n  ");
    throw new PreparationError(
      `What is generated is not what the sources make; run: cargo xtask build\n  ${list}`,
    );
  }
  progress("pkg/ is exactly what the sources make");
  await measure(freshDirectory);
}

/**
 * Prints the size of each file. Last, so that the files of a package that is too large can be looked at.
 *
 * @param {string} directory
 */
async function measure(directory) {
  console.log(await sizeTable(directory));
  const error = await budgetError(directory);
  if (error) throw new PreparationError(error);
}

/** @param {string} name */
async function emptyDirectory(name) {
  const directory = path.join(SCRATCH, name);
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  return directory;
}

/** @param {string} message */
function progress(message) {
  console.error(`xtask: ${message}`);
}

await runMain(async () => {
  const [command, ...options] = process.argv.slice(2);
  const out = options.at(-2) === "--out" ? path.resolve(options.at(-1) ?? "") : undefined;
  const rest = out ? options.slice(0, -2) : options;
  if (command === "check" && options.length === 0) await check();
  else if (command === "build" && rest.length === 0) await build(out ?? PACKAGE);
  else if (command === "build" && out && rest.join() === "--with-trap") await make(out, ["trap"]);
  else {
    console.error(USAGE);
    process.exitCode = 1;
  }
});
