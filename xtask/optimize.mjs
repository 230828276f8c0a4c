// @ts-check
/** Makes a module smaller with Binaryen's `wasm-opt`: first by itself, then after brotli. */

import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { orderOf } from "./order.mjs";
import { ROOT, run } from "./prepare.mjs";
import { inspect, rust } from "./rust.mjs";

/**
 * What rustc and wasm-bindgen emit, named one by one so that wasm-opt introduces nothing that is newer
 * than Node 20 and the browsers of its time.
 */
const WASM_FEATURES = [
  "--enable-bulk-memory",
  "--enable-bulk-memory-opt",
  "--enable-multivalue",
  "--enable-mutable-globals",
  "--enable-nontrapping-float-to-int",
  "--enable-reference-types",
  "--enable-sign-ext",
];

/** Passes that leave instructions and data alone. */
const STRIPPED = ["--strip-debug", "--strip-producers", "--strip-target-features"];

const OPTIONS = [
  // The names of the functions are kept: the order and the report on sizes need them.
  "-g",
  // Inlining functions that have one caller makes fewer bytes, but more of them after brotli: apart,
  // functions resemble each other. The smallest are better inlined.
  "--one-caller-inline-max-function-size=20",
  "--always-inline-max-function-size=2",
  // The same holds for these two passes: fewer bytes, but less alike.
  "--skip-pass=simplify-locals",
  "--skip-pass=local-cse",
  // Rust keeps the stack there, and nothing is below 1 KB of it.
  "--low-memory-unused",
  ...WASM_FEATURES,
  "--strip-producers",
  "--strip-target-features",
  "--skip-pass=memory-packing",
];

/**
 * @param {string} input
 * @param {string} output
 * @param {string} scratch a directory for intermediate files
 */
export async function optimize(input, output, scratch) {
  const inScratch = (/** @type {string} */ name) => path.join(scratch, name);
  const smaller = inScratch("agentapi.smaller.wasm");
  wasmOpt(input, smaller, [
    "-Oz",
    // Once more, with the knowledge of what each function does not touch.
    ...["--generate-global-effects", "-Oz"],
    // And again, with that of which values are possible where, and which parameters matter.
    ...["--gufa", "-Oz", "--dae-optimizing"],
  ]);
  const numbered = inScratch("agentapi.numbered.wasm");
  await numberFunctions(smaller, numbered, inScratch("names.txt"));
  wasmOpt(numbered, output, ["--reorder-functions-by-name", "-Oz", "--dealign"]);
}

/**
 * In one run: it is small.
 *
 * @param {string} input
 * @param {string} output
 */
export function optimizeUnpacker(input, output) {
  wasmOpt(input, output, ["-Oz", ...STRIPPED], WASM_FEATURES);
}

/**
 * In one run, which takes a third of the time of `-Oz` and makes 5 % more bytes, but fewer after compression.
 *
 * @param {string} input
 * @param {string} output
 */
export function optimizeOnce(input, output) {
  wasmOpt(input, output, [...STRIPPED, "-O1"], WASM_FEATURES);
}

/**
 * @param {string} input
 * @param {string} output
 * @param {string[]} passes
 * @param {string[]} [options]
 */
function wasmOpt(input, output, passes, options = OPTIONS) {
  const program = path.join(ROOT, "node_modules/binaryen/bin/wasm-opt");
  run(process.execPath, [program, input, "-o", output, ...options, ...passes]);
}

/**
 * Puts a number before the name of each function, so that `wasm-opt` sorts them.
 *
 * @param {string} input
 * @param {string} output
 * @param {string} namesFile
 */
async function numberFunctions(input, output, namesFile) {
  const module = await readFile(input);
  const { functions } = inspect(input);
  const order = orderOf(functions.map(({ start, end }) => module.subarray(start, end)));
  /** @type {string[]} */
  const names = [];
  order.forEach((index, rank) => {
    names[index] = `${String(rank).padStart(5, "0")} ${functions[index].name}`;
  });
  await writeFile(namesFile, names.join("\n"));
  rust("rename", input, namesFile, output);
}
