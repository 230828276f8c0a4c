// @ts-check
/**
 * `npm test`: everything, or the suites that are named, as in `npm test -- native js`.
 *
 * Fetches first what a fresh clone lacks: npm packages, the wasm target, a build of `pkg/` where
 * the sources have changed, a browser.
 */

import { readdirSync } from "node:fs";
import {
  ensureFreshPackage,
  ensureNpmPackages,
  ensureRust,
  PreparationError,
  run,
  runMain,
  step,
} from "../xtask/prepare.mjs";
import { ensureBrowser } from "./support/install-browser.mjs";

/**
 * @param {string} folder
 * @param {string[]} options
 */
function nodeTest(folder, ...options) {
  const files = readdirSync(new URL(folder, import.meta.url))
    .filter((file) => file.endsWith(".test.mjs"))
    .map((file) => `tests/${folder}/${file}`);
  run(process.execPath, ["--test", "--test-reporter=spec", ...options, ...files]);
}

const buildBroker = () => run("cargo", ["build", "--package", "broker"]);

/** @type {Record<string, () => void | Promise<void>>} */
const SUITES = {
  native: () => run("cargo", ["test", "--workspace"]),
  package: () => nodeTest("package"),
  js: () => {
    buildBroker();
    nodeTest("js");
  },
  browser: async () => {
    buildBroker();
    await ensureBrowser();
    // One file at a time: the measurement of memory wants the machine to itself.
    nodeTest("browser", "--test-concurrency=1");
  },
  consumers: async () => {
    buildBroker();
    await ensureBrowser();
    run(process.execPath, ["tests/consumers/run.mjs"]);
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
  /** @type {string[]} */
  const failed = [];
  for (const [name, suite] of chosen) {
    step(`tests: ${name}`);
    try {
      await suite();
    } catch (error) {
      // The other suites have something to say all the same.
      console.error(`✗ ${error instanceof Error ? error.message : error}`);
      failed.push(name);
    }
  }
  console.log(`suites: ${chosen.length - failed.length} passed, ${failed.length} failed`);
  if (failed.length > 0) throw new PreparationError(`failed: ${failed.join(", ")}`);
});
