// @ts-check
/**
 * The tasks of an instance of the module. Each call is one, driven by an asynchronous function of its own: so
 * whatever runs for it (`fetch`, its store, its hooks) runs in its asynchronous context, and only promises
 * schedule its steps, which no double of a timer or of `queueMicrotask` stops.
 */

import { toAgentApiError } from "./failure.js";

/** What a step gives when the task is done, and not milliseconds. */
const DONE = -1;

/** @typedef {import("./task.js").Task} Task */

export class Tasks {
  #Task;
  /** Those under way. @type {Set<Task>} */
  #tasks = new Set();
  /** That of the call that begins. @type {Task | undefined} */
  #begun;
  #step;
  #onIdle;

  /**
   * @param {typeof import("./task.js").Task} OwnTask
   * @param {(number: number, task: Task) => number} step takes a step of a task
   * @param {() => void} onIdle called when the last task is done
   */
  constructor(OwnTask, step, onIdle) {
    this.#Task = OwnTask;
    this.#step = step;
    this.#onIdle = onIdle;
  }

  /**
   * Runs what begins a call.
   *
   * @param {string} operation
   * @param {() => unknown} begin
   */
  begin(operation, begin) {
    // An argument may have a getter that calls the library.
    const outer = this.#begun;
    this.#begun = new this.#Task(this, operation);
    try {
      return begin();
    } finally {
      this.#begun = outer;
    }
  }

  /**
   * Ends all tasks. Which requests they had sent is unknown.
   *
   * @param {unknown} error
   */
  fail(error) {
    this.#step = () => DONE;
    for (const task of this.#tasks) task.fail(toAgentApiError(task.operation, error, true));
  }

  /**
   * Takes the steps of a task until it is done.
   *
   * @param {Task} task
   * @param {number} number which it has in the module
   */
  async run(task, number) {
    this.#tasks.add(task);
    while (!task.failure) {
      const milliseconds = this.#step(number, task);
      if (milliseconds === DONE) break;
      task.body = undefined;
      await task.next(milliseconds);
    }
    this.#tasks.delete(task);
    task.end();
    if (this.#tasks.size === 0 && !this.#begun) this.#onIdle();
    if (task.failure) throw task.failure.error;
    return task.result;
  }

  // What follows is for the module; `src/web/tasks.rs` says what it is for.

  begun() {
    return this.#begun;
  }

  background() {
    const task = new this.#Task(this, "");
    this.#tasks.add(task);
    return task;
  }
}
