// @ts-check
/** Makes sure that the browsers of the tests are installed. */

import { PreparationError, step } from "../../xtask/prepare.mjs";
import { install, mayInstall } from "./apt.mjs";

/**
 * Installs Debian's packages of the engines that are missing, if this user may: as root. One engine is
 * enough, but with `CI` in the environment all are needed.
 *
 * @param {string} [only] the one engine that is needed
 * @returns {Promise<{ name: import("./engines/types.js").EngineName, title: string }[]>}
 */
export async function ensureBrowsers(only) {
  // Loaded late: they need the npm packages, which may only just have been installed.
  const { ENGINES, loadEngine } = await import("./engines/index.mjs");
  const wanted = ENGINES.filter((name) => !only || name === only);
  if (wanted.length === 0) {
    throw new PreparationError(`unknown engine ${only}; expected one of ${ENGINES.join(", ")}`);
  }
  const engines = await Promise.all(wanted.map(async (name) => ({ name, ...(await loadEngine(name)) })));
  const missing = () => engines.filter((engine) => !engine.isInstalled());

  if (missing().length > 0 && mayInstall()) install(missing().flatMap(({ packages }) => packages));
  for (const { title, packages, advice } of missing()) {
    step(`${title} is not installed: ${advice} (Debian: apt-get install ${packages.join(" ")})`);
  }
  const found = engines.filter((engine) => engine.isInstalled());
  if (found.length === 0) throw new PreparationError("no browser is installed");
  if (process.env.CI && missing().length > 0) {
    throw new PreparationError("with CI set, the tests need every engine");
  }
  return found;
}
