// @ts-check
/** A page's clock that runs, and that a test can move forward. */

import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

const INSTALL = `
  import { install } from "@sinonjs/fake-timers";
  const toFake = ["Date", "performance", "setTimeout", "clearTimeout", "setInterval", "clearInterval"];
  globalThis.testClock = install({ toFake, shouldAdvanceTime: true, now: Date.now() });
`;

/**
 * Replaces the clock of the document that is loaded now.
 *
 * @param {import("./engines/types.js").Page} page
 */
export async function installClock(page) {
  const { outputFiles } = buildSync({
    stdin: { contents: INSTALL, resolveDir: fileURLToPath(new URL(".", import.meta.url)) },
    bundle: true,
    format: "iife",
    // Node's module, which the library only needs in Node.
    external: ["util"],
    write: false,
  });
  await page.evaluate(outputFiles[0].text);
}

/**
 * @param {import("./engines/types.js").Page} page
 * @param {number} milliseconds
 */
export async function moveClock(page, milliseconds) {
  await page.evaluate((milliseconds) => {
    // A timer that is due several times in between runs once, as after the sleep of a computer.
    Reflect.get(globalThis, "testClock").jump(milliseconds);
  }, milliseconds);
}
