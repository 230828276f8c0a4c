// @ts-check
/** Firefox, driven over WebDriver BiDi by Puppeteer. */

import puppeteer from "puppeteer-core";
import { findProgram } from "../../../xtask/programs.mjs";

/** The program of the browser, `undefined` if there is none. */
export const program = () => process.env.FIREFOX_PATH ?? findProgram("firefox-esr", "firefox");

/** @type {import("./types.js").Engine} */
export default {
  title: "Firefox",
  packages: ["firefox-esr"],
  advice: "install Firefox, or set FIREFOX_PATH to its program",
  isInstalled: () => program() !== undefined,
  detectsTruncation: true,
  async launch() {
    const browser = await launchFirefox();
    return {
      newContext: async () => contextOf(await oneAtATime(() => browser.createBrowserContext())),
      close: () => browser.close(),
    };
  },
};

export const launchFirefox = () =>
  puppeteer.launch({
    browser: "firefox",
    executablePath: program(),
    headless: true,
    extraPrefsFirefox: { "browser.formfill.enable": false },
  });

/** @type {Promise<unknown>} */
let previous = Promise.resolve();

/**
 * Firefox may lose a tab that is opened while another one is closed.
 *
 * @template T
 * @param {() => Promise<T>} openOrClose
 * @returns {Promise<T>}
 */
function oneAtATime(openOrClose) {
  const done = previous.then(openOrClose);
  previous = done.catch(() => {});
  return done;
}

/**
 * @param {import("puppeteer-core").BrowserContext} profile
 * @returns {import("./types.js").Context}
 */
function contextOf(profile) {
  const context = {
    newPage: async () => pageOf(await oneAtATime(() => profile.newPage()), context),
    close: () => oneAtATime(() => profile.close()),
  };
  return context;
}

/**
 * @param {import("puppeteer-core").Page} tab
 * @param {import("./types.js").Context} context
 * @returns {import("./types.js").Page}
 */
function pageOf(tab, context) {
  return {
    context: () => context,
    setDefaultTimeout: (milliseconds) => tab.setDefaultTimeout(milliseconds),
    goto: (url) => tab.goto(url),
    reload: () => tab.reload(),
    addInitScript: (script) => tab.evaluateOnNewDocument(script),
    evaluate: (/** @type {any} */ script, /** @type {unknown} */ arg) => tab.evaluate(script, arg),
    waitForFunction: (isTrue) => tab.waitForFunction(isTrue),
    on(/** @type {string} */ event, /** @type {(told: any) => void} */ listener) {
      if (event === "console") tab.on("console", (message) => listener(messageOf(message)));
      if (event === "pageerror") tab.on("pageerror", listener);
      if (event === "request") tab.on("request", (request) => listener(requestOf(request)));
    },
  };
}

/** @param {import("puppeteer-core").ConsoleMessage} message */
const messageOf = (message) => ({
  type: () => (message.type() === "warn" ? "warning" : message.type()),
  text: () => message.text(),
});

/**
 * @param {import("puppeteer-core").HTTPRequest} request
 * @returns {import("./types.js").Request}
 */
const requestOf = (request) => ({
  url: () => request.url(),
  method: () => request.method(),
  headers: () => request.headers(),
  allHeaders: async () => request.headers(),
  postData: async () => (request.hasPostData() ? ((await request.fetchPostData()) ?? null) : null),
});
