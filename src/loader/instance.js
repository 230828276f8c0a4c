// @ts-check
/**
 * One life of the WebAssembly module. Whatever escapes from it other than an `AgentApiError` (a
 * trap, an exhausted stack) leaves its memory in an unknown state, so the instance is given up: its
 * unfinished calls fail, because nothing else would ever settle them, and the next call starts
 * another.
 */

import { AgentApiError } from "./error.js";
import { understood } from "./failure.js";
import { bind } from "./glue.js";

export class Instance {
  /** @type {Set<(error: unknown) => void>} */
  #unfinished = new Set();
  #broken = false;
  #namespace;

  /** @param {WebAssembly.Module} module */
  constructor(module) {
    const { AgentAPI, initSync } = bind((task) => queueMicrotask(() => this.#run(task)));
    this.#namespace = AgentAPI;
    initSync({ module });
  }

  get broken() {
    return this.#broken;
  }

  /**
   * @param {string} group
   * @param {string} name
   * @param {unknown[]} args
   */
  call(group, name, args) {
    try {
      return this.#namespace[group][name](...args);
    } catch (error) {
      this.#giveUpAfter(error);
      throw understood(`${group}.${name}`, error);
    }
  }

  /**
   * @param {string} group
   * @param {string} name
   * @param {unknown[]} args
   * @returns {Promise<unknown>}
   */
  callAsync(group, name, args) {
    return new Promise((resolve, reject) => {
      const fail = (/** @type {unknown} */ error) => reject(understood(`${group}.${name}`, error));
      const answer = Promise.resolve(this.call(group, name, args));
      this.#unfinished.add(fail);
      answer.then(resolve, fail).finally(() => this.#unfinished.delete(fail));
    });
  }

  /**
   * Runs a piece of the module's asynchronous code. A trap in it would otherwise reach the host's
   * handler of uncaught errors, which ends a Node process, and never the caller.
   *
   * @param {() => void} task
   */
  #run(task) {
    if (this.#broken) return;
    try {
      task();
    } catch (error) {
      this.#giveUpAfter(error);
    }
  }

  /** @param {unknown} error */
  #giveUpAfter(error) {
    if (AgentApiError.is(error)) return;
    this.#broken = true;
    for (const fail of this.#unfinished) fail(error);
    this.#unfinished.clear();
  }
}
