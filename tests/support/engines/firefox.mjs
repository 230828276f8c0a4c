// @ts-check
/** Firefox, driven over WebDriver BiDi by Puppeteer. */

import puppeteer from "puppeteer-core";
import { Page } from "./page.mjs";
import { findProgram } from "./programs.mjs";
import { Request } from "./route.mjs";

const program = () => process.env.FIREFOX_PATH ?? findProgram("firefox-esr", "firefox");

/** @type {import("./index.mjs").Engine} */
export default {
  title: "Firefox",
  packages: ["firefox-esr"],
  advice: "install Firefox, or name its program in FIREFOX_PATH",
  isThere: () => program() !== undefined,
  tellsFailedRequests: false,
  tellsOfCuts: true,
  launch: async (options) => /** @type {any} */ (new Browser(options)),
};

/** @type {Promise<unknown>} */
let turn = Promise.resolve();

/**
 * Firefox may lose a tab that is opened while another one is closed.
 *
 * @template T
 * @param {() => Promise<T>} openOrClose
 * @returns {Promise<T>}
 */
function inTurn(openOrClose) {
  const done = turn.then(openOrClose);
  turn = done.catch(() => {});
  return done;
}

class Browser {
  #localNames;
  /** Programs by what can be chosen for a whole one only. @type {Map<string, Promise<any>>} */
  #programs = new Map();

  /** @param {import("./index.mjs").LaunchOptions} [options] */
  constructor({ localNames = [] } = {}) {
    this.#localNames = localNames;
  }

  /** @param {import("playwright-core").BrowserContextOptions} [options] */
  async newContext({ colorScheme = "light", reducedMotion = "no-preference", viewport } = {}) {
    const prefs = {
      "layout.css.prefers-color-scheme.content-override": colorScheme === "dark" ? 0 : 1,
      "ui.prefersReducedMotion": reducedMotion === "reduce" ? 1 : 0,
      "network.dns.localDomains": this.#localNames.join(","),
      "browser.formfill.enable": false,
    };
    const key = JSON.stringify(prefs);
    if (!this.#programs.has(key)) this.#programs.set(key, launch(prefs));
    const browser = await this.#programs.get(key);
    const context = await inTurn(() => browser.createBrowserContext());
    return new Context(context, viewport ?? { width: 1280, height: 720 });
  }

  async newPage() {
    return (await this.newContext()).newPage();
  }

  async close() {
    await Promise.all([...this.#programs.values()].map(async (browser) => (await browser).close()));
  }
}

/** @param {Record<string, unknown>} extraPrefsFirefox */
function launch(extraPrefsFirefox) {
  return puppeteer.launch({
    browser: "firefox",
    executablePath: program(),
    headless: true,
    extraPrefsFirefox,
  });
}

class Context {
  #context;
  #viewport;

  /**
   * @param {import("puppeteer-core").BrowserContext} context
   * @param {{ width: number, height: number }} viewport
   */
  constructor(context, viewport) {
    this.#context = context;
    this.#viewport = viewport;
  }

  async newPage() {
    const tab = await inTurn(() => this.#context.newPage());
    await tab.setViewport(this.#viewport);
    await tab.setRequestInterception(true);
    const page = new Page(this, driverOf(tab));
    tab.on("console", (message) => {
      const type = message.type() === "warn" ? "warning" : message.type();
      page.emit("console", { type: () => type, text: () => message.text() });
    });
    tab.on("pageerror", (error) => page.emit("pageerror", error));
    passRequests(tab, page);
    return page;
  }

  close() {
    return inTurn(() => this.#context.close());
  }
}

/**
 * @param {import("puppeteer-core").Page} tab
 * @returns {import("./page.mjs").Driver}
 */
function driverOf(tab) {
  return {
    goto: (url) => tab.goto(url),
    reload: () => tab.reload(),
    close: () => inTurn(() => tab.close()),
    run: (source) => tab.evaluate(source),
    // As JSON, as in other engines: else each undefined property of an object would be a difference.
    async call(source, arg) {
      const text = await tab.evaluate(
        `(async () => JSON.stringify({ value: await (${source})(${JSON.stringify(arg)}) }))()`,
      );
      return JSON.parse(/** @type {string} */ (text)).value;
    },
    addInitScript: (source) => tab.evaluateOnNewDocument(source),
    click: ({ x, y }) => tab.mouse.click(x, y),
    async press(keys) {
      const [key, ...held] = /** @type {import("puppeteer-core").KeyInput[]} */ (
        keys.split("+").reverse()
      );
      for (const modifier of held) await tab.keyboard.down(modifier);
      await tab.keyboard.press(key);
      for (const modifier of held) await tab.keyboard.up(modifier);
    },
    type: (text) => tab.keyboard.type(text),
  };
}

/**
 * @param {import("puppeteer-core").Page} tab
 * @param {Page} page
 */
function passRequests(tab, page) {
  /** @type {WeakMap<import("puppeteer-core").HTTPRequest, Request>} */
  const known = new WeakMap();
  tab.on("request", async (held) => {
    const request = new Request({
      url: held.url(),
      method: held.method(),
      headers: held.headers(),
      body: held.hasPostData() ? ((await held.fetchPostData().catch(() => undefined)) ?? null) : null,
    });
    known.set(held, request);
    // What was held back when its page went away needs no answer.
    const unlessGone = (/** @type {Promise<unknown>} */ done) => done.catch(() => {});
    await page.handleRequest(request, {
      pass: () => unlessGone(held.continue()),
      fail: () => unlessGone(held.abort()),
      answer: (answer) => unlessGone(held.respond(answer)),
    });
  });
  tab.on("response", (response) => known.get(response.request())?.settle(response.status()));
  tab.on("requestfailed", (failed) => known.get(failed)?.settle(null));
}
