// @ts-check
/** A client of the W3C's WebDriver protocol, with the commands that the tests need. */

import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../free-port.mjs";
import { startChild } from "../start-child.mjs";

const START_DEADLINE_MS = 20_000;

/** Longer than any function runs that a test calls in a page. */
const COMMAND_DEADLINE_MS = 65_000;

/** The protocol's name for the property that holds the identifier of an element. */
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

/**
 * Starts a driver, and a browser with it.
 *
 * @param {string} program
 * @param {object} capabilities
 * @param {Record<string, string | undefined>} env
 */
export async function startSession(program, capabilities, env) {
  const port = await freePort();
  const driver = startChild(program, [`--port=${port}`], { env, stdio: "ignore" });
  try {
    await untilItAnswers(`http://127.0.0.1:${port}/status`);
    const { sessionId } = await send("POST", `http://127.0.0.1:${port}/session`, {
      // No deadline of the driver: it would go by the page's clock, which tests move.
      capabilities: { alwaysMatch: { timeouts: { script: null }, ...capabilities } },
    });
    return new Session(`http://127.0.0.1:${port}/session/${sessionId}`, driver.stop);
  } catch (error) {
    await driver.stop();
    throw error;
  }
}

export class Session {
  #url;
  #stopDriver;
  /** A command goes to the window that was chosen last, so commands run one after the other. */
  #previous = Promise.resolve();
  #window = "";

  /**
   * @param {string} url
   * @param {() => Promise<void>} stopDriver
   */
  constructor(url, stopDriver) {
    this.#url = url;
    this.#stopDriver = stopDriver;
  }

  /** @returns {Promise<string>} */
  currentWindow() {
    return send("GET", `${this.#url}/window`);
  }

  /** @returns {Promise<string>} */
  async newWindow() {
    return (await send("POST", `${this.#url}/window/new`, { type: "window" })).handle;
  }

  /**
   * @param {string} window
   * @param {"GET" | "POST"} method
   * @param {string} command
   * @param {object} [body]
   * @returns {Promise<any>}
   */
  in(window, method, command, body = {}) {
    const answer = this.#previous.then(async () => {
      if (this.#window !== window) await send("POST", `${this.#url}/window`, { handle: window });
      this.#window = window;
      return send(method, `${this.#url}/${command}`, body);
    });
    this.#previous = answer.then(
      () => {},
      () => {},
    );
    return answer;
  }

  /**
   * Clicks as a person does: the element is scrolled into view, and must not be covered.
   *
   * @param {string} window
   * @param {string} xpath
   */
  async click(window, xpath) {
    const element = await this.in(window, "POST", "element", { using: "xpath", value: xpath });
    await this.in(window, "POST", `element/${element[ELEMENT]}/click`);
  }

  async close() {
    // If the driver has crashed, the test has failed already; it only has to be stopped.
    await send("DELETE", this.#url).catch(() => {});
    await this.#stopDriver();
  }
}

/**
 * @param {string} method
 * @param {string} url
 * @param {object} [body]
 */
async function send(method, url, body) {
  const response = await fetch(url, {
    method,
    body: method === "POST" ? JSON.stringify(body) : undefined,
    signal: AbortSignal.timeout(COMMAND_DEADLINE_MS),
  });
  const { value } = /** @type {any} */ (await response.json());
  if (!response.ok) throw new Error(`${value.error}: ${value.message}`);
  return value;
}

/** @param {string} url */
async function untilItAnswers(url) {
  const deadline = performance.now() + START_DEADLINE_MS;
  for (;;) {
    try {
      return await fetch(url);
    } catch (cause) {
      if (performance.now() > deadline) throw new Error("The driver does not answer", { cause });
    }
    await sleep(20);
  }
}
