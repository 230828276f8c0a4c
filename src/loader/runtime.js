// @ts-check
/**
 * The module: compiled at the first call of any client, shared by all, replaced when it broke.
 * Loading is synchronous because `IO.SetHost` is; it takes a few milliseconds once.
 */

import { blocked, understood } from "./failure.js";
import { Instance } from "./instance.js";
import { report } from "./report.js";

/** @typedef {import("./host.js").Host} Host */

export class Runtime {
  #compile;
  /** @type {WebAssembly.Module | undefined} */
  #module;
  /** @type {Instance | undefined} */
  #instance;

  /** @param {(operation: string) => WebAssembly.Module} compile */
  constructor(compile) {
    this.#compile = compile;
  }

  /**
   * The instance, for an operation.
   *
   * @param {string} operation
   */
  load(operation) {
    if (this.#instance && !this.#instance.broken) return this.#instance;
    try {
      // Each is kept only when it succeeded, so a call after a failed one tries again.
      this.#module ??= this.#compile(operation);
      this.#instance = new Instance(this.#module);
      return this.#instance;
    } catch (error) {
      // WebKit compiles what a page's policy forbids, and refuses to make an instance of it.
      const isBlocked = error instanceof Error && error.name === "CompileError";
      throw isBlocked ? blocked(operation, error) : understood(operation, error);
    }
  }

  /** @param {Host} client */
  adopt(client) {
    client.onAlarm = () => this.#forNobody()?.attend(client);
    client.onLogout = (logout) => this.#forNobody()?.endSession(client, logout);
  }

  /** The instance, or the one that takes its place when it broke; for what is no call of anybody. */
  #forNobody() {
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
    // Those of an instance that broke.
    client.closeSockets();
  }
}
