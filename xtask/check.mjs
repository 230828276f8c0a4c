// @ts-check
/** `npm run check`: format, lint and types of all JavaScript. `npx biome check --write` fixes the first two. */

import path from "node:path";
import { ensureNpmPackages, ROOT, run, runMain, step } from "./prepare.mjs";

/** Each has a `tsconfig.json` that says in what its files run. */
const FOLDERS = ["src/loader", "src/things", "src/cli", "src/testing", "xtask", "bench", "www", "tests"];

/**
 * Runs a program of an npm package.
 *
 * @param {string} script
 * @param {string[]} args
 */
const runPackage = (script, ...args) =>
  run(process.execPath, [path.join(ROOT, "node_modules", script), ...args]);

await runMain(async () => {
  ensureNpmPackages();
  step("format and lint (biome check)");
  runPackage("@biomejs/biome/bin/biome", "check", "--error-on-warnings");
  for (const folder of FOLDERS) {
    step(`types in ${folder} (tsc)`);
    runPackage("typescript/bin/tsc", "--project", folder);
  }
});
