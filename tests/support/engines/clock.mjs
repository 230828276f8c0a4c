// @ts-check
/** The part of Playwright's `Clock` that the tests use: the page's time goes on by itself, and can be put forward. */

import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

const INSTALL = `
  import { install } from "@sinonjs/fake-timers";
  const toFake = ["Date", "performance", "setTimeout", "clearTimeout", "setInterval", "clearInterval"];
  globalThis.testClock = install({ toFake, shouldAdvanceTime: true, now: Date.now() });
`;

export class Clock {
  #driver;
  /** @type {string | undefined} */
  #script;

  /** @param {import("./page.mjs").Driver} driver */
  constructor(driver) {
    this.#driver = driver;
  }

  /** For the pages that are loaded from now on. */
  async install() {
    const { outputFiles } = buildSync({
      stdin: { contents: INSTALL, resolveDir: fileURLToPath(new URL(".", import.meta.url)) },
      bundle: true,
      format: "iife",
      // Which it does without where there is none.
      external: ["util"],
      write: false,
    });
    this.#script = outputFiles[0].text;
  }

  /** In the page that was just loaded, before anything is done in it. */
  async begin() {
    if (this.#script) await this.#driver.run(this.#script);
  }

  /** @param {number} milliseconds */
  fastForward(milliseconds) {
    return this.#driver.run(`testClock.jump(${milliseconds});`);
  }
}
