// @ts-check
/**
 * One instance of the WebAssembly module. After an error other than an `AgentApiError` (a trap, an
 * exhausted stack) its memory is in an unknown state, so the instance is abandoned: its unfinished calls
 * fail, because nothing else would ever settle them, and the next call starts another instance.
 */

import { AgentApiError } from "./error.js";
import { toAgentApiError } from "./failure.js";
import { bind } from "./glue.js";
import { report } from "./report.js";
import { Decoder } from "./text-decoder.js";
import { Encoder } from "./text-encoder.js";

/** @typedef {import("./host.js").Host} Host */

export class Instance {
  /** @type {Set<(error: unknown, ambiguous?: true) => void>} */
  #unfinished = new Set();
  isBroken = false;
  /** The number of each client that is attached. @type {Map<Host, number>} */
  #clients = new Map();
  #bindings;

  /** @param {WebAssembly.Module} module */
  constructor(module) {
    const queue = (/** @type {number} */ task) =>
      queueMicrotask(() => this.#run(() => this.#bindings.pollTask(task)));
    this.#bindings = bind(queue, Decoder, globalThis.TextEncoder ?? Encoder);
    this.#bindings.start(module);
  }

  /**
   * @param {Host} client
   * @param {string} operation
   * @param {number} functionIndex its position in `functionTable`, which has the order of the module's exports
   * @param {unknown[]} args
   */
  call(client, operation, functionIndex, args) {
    try {
      this.#select(client);
      return this.#bindings.call(functionIndex, args);
    } catch (error) {
      this.#abandonAfter(error);
      throw toAgentApiError(operation, error);
    }
  }

  /**
   * @param {Host} client
   * @param {string} operation
   * @param {number} functionIndex
   * @param {unknown[]} args
   * @returns {Promise<unknown>}
   */
  callAsync(client, operation, functionIndex, args) {
    return new Promise((resolve, reject) => {
      /** @type {(error: unknown, ambiguous?: true) => void} */
      const fail = (error, ambiguous) => reject(toAgentApiError(operation, error, ambiguous));
      const answer = Promise.resolve(this.call(client, operation, functionIndex, args));
      this.#unfinished.add(fail);
      answer.then(resolve, fail).finally(() => this.#unfinished.delete(fail));
    });
  }

  /**
   * Has the module refresh a client's session where that is due.
   *
   * @param {Host} client
   */
  maintainSession(client) {
    this.#notify(client, () => this.#bindings.maintainSession());
  }

  /**
   * @param {Host} client
   * @param {import("./channel.js").Logout} logout
   */
  loggedOutElsewhere(client, { broker, userName }) {
    this.#notify(client, () => this.#bindings.loggedOutElsewhere(broker, userName));
  }

  /** @param {Host} client */
  dispose(client) {
    const number = this.#clients.get(client);
    if (number === undefined) return;
    this.#notify(client, () => this.#bindings.detach(number));
    this.#clients.delete(client);
  }

  /**
   * Calls the module outside a call of a user: an error has no caller to reach.
   *
   * @param {Host} client
   * @param {() => void} work
   */
  #notify(client, work) {
    this.#run(() => {
      this.#select(client);
      work();
    });
  }

  /** @param {Host} client */
  #select(client) {
    let number = this.#clients.get(client);
    if (number === undefined) {
      number = this.#bindings.attach(client);
      this.#clients.set(client, number);
    }
    this.#bindings.select(number);
  }

  /**
   * Runs a step of the module's asynchronous code. A trap in it would otherwise reach the host's handler of
   * uncaught errors, which ends a Node process, instead of the caller.
   *
   * @param {() => void} task
   */
  #run(task) {
    if (this.isBroken) return;
    try {
      task();
    } catch (error) {
      this.#abandonAfter(error);
    }
  }

  /** @param {unknown} error */
  #abandonAfter(error) {
    if (AgentApiError.is(error)) return;
    this.isBroken = true;
    // Which requests they had sent is unknown.
    for (const fail of this.#unfinished) fail(error, true);
    this.#unfinished.clear();
    for (const client of this.#clients.keys()) {
      // Its event handlers are called no more, and no call waits that could report it.
      if (client.closeSockets()) report(toAgentApiError("Xmpp.RegisterEventHandler", error));
    }
  }
}
