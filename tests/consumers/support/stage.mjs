// @ts-check
/** A folder with all projects and the package as npm installs it: what a consumer has on disk. */

import { execFile } from "node:child_process";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { PreparationError, ROOT } from "../../../xtask/prepare.mjs";

/**
 * @param {string[]} args
 * @param {string} cwd
 */
async function npm(args, cwd) {
  try {
    return await promisify(execFile)("npm", args, { cwd });
  } catch (error) {
    // Its message holds what npm said.
    throw new PreparationError(error instanceof Error ? error.message : String(error));
  }
}

const projects = fileURLToPath(new URL("../projects/", import.meta.url));

/**
 * The tarball that npm would publish.
 *
 * @param {string} folder where to put it
 * @param {string} [source] of the package
 */
export async function pack(folder, source = ROOT) {
  const { stdout } = await npm(["pack", "--json", "--pack-destination", folder], source);
  // npm 11 gives a list, npm 12 an object keyed by name.
  const [{ filename }] = /** @type {any[]} */ (Object.values(JSON.parse(stdout)));
  return path.join(folder, filename);
}

/**
 * @param {string} toolbox the folder in which to make it, so that its projects find the tools as if
 *   they had installed them
 * @param {string} spec of the package, as `npm install` takes it
 * @returns {Promise<string>} the folder
 */
export async function openStage(toolbox, spec) {
  const folder = await mkdtemp(path.join(toolbox, "stage-"));
  try {
    await cp(projects, folder, { recursive: true });
    await writeFile(path.join(folder, "package.json"), JSON.stringify({ private: true }));
    const quietly = ["--ignore-scripts", "--no-package-lock", "--no-audit", "--no-fund"];
    await npm(["install", ...quietly, spec], folder);
    return folder;
  } catch (error) {
    await closeStage(folder);
    throw error;
  }
}

/** @param {string} folder */
export const closeStage = (folder) => rm(folder, { recursive: true, force: true });
