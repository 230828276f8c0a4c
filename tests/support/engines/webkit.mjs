// @ts-check
/** WebKitGTK, driven over WebDriver, with a proxy for what WebDriver does not report. */

import { EventEmitter } from "node:events";
import { readdirSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { findProgram } from "../../../xtask/programs.mjs";
import { startDisplay } from "./display.mjs";
import { reportEvents, startProxy } from "./proxy.mjs";
import { startSession } from "./webdriver.mjs";

const driver = () => findProgram("WebKitWebDriver");
const display = () => findProgram("Xvfb");

/** The browser that comes with the engine, in the folders that Debian and others use. */
export function miniBrowser() {
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

/** @type {import("./types.js").Engine} */
export default {
  title: "WebKit",
  packages: ["webkit2gtk-driver", "xvfb"],
  advice: "install WebKitGTK's driver and Xvfb",
  isInstalled: () => [driver(), display(), miniBrowser()].every(Boolean),
  detectsTruncation: false,
  async launch() {
    const { name, stop } = await startDisplay(String(display()));
    /** @type {import("./types.js").Context[]} */
    const contexts = [];
    return {
      async newContext() {
        const context = await startContext(name);
        contexts.push(context);
        return context;
      },
      async close() {
        await Promise.all(contexts.map((context) => context.close()));
        await stop();
      },
    };
  },
};

/**
 * Starts a browser with a session and no proxy, for a test that only clicks and reads.
 *
 * @param {import("node:test").TestContext} t
 */
export async function startWebKit(t) {
  const { name, stop } = await startDisplay(String(display()));
  t.after(stop);
  const session = await startBrowser(name, {});
  t.after(() => session.close());
  return session;
}

/**
 * @param {string} displayName
 * @param {object} capabilities
 */
function startBrowser(displayName, capabilities) {
  return startSession(
    String(driver()),
    {
      ...capabilities,
      "webkitgtk:browserOptions": { binary: miniBrowser(), args: ["--automation"] },
    },
    {
      ...process.env,
      DISPLAY: displayName,
      // Containers and root can't have the sandbox; the pages are our own.
      WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1",
    },
  );
}

/**
 * A browser of its own, because a driver drives only one.
 *
 * @param {string} displayName
 * @returns {Promise<import("./types.js").Context>}
 */
async function startContext(displayName) {
  const events = new EventEmitter();
  const initScripts = [`(${reportEvents})();`];
  const proxy = await startProxy({
    initScript: () => initScripts.join("\n"),
    onPageEvent: ({ type, text }) =>
      type === "uncaught"
        ? events.emit("pageerror", text)
        : events.emit("console", { type: () => type, text: () => text }),
    onRequest: (request) => events.emit("request", request),
  });
  const { host } = proxy;
  const session = await startBrowser(displayName, {
    proxy: { proxyType: "manual", httpProxy: host, sslProxy: host },
  });
  let pages = 0;
  /** @type {Promise<void> | undefined} */
  let closed;
  const context = {
    async newPage() {
      const isFirst = pages === 0;
      pages += 1;
      // Not in a tab, which would hide the one before it.
      const window = isFirst ? await session.currentWindow() : await session.newWindow();
      const post = (/** @type {string} */ command, /** @type {object} */ body = {}) =>
        session.in(window, "POST", command, body);
      // The proxy can't know which page sent a request, so the first page reports them all.
      const on = (/** @type {string} */ event, /** @type {(detail: any) => void} */ listener) =>
        event !== "request" || isFirst ? events.on(event, listener) : events;
      return pageOf(context, post, initScripts, on);
    },
    close: () => (closed ??= session.close().then(proxy.stop)),
  };
  return context;
}

/**
 * @param {import("./types.js").Context} context
 * @param {(command: string, body?: object) => Promise<any>} post
 * @param {string[]} initScripts
 * @param {import("./types.js").Page["on"]} on
 * @returns {import("./types.js").Page}
 */
function pageOf(context, post, initScripts, on) {
  let timeoutMs = 10_000;

  async function evaluate(/** @type {string | Function} */ script, /** @type {unknown} */ arg = null) {
    if (typeof script === "string") return post("execute/sync", { script, args: [] });
    const call = `const [arg, done] = arguments;
      (async () => (${script})(arg))().then(
        (value) => done(JSON.stringify({ value })),
        (error) => done(JSON.stringify({ error: String(error) })),
      );`;
    const answer = await post("execute/async", { script: call, args: [arg] });
    const { value, error } = JSON.parse(answer);
    if (error !== undefined) throw new Error(error);
    return value;
  }

  async function waitForFunction(/** @type {() => unknown} */ isTrue) {
    const deadline = performance.now() + timeoutMs;
    while (!(await evaluate(isTrue))) {
      if (performance.now() > deadline) throw new Error(`It took too long until ${isTrue}`);
      await sleep(20);
    }
  }

  // The driver may answer before the page's scripts have run.
  const untilLoaded = () => waitForFunction(() => document.readyState === "complete");

  return {
    context: () => context,
    setDefaultTimeout: (milliseconds) => void (timeoutMs = milliseconds),
    goto: (url) => post("url", { url }).then(untilLoaded),
    reload: () => post("refresh").then(untilLoaded),
    addInitScript: async (script) => initScripts.push(`(${script})();`),
    evaluate,
    waitForFunction,
    on,
  };
}
