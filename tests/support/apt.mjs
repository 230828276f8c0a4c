// @ts-check
/** Installs Debian's packages. */

import { existsSync } from "node:fs";
import { run, step } from "../../xtask/prepare.mjs";

const INSTALL = ["install", "-y", "-qq", "--no-install-recommends"];

/** Whether this user may install packages, and this system has them. */
export const mayInstall = () => process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");

/**
 * Installs them as far as that is possible. The caller checks next what is there.
 *
 * @param {string[]} packages
 */
export function install(packages) {
  step(`installing ${packages.join(", ")} with apt-get`);
  // Without a terminal, nobody can answer its questions.
  process.env.DEBIAN_FRONTEND = "noninteractive";
  const lines = [["update", "-qq"], ...packages.map((name) => [...INSTALL, name])];
  for (const line of lines) {
    try {
      run("apt-get", line);
    } catch (error) {
      step(error instanceof Error ? error.message : String(error));
    }
  }
}
