// @ts-check
/**
 * Writes the licences of the crates that are compiled into the module, for those who redistribute it.
 *
 *     node xtask/notices.mjs            writes THIRD-PARTY-NOTICES.txt
 *     node xtask/notices.mjs --check    fails if the file does not fit Cargo.lock
 */

import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const FILE = path.join(ROOT, "THIRD-PARTY-NOTICES.txt");
const OWN = "neuron-agent-api";

/** The file of the MIT licence, or of the only licence of a crate. */
const LICENCES = /^licen[cs]e(-mit)?(\.(md|txt))?$/i;

/** Files of further licences, such as those of code that a crate includes. */
const OTHERS = /^licen[cs]e-(?!apache|mit)/i;

const HEAD = `The WebAssembly module of ${OWN} contains the following, each under the licence that follows its name.
Where there was a choice, it is MIT. Made from Cargo.lock by xtask/notices.mjs.
`;

/** @typedef {{ id: string, name: string, version: string, license: string, manifest_path: string, targets: { kind: string[] }[] }} Package */

/** The crates that are compiled into the module, in the order of their names. */
function crates() {
  const args = ["metadata", "--format-version=1", "--locked", "--filter-platform=wasm32-unknown-unknown"];
  /** @type {import("node:child_process").ExecFileSyncOptionsWithStringEncoding} */
  const options = { cwd: ROOT, encoding: "utf8", maxBuffer: 2 ** 28, stdio: ["ignore", "pipe", "inherit"] };
  const { packages, resolve } = JSON.parse(execFileSync(process.env.CARGO ?? "cargo", args, options));
  /** @type {Map<string, Package>} */
  const byId = new Map(packages.map((/** @type {Package} */ each) => [each.id, each]));
  /** @type {Map<string, any>} */
  const nodes = new Map(resolve.nodes.map((/** @type {any} */ node) => [node.id, node]));
  /** @type {Map<string, Package>} */
  const found = new Map();
  const visit = (/** @type {string} */ id) => {
    const each = byId.get(id);
    // A macro runs in the compiler.
    if (!each || found.has(id) || each.targets.some(({ kind }) => kind.includes("proc-macro"))) return;
    found.set(id, each);
    for (const { pkg, dep_kinds } of nodes.get(id).deps) {
      if (dep_kinds.some((/** @type {any} */ { kind }) => kind === null)) visit(pkg);
    }
  };
  for (const each of byId.values()) if (each.name === OWN) visit(each.id);
  return [...found.values()].filter(({ name }) => name !== OWN).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** @param {Package} crate */
function licenceOf({ name, manifest_path }) {
  const folder = path.dirname(manifest_path);
  const files = readdirSync(folder).sort();
  // "LICENSE-MIT", and where there is none, "LICENSE".
  const main = files.filter((file) => LICENCES.test(file)).at(-1);
  if (!main) throw new Error(`${name} has no licence that is known here: see ${folder}`);
  const texts = [main, ...files.filter((file) => OTHERS.test(file))].map((file) =>
    readFileSync(path.join(folder, file), "utf8").replace(/\r\n/g, "\n").trim(),
  );
  return texts.join("\n\n");
}

/** The licence of the standard library, which is not in Cargo.lock. */
function licenceOfRust() {
  const [, conditions] = readFileSync(path.join(ROOT, "LICENSE-MIT"), "utf8").split(/^(?=Permission is)/m);
  return `Copyright (c) The Rust Project Contributors\n\n${conditions.trim()}`;
}

function notices() {
  /** @type {Map<string, string[]>} */
  const byText = new Map();
  const add = (/** @type {string} */ title, /** @type {string} */ text) =>
    byText.set(text, [...(byText.get(text) ?? []), title]);
  for (const crate of crates()) add(`${crate.name} ${crate.version} (${crate.license})`, licenceOf(crate));
  add("the Rust standard library (MIT OR Apache-2.0)", licenceOfRust());
  const line = "=".repeat(80);
  return [
    HEAD,
    ...Array.from(byText, ([text, titles]) => `${line}\n${titles.join("\n")}\n${line}\n\n${text}\n`),
  ].join("\n");
}

const wanted = notices();
if (process.argv.includes("--check")) {
  if (readFileSync(FILE, "utf8") !== wanted) {
    console.error("THIRD-PARTY-NOTICES.txt is not what Cargo.lock asks for; run: node xtask/notices.mjs");
    process.exitCode = 1;
  }
} else {
  writeFileSync(FILE, wanted);
}
