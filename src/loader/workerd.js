// @ts-check
/** The entry for workerd (Cloudflare Workers), which runs only WebAssembly that was deployed. */

import module from "./agentapi.wasm";
import { clients } from "./clients.js";
import { Task } from "./task.js";

/** How often a call looks whether another one has woken it. */
const LOOK_MS = 100;

/**
 * A task that resolves no promise of another. With a compatibility date before 2024-10-14, no request can: what
 * it brings about, such as a free place among the requests in flight, is found by a timer of the other's own.
 */
class TaskOfRequest extends Task {
  #isWoken = false;

  wake() {
    this.#isWoken = true;
  }

  /** @param {unknown} error */
  fail(error) {
    this.failure ??= { error };
    this.wake();
  }

  /** @param {number} milliseconds */
  async next(milliseconds) {
    this.#look();
    const timer = setInterval(() => this.#look(), LOOK_MS);
    await super.next(milliseconds);
    clearInterval(timer);
  }

  #look() {
    if (this.#isWoken) super.wake();
    this.#isWoken = false;
  }
}

export { AgentApiError } from "./error.js";
export const { AgentAPI, createAgentAPI } = clients(() => module, TaskOfRequest);
