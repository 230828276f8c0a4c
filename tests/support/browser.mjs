// @ts-check
/** Finds the Chromium of this machine and drives it. */

import { accessSync, constants } from "node:fs";
import path from "node:path";
import { chromium } from "playwright-core";

const NAMES = [
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
  "chrome",
  "microsoft-edge",
];

/** Where macOS keeps what is not on the `PATH`. */
const MAC_PROGRAMS = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/**
 * The browser that `CHROME_PATH` names, else the first of the usual names on the `PATH`.
 *
 * @returns {string | undefined}
 */
export function findBrowser() {
  const { CHROME_PATH, PATH = "" } = process.env;
  if (CHROME_PATH) return CHROME_PATH;
  const directories = PATH.split(path.delimiter).filter(Boolean);
  const onPath = NAMES.flatMap((name) =>
    directories.map((directory) => path.join(directory, name)),
  );
  return [...onPath, ...MAC_PROGRAMS].find(isExecutable);
}

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * @param {...string} args more command-line switches
 * @returns {Promise<import("playwright-core").Browser>}
 */
export async function launchBrowser(...args) {
  const executablePath = findBrowser();
  if (!executablePath) {
    throw new Error(
      "No browser found. Install Chromium or Chrome, or name its program in CHROME_PATH.",
    );
  }
  return chromium.launch({
    executablePath,
    args: [
      // Containers and root can't have the sandbox; the pages are our own.
      "--no-sandbox",
      "--disable-gpu",
      "--no-first-run",
      // Nothing but the tests may use the network.
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      ...args,
    ],
  });
}
