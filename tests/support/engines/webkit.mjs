// @ts-check
/** WebKit, as WebKitGTK has it, driven over WebDriver, with a proxy for what that can't do. */

import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { startDisplay } from "./display.mjs";
import { Page } from "./page.mjs";
import { findProgram } from "./programs.mjs";
import { startProxy, tellWhatHappens } from "./proxy.mjs";
import { clickActions, keyActions, startSession, typeActions } from "./webdriver.mjs";

/** Buttons and margins of the window would keep it from being as narrow as a telephone. */
const NARROW =
  "* { min-width: 0; min-height: 0; padding: 0; margin: 0; " +
  "-gtk-icon-source: none; font-size: 1px; }";

const driver = () => findProgram("WebKitWebDriver");
const display = () => findProgram("Xvfb");

/** Where Debian and others keep the browser that comes with the engine. */
function miniBrowser() {
  const library = `/usr/lib/${process.arch === "arm64" ? "aarch64" : "x86_64"}-linux-gnu`;
  const folders = [library, "/usr/lib", "/usr/lib64", "/usr/libexec"].flatMap((folder) => {
    try {
      return readdirSync(folder)
        .filter((name) => name.startsWith("webkit2gtk-4"))
        .map((name) => path.join(folder, name, "MiniBrowser"));
    } catch {
      return [];
    }
  });
  return findProgram(...folders);
}

/** @type {import("./index.mjs").Engine} */
export default {
  title: "WebKit",
  packages: ["webkit2gtk-driver", "xvfb"],
  advice: "install WebKitGTK's driver and Xvfb",
  isThere: () => [driver(), display(), miniBrowser()].every(Boolean),
  tellsFailedRequests: false,
  tellsOfCuts: false,
  async launch({ localNames = [] } = {}) {
    const browser = new Browser(localNames, await startDisplay(String(display())));
    return /** @type {any} */ (browser);
  },
};

class Browser {
  #localNames;
  #display;
  /** @type {Set<Context>} */
  #contexts = new Set();

  /**
   * @param {string[]} localNames
   * @param {Awaited<ReturnType<typeof startDisplay>>} display
   */
  constructor(localNames, display) {
    this.#localNames = localNames;
    this.#display = display;
  }

  /** @param {import("playwright-core").BrowserContextOptions} [options] */
  async newContext(options = {}) {
    const context = new Context();
    this.#contexts.add(context);
    await context.start(this.#localNames, this.#display.name, options);
    return context;
  }

  async newPage() {
    return (await this.newContext()).newPage();
  }

  async close() {
    await Promise.all([...this.#contexts].map((context) => context.close()));
    await this.#display.stop();
  }
}

/** A browser of its own: a driver drives no more than one. */
class Context {
  #folder = mkdtempSync(path.join(tmpdir(), "webkit-"));
  #scripts = [`(${tellWhatHappens})();`];
  /** @type {Page[]} */
  #pages = [];
  /** @type {Awaited<ReturnType<typeof startProxy>> | undefined} */
  #proxy;
  /** @type {Awaited<ReturnType<typeof startSession>> | undefined} */
  #session;
  /** @type {{ width: number, height: number }} */
  #viewport = { width: 1280, height: 720 };

  /**
   * @param {string[]} localNames
   * @param {string} display
   * @param {import("playwright-core").BrowserContextOptions} options
   */
  async start(localNames, display, { colorScheme, reducedMotion, viewport }) {
    this.#viewport = viewport ?? this.#viewport;
    this.#proxy = await startProxy(localNames, {
      firstScript: () => this.#scripts.join("\n"),
      onTold: ({ event, type, text }) => {
        const told = event === "console" ? { type: () => type, text: () => text } : text;
        for (const page of this.#pages) page.emit(event, told);
      },
      // A proxy can't know which of its pages it was; those after the first are not asked.
      onRequest: (request, answers) => this.#pages[0].handleRequest(request, answers),
    });
    const settings = path.join(this.#folder, "gtk-3.0");
    mkdirSync(settings);
    writeFileSync(path.join(settings, "gtk.css"), NARROW);
    writeFileSync(
      path.join(settings, "settings.ini"),
      `[Settings]\ngtk-theme-name=${colorScheme === "dark" ? "Adwaita-dark" : "Adwaita"}\n` +
        `gtk-enable-animations=${reducedMotion === "reduce" ? 0 : 1}\n`,
    );
    const { host } = this.#proxy;
    this.#session = await startSession(
      String(driver()),
      {
        proxy: { proxyType: "manual", httpProxy: host, sslProxy: host },
        "webkitgtk:browserOptions": { binary: miniBrowser(), args: ["--automation"] },
      },
      {
        ...process.env,
        DISPLAY: display,
        XDG_CONFIG_HOME: this.#folder,
        // Containers and root can't have the sandbox; the pages are our own.
        WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1",
      },
    );
  }

  async newPage() {
    const session = /** @type {import("./webdriver.mjs").Session} */ (this.#session);
    const window = this.#pages.length ? await session.newWindow() : await session.currentWindow();
    const page = new Page(this, this.#driverOf(session, window));
    this.#pages.push(page);
    await this.#resize(page, session, window);
    return page;
  }

  async close() {
    try {
      await this.#session?.close();
    } finally {
      this.#session = undefined;
      await this.#proxy?.stop();
      this.#proxy = undefined;
      rmSync(this.#folder, { recursive: true, force: true });
    }
  }

  /**
   * @param {Page} page
   * @param {import("./webdriver.mjs").Session} session
   * @param {string} window
   */
  async #resize(page, session, window) {
    const { width, height } = this.#viewport;
    const [inner, outer] = await page.evaluate(() => [
      [innerWidth, innerHeight],
      [outerWidth, outerHeight],
    ]);
    await session.in(window, "POST", "window/rect", {
      x: 0,
      y: 0,
      width: width + outer[0] - inner[0],
      height: height + outer[1] - inner[1],
    });
    await page.until(`${width} pixels wide`, 20, async () => {
      const is = await page.evaluate(() => innerWidth);
      if (is !== width) throw new Error(`it is ${is}`);
    });
  }

  /**
   * @param {import("./webdriver.mjs").Session} session
   * @param {string} window
   * @returns {import("./page.mjs").Driver}
   */
  #driverOf(session, window) {
    const post = (/** @type {string} */ command, /** @type {object} */ body = {}) =>
      session.in(window, "POST", command, body);
    return {
      goto: (url) => post("url", { url }),
      reload: () => post("refresh"),
      close: () => session.in(window, "DELETE", "window"),
      run: (script) => post("execute/sync", { script, args: [] }),
      async call(source, arg) {
        const script = `const [arg, done] = arguments;
          (async () => (${source})(arg))().then(
            (value) => done(JSON.stringify({ value })),
            (error) => done(JSON.stringify({ error: String(error) })),
          );`;
        const { value, error } = JSON.parse(
          await post("execute/async", { script, args: [arg ?? null] }),
        );
        if (error !== undefined) throw new Error(error);
        return value;
      },
      addInitScript: async (script) => this.#scripts.push(`${script};`),
      click: (point) => post("actions", clickActions(point)),
      press: (keys) => post("actions", keyActions(keys)),
      type: (text) => post("actions", typeActions(text)),
    };
  }
}
