// @ts-check
/** A client of the W3C's WebDriver protocol, as much as there is need of it. */

import { once } from "node:events";
import { createServer } from "node:net";
import { startChild } from "../start-child.mjs";

const START_DEADLINE_MS = 20_000;

/** Longer than any function runs that a test calls in a page; and a driver may hang, too. */
const COMMAND_DEADLINE_MS = 65_000;

/** Key names as the tests use them, in the code points of the protocol. @type {Record<string, string>} */
const KEYS = {
  Control: "\uE009",
  Delete: "\uE017",
  End: "\uE010",
  Enter: "\uE007",
  Tab: "\uE004",
};

/**
 * Starts a driver and a browser with it.
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
      capabilities: {
        // No deadline of the driver's own: it would be one by the clock of the page.
        alwaysMatch: { timeouts: { script: null }, ...capabilities },
      },
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
  /** Windows are taken in turn: what is said is meant for the one that was named last. */
  #turn = Promise.resolve();
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

  /**
   * Not a tab: it would hide the one before, and the driver hangs where it shall click in that.
   *
   * @returns {Promise<string>}
   */
  async newWindow() {
    return (await send("POST", `${this.#url}/window/new`, { type: "window" })).handle;
  }

  /**
   * @param {string} window
   * @param {"GET" | "POST" | "DELETE"} method
   * @param {string} command
   * @param {object} [body]
   * @returns {Promise<any>}
   */
  in(window, method, command, body = {}) {
    const answer = this.#turn.then(async () => {
      if (this.#window !== window) await send("POST", `${this.#url}/window`, { handle: window });
      this.#window = window;
      return send(method, `${this.#url}/${command}`, body);
    });
    this.#turn = answer.then(
      () => {},
      () => {},
    );
    return answer;
  }

  async close() {
    // A driver that has broken down has failed its test; here all that matters is that it ends.
    await send("DELETE", this.#url).catch(() => {});
    await this.#stopDriver();
  }
}

/**
 * What presses the keys of `Tab` or `Control+v`, one within the other.
 *
 * @param {string} keys
 */
export function keyActions(keys) {
  const values = keys.split("+").map((key) => KEYS[key] ?? key);
  const down = values.map((value) => ({ type: "keyDown", value }));
  const up = values.reverse().map((value) => ({ type: "keyUp", value }));
  return actions("key", [...down, ...up]);
}

/** @param {string} text */
export function typeActions(text) {
  const values = [...text].map((character) => (character === "\n" ? KEYS.Enter : character));
  return actions(
    "key",
    values.flatMap((value) => ["keyDown", "keyUp"].map((type) => ({ type, value }))),
  );
}

/** @param {{ x: number, y: number }} point */
export function clickActions(point) {
  return actions("pointer", [
    { type: "pointerMove", duration: 0, origin: "viewport", ...point },
    { type: "pointerDown", button: 0 },
    { type: "pointerUp", button: 0 },
  ]);
}

/**
 * @param {string} type of the device
 * @param {object[]} actions
 */
const actions = (type, actions) => ({ actions: [{ type, id: type, actions }] });

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

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  server.close();
  await once(server, "close");
  return port;
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
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
