// @ts-check
/** Makes sure that there are browsers to test in. */

import { existsSync } from "node:fs";
import { PreparationError, run, step } from "../../xtask/prepare.mjs";

/**
 * Installs Debian's packages of what is missing where that can be done without asking: as root. One
 * engine is enough, but with `CI` in the environment all are needed; with `ENGINE`, that one.
 *
 * @returns {Promise<{ name: import("./engines/index.mjs").EngineName, title: string }[]>}
 */
export async function ensureBrowsers() {
  // Loaded late: they need the npm packages, which may only just have been installed.
  const { ENGINES, loadEngine } = await import("./engines/index.mjs");
  const { CI, ENGINE } = process.env;
  const wanted = ENGINES.filter((name) => !ENGINE || name === ENGINE);
  if (wanted.length === 0) {
    throw new PreparationError(`no engine is called ${ENGINE}; there are ${ENGINES.join(", ")}`);
  }
  const engines = await Promise.all(
    wanted.map(async (name) => ({ name, ...(await loadEngine(name)) })),
  );
  const missing = () => engines.filter((engine) => !engine.isThere());

  if (missing().length > 0 && process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    install(missing().flatMap(({ packages }) => packages));
  }
  for (const { title, packages, advice } of missing()) {
    step(`no ${title} to test in: ${advice} (Debian: apt-get install ${packages.join(" ")})`);
  }
  const found = engines.filter((engine) => engine.isThere());
  if (found.length === 0) throw new PreparationError("there is no browser to test in");
  if (CI && missing().length > 0) {
    throw new PreparationError("CI is set, and then the tests run in every engine");
  }
  return found;
}

const INSTALL = ["install", "-y", "-qq", "--no-install-recommends"];

/** @param {string[]} packages */
function install(packages) {
  step(`installing ${packages.join(", ")} with apt-get`);
  // Nobody is there to answer.
  process.env.DEBIAN_FRONTEND = "noninteractive";
  const lines = [["update", "-qq"], ...packages.map((name) => [...INSTALL, name])];
  for (const line of lines) {
    try {
      run("apt-get", line);
    } catch (error) {
      // Whether what is there is enough, is asked next.
      step(error instanceof Error ? error.message : String(error));
    }
  }
}
