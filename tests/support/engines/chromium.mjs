// @ts-check
/** Chromium, driven by Playwright, whose interface the tests are written against. */

import { chromium } from "playwright-core";
import { findProgram } from "./programs.mjs";

/** @type {import("./index.mjs").Engine} */
export default {
  title: "Chromium",
  packages: ["chromium"],
  advice: "install Chromium or Chrome, or name its program in CHROME_PATH",
  isThere: () => program() !== undefined,
  tellsFailedRequests: true,
  tellsOfCuts: true,

  launch: (options) => chromium.launch(settingsOf(options)),
};

/**
 * Opens a profile that is kept in a folder. Only such a one has extensions.
 *
 * @param {string} folder
 * @param {import("./index.mjs").LaunchOptions} [options]
 */
export const openProfile = (folder, options) => chromium.launchPersistentContext(folder, settingsOf(options));

/**
 * @param {import("./index.mjs").LaunchOptions} [options]
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
      // Nothing but the tests may use the network.
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      `--host-resolver-rules=${localNames.map((name) => `MAP ${name} 127.0.0.1`).join(",")}`,
      ...switches,
    ],
  };
}

function program() {
  const { CHROME_PATH } = process.env;
  if (CHROME_PATH) return CHROME_PATH;
  return findProgram(
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    // Where macOS keeps what is not on the `PATH`.
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
  );
}
