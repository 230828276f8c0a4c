// @ts-check
/** Every crate that is built or tested with has an accepted licence; the module has each crate once. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

/** Licences that ask for no more than a notice. */
const PERMISSIVE = ["MIT", "Apache-2.0", "BSD-3-Clause", "Unicode-3.0", "Zlib"];

/** Crates under another licence. They are not in the library's module; the test broker's may contain them, because
 * its notices say where their source is. */
const EXCEPTIONS = { jid: "MPL-2.0" };

/** @typedef {{ name: string, version: string, license: string | null }} Crate */

/**
 * Whether a licence expression (SPDX, or the older form with a slash) can be met by accepted licences.
 * Parentheses are dropped after splitting at `AND`: a complicated expression is rather refused.
 *
 * @param {string | null} expression
 * @param {readonly string[]} accepted
 */
function isAccepted(expression, accepted) {
  if (!expression) return false;
  return expression.split(" AND ").every((part) =>
    part
      .replaceAll(/[()]/g, "")
      .split(/ OR |\//)
      .some((licence) => accepted.includes(licence.trim())),
  );
}

/** @param {readonly Crate[]} crates */
const refused = (crates) =>
  crates.filter(({ name, license }) => {
    const exception = Object.entries(EXCEPTIONS).find(([crate]) => crate === name)?.[1];
    return !isAccepted(license, exception ? [...PERMISSIVE, exception] : PERMISSIVE);
  });

/** The crates that are compiled into the module, of which another test says that the notices name all. */
async function cratesOfModule() {
  const notices = await readFile("THIRD-PARTY-NOTICES.txt", "utf8");
  return Array.from(notices.matchAll(/^([\w-]+) (\d[\w.+-]*) \((.*)\)$/gm), ([, name, version, license]) => {
    return { name, version, license };
  });
}

/** @param {readonly { name: string }[]} crates */
const repeated = (crates) => {
  const names = crates.map(({ name }) => name);
  return names.filter((name, index) => names.indexOf(name) !== index);
};

test("every crate in the graph has an accepted licence", () => {
  const args = ["metadata", "--format-version=1", "--locked"];
  const metadata = execFileSync(process.env.CARGO ?? "cargo", args, { encoding: "utf8", maxBuffer: 2 ** 28 });
  /** @type {Crate[]} */
  const crates = JSON.parse(metadata).packages;
  assert.ok(crates.length > 100, `only ${crates.length} crates were found`);
  assert.deepEqual(
    refused(crates).map(({ name, license }) => `${name}: ${license}`),
    [],
  );
});

test("every crate of the module can be used under a permissive licence, and is there once", async () => {
  const crates = await cratesOfModule();
  assert.ok(
    crates.some(({ name }) => name === "wasm-bindgen"),
    "the notices are read",
  );
  assert.deepEqual(
    crates.filter(({ license }) => !isAccepted(license, PERMISSIVE)),
    [],
  );
  assert.deepEqual(repeated(crates), []);
});

test("the notices of the test broker say where the source of a crate is if its licence asks for that", async () => {
  const notices = await readFile("THIRD-PARTY-NOTICES-TESTING.txt", "utf8");
  const crates = [...notices.matchAll(/^([\w-]+) (\d[\w.+-]*) \(([^)]*(?:\([^)]*\)[^)]*)*)\)(.*)$/gm)];
  assert.ok(crates.length > 60, `only ${crates.length} crates`);
  const others = crates.filter(([, , , license]) => !isAccepted(license, PERMISSIVE));
  assert.deepEqual(
    others.map(([, name, version, license, source]) => [
      name,
      license,
      source === `, source: https://crates.io/crates/${name}/${version}`,
    ]),
    Object.entries(EXCEPTIONS).map(([name, license]) => [name, license, true]),
  );
});

test("a licence that is not accepted, or none, is refused", () => {
  const expressions = [
    "GPL-3.0-only",
    "MIT AND GPL-3.0-only",
    "(MIT OR Apache-2.0) AND LGPL-2.1-or-later",
    "MPL-2.0",
    null,
  ];
  for (const license of expressions) {
    assert.equal(refused([{ name: "other", version: "1.0.0", license }]).length, 1, String(license));
  }
  for (const license of [
    "MIT",
    "MIT/Apache-2.0",
    "(MIT OR GPL-3.0-only) AND Unicode-3.0",
    "Apache-2.0 / MIT",
  ]) {
    assert.deepEqual(refused([{ name: "other", version: "1.0.0", license }]), [], license);
  }
  assert.deepEqual(repeated([{ name: "digest" }, { name: "hmac" }, { name: "digest" }]), ["digest"]);
});
