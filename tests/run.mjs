// @ts-check
/**
 * `npm test`: everything, or the suites that are named, as in `npm test -- native js`.
 *
 * Fetches first what a fresh clone lacks: npm packages, the wasm target, a build of `pkg/` where
 * the sources have changed, browsers, XMPP servers. The browser tests run in each engine that there is,
 * or in the one that `ENGINE` names, those of the link with each server; with `CI` set, all have to be
 * there.
 */

import { readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import {
  ensureFreshPackage,
  ensureNpmPackages,
  ensureRust,
  PreparationError,
  run as runFor,
  runMain,
  step,
} from "../xtask/prepare.mjs";
import { ensureBrowsers } from "./support/install-browsers.mjs";
import { ensureXmppClients, ensureXmppServers } from "./xmpp/support/install.mjs";

/** Several times what the slowest file takes (a minute), so that only one that hangs is ended. */
const FILE_TIMEOUT_MS = 8 * 60_000;

/** Likewise for a program that runs many tests, or compiles them. */
const SUITE_TIMEOUT_MS = 20 * 60_000;

/**
 * @param {string} command
 * @param {string[]} args
 */
const run = (command, args) => runFor(command, args, SUITE_TIMEOUT_MS);

/**
 * The tests that are in the folder itself.
 *
 * @param {string} folder
 */
const testsIn = (folder) =>
  readdirSync(new URL(folder, import.meta.url))
    .filter((file) => file.endsWith(".test.mjs"))
    .map((file) => `tests/${folder}/${file}`);

/**
 * @param {string[]} files
 * @param {string[]} options
 */
function nodeTest(files, ...options) {
  const always = ["--test", "--test-reporter=spec", `--test-timeout=${FILE_TIMEOUT_MS}`];
  // Node by itself leaves one processor idle, which is half of two.
  const atATime = `--test-concurrency=${availableParallelism()}`;
  run(process.execPath, [...always, atATime, ...options, ...files]);
}

/** @param {Awaited<ReturnType<typeof ensureBrowsers>>[number]} engine */
async function testInEngine({ name, title }) {
  step(`tests: browser, in ${title}`);
  const { ENGINE } = process.env;
  process.env.ENGINE = name;
  const files = [...testsIn("browser"), ...testsIn(`browser/${name}`)];
  // Measuring memory needs the machine to itself.
  const alone = files.filter((file) => path.basename(file) === "memory.test.mjs");
  const failed = await eachOf(
    [files.filter((file) => !alone.includes(file)), alone].filter(({ length }) => length > 0),
    (group) => (group === alone ? "memory" : "the others"),
    (group) => nodeTest(group, "--test-concurrency=2"),
  );
  if (ENGINE === undefined) delete process.env.ENGINE;
  else process.env.ENGINE = ENGINE;
  if (failed.length > 0) throw new PreparationError(`failed in ${title}: ${failed.join(", ")}`);
}

/**
 * Does each, whatever becomes of the others: each has something to say.
 *
 * @template T
 * @param {T[]} all
 * @param {(one: T) => string} nameOf
 * @param {(one: T) => void | Promise<void>} work
 * @returns {Promise<string[]>} the names of those that failed
 */
async function eachOf(all, nameOf, work) {
  const failed = [];
  for (const one of all) {
    try {
      await work(one);
    } catch (error) {
      console.error(`✗ ${error instanceof Error ? error.message : error}`);
      failed.push(nameOf(one));
      // Who has interrupted it means all of it; signals that came meanwhile are heard only now.
      await nextTurn();
    }
  }
  return failed;
}

/** Where `tests/js/trap.test.mjs` looks for a package that can be broken. */
const WITH_TRAP = path.join(process.env.CARGO_TARGET_DIR ?? "target", "with-trap");

/** With the link to XMPP servers, so that all suites share one build of the broker. */
const buildBroker = () => run("cargo", ["build", "--package", "broker", "--features", "xmpp"]);

/** @type {Record<string, () => void | Promise<void>>} */
const SUITES = {
  native: () => {
    const features = ["--features", "broker/xmpp,broker/sqlite"];
    run("cargo", ["test", "--workspace", "--exclude", "xtask", ...features]);
    // With the profile of `cargo xtask`, so that what it needs is compiled once.
    run("cargo", ["test", "--package", "xtask", "--profile", "dev"]);
  },
  package: () => nodeTest(testsIn("package")),
  // It compiles a copy of the tree.
  architecture: () => nodeTest(testsIn("architecture"), `--test-timeout=${SUITE_TIMEOUT_MS}`),
  js: () => {
    buildBroker();
    // Before the tests, some of which measure time.
    run("cargo", ["xtask", "build", "--with-trap", "--out", WITH_TRAP]);
    nodeTest(testsIn("js"));
  },
  browser: async () => {
    buildBroker();
    const engines = await ensureBrowsers(process.env.ENGINE);
    const failed = await eachOf(engines, ({ title }) => title, testInEngine);
    const passed = engines.length - failed.length;
    console.log(`engines: ${passed} passed, ${failed.length} failed`);
    if (failed.length > 0) throw new PreparationError(`failed in ${failed.join(", ")}`);
  },
  consumers: async () => {
    buildBroker();
    await ensureBrowsers("chromium");
    run(process.execPath, ["tests/consumers/run.mjs"]);
  },
  xmpp: async () => {
    buildBroker();
    ensureXmppServers();
    await ensureXmppClients();
    await ensureBrowsers("chromium");
    nodeTest(testsIn("xmpp"));
  },
};

await runMain(async () => {
  const named = process.argv.slice(2);
  const unknown = named.filter((name) => !Object.hasOwn(SUITES, name));
  if (unknown.length > 0) {
    const known = Object.keys(SUITES).join(", ");
    throw new PreparationError(`no suite is called ${unknown.join(", ")}; there are ${known}`);
  }
  ensureRust();
  ensureNpmPackages();
  await ensureFreshPackage();

  const chosen = Object.entries(SUITES).filter(([name]) => !named.length || named.includes(name));
  const failed = await eachOf(
    chosen,
    ([name]) => name,
    ([name, suite]) => {
      step(`tests: ${name}`);
      return suite();
    },
  );
  console.log(`suites: ${chosen.length - failed.length} passed, ${failed.length} failed`);
  if (failed.length > 0) throw new PreparationError(`failed: ${failed.join(", ")}`);
});
