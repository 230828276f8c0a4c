// @ts-check
/** The part of Playwright's `Page` that the tests use, for engines that Playwright can't drive. */

import { EventEmitter } from "node:events";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Clock } from "./clock.mjs";
import { Locator } from "./locator.mjs";
import { Route } from "./route.mjs";

const FINDER = readFileSync(
  createRequire(import.meta.url).resolve("@testing-library/dom/dist/@testing-library/dom.umd.min.js"),
  "utf8",
);

/** Answers of the page in place of a value: it has been loaded since, and lacks the finder. */
const LACKS_FINDER = "lacks the finder";

/**
 * What an engine does for a page. Clicks and keys are events of the browser's own input.
 *
 * @typedef {object} Driver
 * @property {(url: string) => Promise<unknown>} goto
 * @property {() => Promise<unknown>} reload
 * @property {() => Promise<unknown>} close
 * @property {(source: string) => Promise<unknown>} run a script, for what it does
 * @property {(source: string, arg: unknown) => Promise<any>} call a function, for what it returns
 * @property {(source: string) => Promise<unknown>} addInitScript
 * @property {(point: { x: number, y: number }) => Promise<unknown>} click
 * @property {(keys: string) => Promise<unknown>} press as `Tab` or `Control+v`
 * @property {(text: string) => Promise<unknown>} type
 */

export class Page extends EventEmitter {
  #context;
  #patienceMs = 10_000;
  /** @type {{ glob: string, handle: (route: Route) => unknown }[]} */
  #routes = [];

  /**
   * @param {any} context
   * @param {Driver} driver
   */
  constructor(context, driver) {
    super();
    this.#context = context;
    this.driver = driver;
    this.clock = new Clock(driver);
    this.keyboard = { press: (/** @type {string} */ keys) => driver.press(keys) };
    const whole = new Locator(this);
    this.locator = whole.locator.bind(whole);
    this.getByRole = whole.getByRole.bind(whole);
    this.getByLabel = whole.getByLabel.bind(whole);
    this.getByText = whole.getByText.bind(whole);
  }

  context() {
    return this.#context;
  }

  /** @param {number} milliseconds */
  setDefaultTimeout(milliseconds) {
    this.#patienceMs = milliseconds;
  }

  /** @param {string} url */
  async goto(url) {
    await this.driver.goto(url);
    await this.#untilLoaded();
  }

  async reload() {
    await this.driver.reload();
    await this.#untilLoaded();
  }

  /** Some drivers come back before the page's scripts have run. */
  async #untilLoaded() {
    await this.waitForFunction(() => document.readyState === "complete");
    await this.clock.begin();
  }

  close() {
    return this.driver.close();
  }

  /** @param {() => void} script */
  addInitScript(script) {
    return this.driver.addInitScript(`(${script})()`);
  }

  /**
   * @param {string | Function} what a script, for what it does, or a function, for what it returns
   * @param {unknown} [arg]
   */
  evaluate(what, arg) {
    return typeof what === "string" ? this.driver.run(what) : this.driver.call(String(what), arg);
  }

  /** @param {() => unknown} isSo */
  waitForFunction(isSo) {
    return this.until(String(isSo), 20, async () => {
      if (!(await this.evaluate(isSo))) throw new Error("not yet");
    });
  }

  content() {
    return this.evaluate(() => document.documentElement.outerHTML);
  }

  title() {
    return this.evaluate(() => document.title);
  }

  /**
   * @param {string} glob two asterisks, and how addresses end, from a slash on
   * @param {(route: Route) => unknown} handle
   */
  async route(glob, handle) {
    this.#routes.unshift({ glob, handle });
  }

  /** @param {string} glob */
  async unroute(glob) {
    this.#routes = this.#routes.filter((route) => route.glob !== glob);
  }

  /**
   * @param {RegExp} pattern
   * @returns {Promise<import("./route.mjs").Request>}
   */
  waitForRequest(pattern) {
    return new Promise((resolve) => {
      const listen = (/** @type {import("./route.mjs").Request} */ request) => {
        if (!pattern.test(request.url())) return;
        this.off("request", listen);
        resolve(request);
      };
      this.on("request", listen);
    });
  }

  /**
   * Tells of a request, and leaves it to the test where the test has asked for that.
   *
   * @param {import("./route.mjs").Request} request
   * @param {import("./route.mjs").Answers} answers
   */
  async handleRequest(request, answers) {
    const route = this.tell(request);
    if (route) await route.handle(new Route(request, answers));
    else await answers.pass();
  }

  /** @param {import("./route.mjs").Request} request */
  tell(request) {
    // Playwright tells of none of these: they are the browser's, not the page's.
    const isForAnIcon = /^data:|\/favicon\.ico$/.test(request.url());
    if (isForAnIcon || request.method() === "OPTIONS") return undefined;
    this.emit("request", request);
    return this.#routes.find(({ glob }) => request.url().endsWith(glob.slice(2)));
  }

  /**
   * Calls a function that uses the finder.
   *
   * @param {string} source
   * @param {unknown} arg
   * @returns {Promise<any>}
   */
  async look(source, arg) {
    const guarded = `(arg) =>
      globalThis.TestingLibraryDom ? (${source})(arg) : ${JSON.stringify(LACKS_FINDER)}`;
    const found = await this.driver.call(guarded, arg);
    if (found !== LACKS_FINDER) return found;
    await this.driver.run(FINDER);
    return this.look(source, arg);
  }

  /**
   * @template T
   * @param {string} what is waited for
   * @param {number} everyMs
   * @param {() => Promise<T>} attempt throws as long as it is not so
   * @returns {Promise<T>}
   */
  async until(what, everyMs, attempt) {
    const deadline = performance.now() + this.#patienceMs;
    for (;;) {
      try {
        return await attempt();
      } catch (error) {
        if (performance.now() > deadline) {
          throw new Error(`It took too long to be ${what}`, { cause: error });
        }
      }
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  }
}
