// @ts-check
/** Makes sure that there is a browser to test in. */

import { existsSync } from "node:fs";
import { PreparationError, run, step } from "../../xtask/prepare.mjs";

const ADVICE =
  "no browser found. Install Chromium or Chrome (on Debian and Ubuntu: sudo apt-get install " +
  "chromium), or name its program in CHROME_PATH.";

/** Installs Debian's package where that can be done without asking: as root. */
export async function ensureBrowser() {
  // Loaded late: it needs the npm packages, which may only just have been installed.
  const { findBrowser } = await import("./browser.mjs");
  if (findBrowser()) return;
  const canInstall = process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");
  if (!canInstall) throw new PreparationError(ADVICE);
  step("installing chromium with apt-get");
  run("apt-get", ["update", "-qq"]);
  run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"]);
  if (!findBrowser()) throw new PreparationError(ADVICE);
}
