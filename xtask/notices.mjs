// @ts-check
/**
 * Writes the licences of the crates that are compiled into the modules, for those who redistribute them.
 *
 *     node xtask/notices.mjs            writes THIRD-PARTY-NOTICES.txt, and THIRD-PARTY-NOTICES-TESTING.txt
 *     node xtask/notices.mjs --check    fails if a file does not fit Cargo.lock
 */

import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** The crates of this project. */
const OWN = ["neuron-agent-api", "broker", "test-broker"];

/** Each module, by the crate that it is compiled from, and the file of its notices. */
const MODULES = /** @type {const} */ ([
  ["neuron-agent-api", "THIRD-PARTY-NOTICES.txt", "The WebAssembly module of neuron-agent-api"],
  ["test-broker", "THIRD-PARTY-NOTICES-TESTING.txt", "The WebAssembly module of neuron-agent-api/testing"],
]);

/** The file of the MIT licence, or of the only licence of a crate. */
const LICENCES = /^licen[cs]e(-mit)?(\.(md|txt))?$/i;

/** Files of further licences, such as those of code that a crate includes. */
const OTHERS = /^licen[cs]e-(?!apache|mit)/i;

/** @param {string} module */
const headOf = (module) => `${module} contains the following, each under the licence that follows its name.
Where there was a choice, it is MIT. Made from Cargo.lock by xtask/notices.mjs.
`;

/** A licence that asks to say where the source is (MPL-2.0 §3.2). */
const WITH_SOURCE = "MPL-2.0";

/** @typedef {{ id: string, name: string, version: string, license: string, authors: string[], manifest_path: string, targets: { kind: string[] }[] }} Package */

/**
 * The crates that are compiled into a module, in the order of their names.
 *
 * @param {string} root the crate of the module
 */
function crates(root) {
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
  for (const each of byId.values()) if (each.name === root) visit(each.id);
  return [...found.values()]
    .filter(({ name }) => !OWN.includes(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** @param {Package} crate */
function licenceOf({ name, license, authors, manifest_path }) {
  const folder = path.dirname(manifest_path);
  const files = readdirSync(folder).sort();
  // "LICENSE-MIT", and where there is none, "LICENSE".
  const main =
    files.filter((file) => LICENCES.test(file)).at(-1) ??
    files.find((file) => /^licen[cs]e-apache/i.test(file));
  // Some ship no file, and name the licence only.
  if (!main && /\bMIT\b/.test(license)) return mitLicenceOf(authors.join(", ") || `the authors of ${name}`);
  if (!main) throw new Error(`${name} has no licence that is known here: see ${folder}`);
  const texts = [main, ...files.filter((file) => OTHERS.test(file))].map((file) =>
    readFileSync(path.join(folder, file), "utf8").replace(/\r\n/g, "\n").trim(),
  );
  return texts.join("\n\n");
}

/** @param {string} owner of the copyright */
function mitLicenceOf(owner) {
  const [, conditions] = readFileSync(path.join(ROOT, "LICENSE-MIT"), "utf8").split(/^(?=Permission is)/m);
  return `Copyright (c) ${owner}\n\n${conditions.trim()}`;
}

/**
 * @param {string} root
 * @param {string} module
 */
function notices(root, module) {
  /** @type {Map<string, string[]>} */
  const byText = new Map();
  const add = (/** @type {string} */ title, /** @type {string} */ text) =>
    byText.set(text, [...(byText.get(text) ?? []), title]);
  for (const crate of crates(root)) {
    const { name, version, license } = crate;
    const source = license.includes(WITH_SOURCE)
      ? `, source: https://crates.io/crates/${name}/${version}`
      : "";
    add(`${name} ${version} (${license})${source}`, licenceOf(crate));
  }
  // It is not in Cargo.lock.
  add("the Rust standard library (MIT OR Apache-2.0)", mitLicenceOf("The Rust Project Contributors"));
  const line = "=".repeat(80);
  return [
    headOf(module),
    ...Array.from(byText, ([text, titles]) => `${line}\n${titles.join("\n")}\n${line}\n\n${text}\n`),
  ].join("\n");
}

for (const [root, name, module] of MODULES) {
  const file = path.join(ROOT, name);
  const wanted = notices(root, module);
  if (!process.argv.includes("--check")) writeFileSync(file, wanted);
  else if (readFileSync(file, "utf8") !== wanted) {
    console.error(`${name} is not what Cargo.lock asks for; run: node xtask/notices.mjs`);
    process.exitCode = 1;
  }
}
