// @ts-check
/** The entry for workerd (Cloudflare Workers), which runs only WebAssembly that was deployed. */

import module from "./agentapi.wasm";
import { clients } from "./clients.js";
import { Task } from "./task.js";

/** How often a call looks whether another one has woken it. */
const LOOK_MS = 100;

/** Calls that another one has woken. @type {WeakSet<Task>} */
const woken = new WeakSet();

const { next, wake } = Task.prototype;

// With a compatibility date before 2024-10-14, no request can resolve a promise of another: what it brings about,
// such as a free place among the requests in flight, is found by a timer of the other's own.
Object.assign(Task.prototype, {
  /** @this {Task} */
  wake() {
    woken.add(this);
  },

  /**
   * @this {Task}
   * @param {number} milliseconds
   */
  async next(milliseconds) {
    if (woken.delete(this)) wake.call(this);
    const look = setInterval(() => woken.delete(this) && wake.call(this), LOOK_MS);
    await next.call(this, milliseconds);
    clearInterval(look);
  },
});

export { AgentApiError } from "./error.js";
export const { AgentAPI, createAgentAPI } = clients(() => module);
