// @ts-check
/**
 * One life of the WebAssembly module. Whatever escapes from it other than an `AgentApiError` (a
 * trap, an exhausted stack) leaves its memory in an unknown state, so the instance is given up: its
 * unfinished calls fail, because nothing else would ever settle them, and the next call starts
 * another.
 */

import { Decoder } from "./text-decoder.js";
import { Encoder } from "./text-encoder.js";
import { AgentApiError } from "./error.js";
import { understood } from "./failure.js";
import { bind } from "./glue.js";
import { report } from "./report.js";

/** @typedef {import("./host.js").Host} Host */

export class Instance {
  /** @type {Set<(error: unknown, ambiguous?: true) => void>} */
  #unfinished = new Set();
  #broken = false;
  /** The number of each client that it knows. @type {Map<Host, number>} */
  #clients = new Map();
  #bindings;

  /** @param {WebAssembly.Module} module */
  constructor(module) {
    const queue = (/** @type {number} */ task) =>
      queueMicrotask(() => this.#run(() => this.#bindings.step(task)));
    this.#bindings = bind(queue, Decoder, globalThis.TextEncoder ?? Encoder);
    this.#bindings.start(module);
  }

  get broken() {
    return this.#broken;
  }

  /**
   * @param {Host} client
   * @param {string} operation
   * @param {number} number that of the function in the bindings
   * @param {unknown[]} args
   */
  call(client, operation, number, args) {
    try {
      this.#select(client);
      return this.#bindings.call(number, args);
    } catch (error) {
      this.#giveUpAfter(error);
      throw understood(operation, error);
    }
  }

  /**
   * @param {Host} client
   * @param {string} operation
   * @param {number} number
   * @param {unknown[]} args
   * @returns {Promise<unknown>}
   */
  callAsync(client, operation, number, args) {
    return new Promise((resolve, reject) => {
      /** @type {(error: unknown, ambiguous?: true) => void} */
      const fail = (error, ambiguous) =>
        reject(understood(operation, error, ambiguous));
      const answer = Promise.resolve(this.call(client, operation, number, args));
      this.#unfinished.add(fail);
      answer.then(resolve, fail).finally(() => this.#unfinished.delete(fail));
    });
  }

  /**
   * Has the module look after a client's session.
   *
   * @param {Host} client
   */
  attend(client) {
    this.#tell(client, () => this.#bindings.attend());
  }

  /**
   * @param {Host} client
   * @param {import("./channel.js").Logout} logout
   */
  endSession(client, { broker, userName }) {
    this.#tell(client, () => this.#bindings.end_session(broker, userName));
  }

  /** @param {Host} client */
  dispose(client) {
    const number = this.#clients.get(client);
    if (number === undefined) return;
    this.#tell(client, () => this.#bindings.detach(number));
    this.#clients.delete(client);
  }

  /**
   * Outside a call there is nobody to throw to.
   *
   * @param {Host} client
   * @param {() => void} tell
   */
  #tell(client, tell) {
    this.#run(() => {
      this.#select(client);
      tell();
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
    // What they have sent nobody knows any more.
    for (const fail of this.#unfinished) fail(error, true);
    this.#unfinished.clear();
    for (const client of this.#clients.keys()) {
      // Its handlers hear nothing any more, and nobody waits for them who could be told.
      if (client.closeSockets()) report(understood("Xmpp.RegisterEventHandler", error));
    }
  }
}
