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
import { Tasks } from "./tasks.js";
import { Decoder } from "./text-decoder.js";
import { Encoder } from "./text-encoder.js";

/** @typedef {import("./host.js").Host} Host */

/** What the memory may have grown to while nothing is under way: a module can't give back a part of it. */
const LARGEST_IDLE_MEMORY = 16 * 1024 * 1024;

export class Instance {
  #isSpent = false;
  #onSpent;
  /** The number of each client that is attached. @type {Map<Host, number>} */
  #clients = new Map();
  #tasks;
  #bindings;
  /** @type {WebAssembly.Memory} */
  #memory;

  /**
   * @param {WebAssembly.Module} module
   * @param {typeof import("./task.js").Task} OwnTask
   * @param {(spent: Instance) => void} onSpent called when it is of no more use
   */
  constructor(module, OwnTask, onSpent) {
    this.#onSpent = onSpent;
    this.#tasks = new Tasks(
      OwnTask,
      (number, task) => this.#step(number, task),
      () => this.#giveBackMemory(),
    );
    this.#bindings = bind(this.#tasks, globalThis.TextDecoder ?? Decoder, globalThis.TextEncoder ?? Encoder);
    this.#memory = this.#bindings.start(module);
  }

  /**
   * @param {Host} client
   * @param {string} operation
   * @param {number} functionIndex its position in `functionTable`, which has the order of the module's exports
   * @param {unknown[]} args
   * @returns {unknown} a promise if the function is asynchronous
   */
  call(client, operation, functionIndex, args) {
    try {
      return this.#tasks.begin(operation, () => {
        this.#select(client);
        return this.#bindings.call(functionIndex, args);
      });
    } catch (error) {
      this.#abandonAfter(error);
      throw toAgentApiError(operation, error);
    }
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
    if (this.#isSpent) return;
    try {
      this.#select(client);
      work();
    } catch (error) {
      this.#abandonAfter(error);
    }
  }

  /** @param {Host} client */
  #select(client) {
    let number = this.#clients.get(client);
    if (number === undefined) {
      number = this.#bindings.attach(client);
      this.#clients.set(client, number);
    }
    this.#bindings.select(number, ...clocks());
  }

  /**
   * Takes a step of a task. A trap in it would otherwise reach the host's handler of uncaught errors, which
   * ends a Node process, instead of the caller.
   *
   * @param {number} number
   * @param {import("./task.js").Task} task
   * @returns {number}
   */
  #step(number, task) {
    try {
      return this.#bindings.step(number, task.take(), ...clocks(), task.status, task.body);
    } catch (error) {
      this.#abandonAfter(error);
      return 0;
    }
  }

  /** Host and session outlive the instance, and whatever else it knows would be lost. */
  #giveBackMemory() {
    if (this.#isSpent || this.#memory.buffer.byteLength <= LARGEST_IDLE_MEMORY) return;
    if (this.#bindings.isReplaceable()) this.#spend();
  }

  #spend() {
    this.#isSpent = true;
    this.#onSpent(this);
  }

  /** @param {unknown} error */
  #abandonAfter(error) {
    if (AgentApiError.is(error)) return;
    this.#spend();
    this.#tasks.fail(error);
    for (const client of this.#clients.keys()) {
      // Its event handlers are called no more, and no call waits that could report it.
      if (client.closeSockets()) report(toAgentApiError("Xmpp.RegisterEventHandler", error));
    }
  }
}

/**
 * Milliseconds by a monotonic clock and by the wall clock, which has to serve for both where there is no other.
 *
 * @returns {[number, number]}
 */
function clocks() {
  const wallMs = Date.now();
  return [globalThis.performance?.now() ?? wallMs, wallMs];
}
