// @ts-check
/** Chromium, driven by Playwright. */

import { chromium } from "playwright-core";
import { findProgram } from "../../../xtask/programs.mjs";

/** @type {import("./types.js").Engine} */
export default {
  title: "Chromium",
  packages: ["chromium"],
  advice: "install Chromium or Chrome, or set CHROME_PATH to its program",
  isInstalled: () => program() !== undefined,
  detectsTruncation: true,
  launch: () => launchChromium(),
};

/** @param {import("./types.js").LaunchOptions} [options] */
export const launchChromium = (options) => chromium.launch(settingsOf(options));

/**
 * Opens a profile that is kept in a folder. Extensions need one.
 *
 * @param {string} folder
 * @param {import("./types.js").LaunchOptions} [options]
 */
export const openProfile = (folder, options) => chromium.launchPersistentContext(folder, settingsOf(options));

/**
 * @param {import("./types.js").LaunchOptions} [options]
 * @returns {import("playwright-core").LaunchOptions}
 */
function settingsOf({ localNames = [], switches = [], without = [] } = {}) {
  return {
    executablePath: program(),
    ignoreDefaultArgs: without,
    args: [
      // Containers and root can't have the sandbox; the pages are our own.
      "--no-sandbox",
      "--disable-gpu",
      "--no-first-run",
      // Only the tests may use the network.
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      `--host-resolver-rules=${localNames.map((name) => `MAP ${name} 127.0.0.1`).join(",")}`,
      ...switches,
    ],
  };
}

/** The program of the browser, `undefined` if there is none. */
export function program() {
  const { CHROME_PATH } = process.env;
  if (CHROME_PATH) return CHROME_PATH;
  return findProgram(
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    // macOS does not put these on the `PATH`.
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
  );
}
