// @ts-check
/** The tools that the projects are built and run with, installed once for each lock file. */

import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { PreparationError, ROOT, step } from "../../../xtask/prepare.mjs";

const consumers = fileURLToPath(new URL("../", import.meta.url));

/** With a slow network; a registry that keeps silent is waited for no longer. */
const TIMEOUT_MS = 10 * 60_000;

/**
 * What is installed together: `tools`, or the name of a folder below `heavy/`, whose tools are so many
 * that only those install them who ask for its row.
 *
 * @typedef {string} Toolbox
 */

/**
 * @param {Toolbox} toolbox
 * @returns {string} the folder whose `node_modules` has them
 */
export function installTools(toolbox) {
  const manifests = toolbox === "tools" ? consumers : path.join(consumers, "heavy", toolbox);
  const folder = path.join(ROOT, "target", "consumers", toolbox);
  const files = ["package.json", "package-lock.json"];
  const wanted = files.map((file) => readFileSync(path.join(manifests, file), "utf8")).join("");
  const done = path.join(folder, "installed");
  if (existsSync(done) && readFileSync(done, "utf8") === wanted) return folder;

  step(`installing the tools of the consumer matrix (npm ci): ${toolbox}`);
  rmSync(done, { force: true });
  mkdirSync(folder, { recursive: true });
  for (const file of files) {
    copyFileSync(path.join(manifests, file), path.join(folder, file));
  }
  finish("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], folder);
  // Of all their install scripts only Bun's is needed: it puts the program of this platform in place.
  const bun = path.join(folder, "node_modules", "bun", "install.js");
  if (existsSync(bun)) finish(process.execPath, [bun], folder);
  // Last, so that an installation that was interrupted is made again.
  writeFileSync(done, wanted);
  return folder;
}

/** Those that are not called like their package. @type {Record<string, string>} */
const PACKAGES = {
  ng: "@angular/cli",
  "react-router": "@react-router/dev",
  "react-router-serve": "@react-router/serve",
  rspack: "@rspack/cli",
  tsc: "typescript",
  yarn: "@yarnpkg/cli-dist",
};

/**
 * The program of a package, and not what lies in `.bin`: two packages may bring the same name there.
 *
 * @param {string} folder of a toolbox
 * @param {string} name
 */
export function findTool(folder, name) {
  const module = path.join("node_modules", PACKAGES[name] ?? name);
  // What this project itself is built and tested with is not installed twice.
  const places = [folder, ROOT].map((place) => path.join(place, module));
  const found = places.find((place) => existsSync(place));
  if (!found) throw new Error(`no tool is called ${name}`);
  const { bin } = JSON.parse(readFileSync(path.join(found, "package.json"), "utf8"));
  return path.join(found, bin[name] ?? bin);
}

/**
 * Another Node than the one that runs this.
 *
 * @param {number} major
 */
export function findNode(major) {
  const named = process.env[`NODE_${major}`];
  if (named) return named;
  // The package `node` itself has but a script that fetches this one.
  const name = `node-${major}-${process.platform}-${process.arch}`;
  const found = path.join(installTools("tools"), "node_modules", name, "bin", "node");
  const advice = `name its program in NODE_${major}`;
  if (!existsSync(found)) throw new Error(`no package has Node ${major} for this system: ${advice}`);
  return found;
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {string} cwd
 */
function finish(command, args, cwd) {
  const { error, status } = spawnSync(command, args, {
    cwd,
    stdio: ["ignore", "ignore", "inherit"],
    timeout: TIMEOUT_MS,
  });
  if (error || status !== 0) throw new PreparationError(`failed: ${command} ${args[0]} in ${cwd}`);
}
