// @ts-check
/**
 * Compiles the module at the first call of any client, and replaces an instance that is spent. Loading is
 * synchronous because `IO.SetHost` is; it takes a few milliseconds once.
 */

import { blockedError, toAgentApiError } from "./failure.js";
import { Instance } from "./instance.js";
import { report } from "./report.js";

/** @typedef {import("./host.js").Host} Host */

export class Runtime {
  #compile;
  #Task;
  /** @type {WebAssembly.Module | undefined} */
  #module;
  /** @type {Instance | undefined} */
  #instance;

  /**
   * @param {(operation: string) => WebAssembly.Module} compile
   * @param {typeof import("./task.js").Task} OwnTask
   */
  constructor(compile, OwnTask) {
    this.#compile = compile;
    this.#Task = OwnTask;
  }

  /**
   * Returns the instance, and makes one if there is none.
   *
   * @param {string} operation
   */
  load(operation) {
    if (this.#instance) return this.#instance;
    try {
      // Each is kept only when it succeeded, so a call after a failed one tries again.
      this.#module ??= this.#compile(operation);
      this.#instance = new Instance(this.#module, this.#Task, (spent) => {
        if (this.#instance === spent) this.#instance = undefined;
      });
      return this.#instance;
    } catch (error) {
      // WebKit compiles a module although the page's policy forbids it, and then makes no instance.
      const isBlocked = error instanceof Error && error.name === "CompileError";
      throw isBlocked ? blockedError(operation, error) : toAgentApiError(operation, error);
    }
  }

  /** @param {Host} client */
  adopt(client) {
    client.onMaintenanceDue = () => this.#backgroundInstance()?.maintainSession(client);
    client.onLogout = (logout) => this.#backgroundInstance()?.loggedOutElsewhere(client, logout);
  }

  /** The instance for work outside any call; `undefined`, and the error reported, if there can be none. */
  #backgroundInstance() {
    try {
      return this.load("AgentAPI");
    } catch (error) {
      report(error);
      return undefined;
    }
  }

  /** @param {Host} client */
  dispose(client) {
    client.dispose();
    this.#instance?.dispose(client);
    // Sockets of an instance that was abandoned may be open still.
    client.closeSockets();
  }
}
