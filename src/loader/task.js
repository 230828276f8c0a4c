// @ts-check
/** One task of the module: what has come for it, and what it waits for. */

import { argumentsToText } from "./arguments.js";
import { failure } from "./failure.js";
import { LONGEST_MS } from "./page.js";
import { onAbort } from "./signals.js";
import { parseJson } from "./value.js";

/** What comes for a task, as the bits of `src/web/task.rs`: its time is over. */
const TIME = 1;
/** Its request was answered, or failed. */
const ANSWER = 2;
/** The caller's signal has fired. */
const ABORT = 4;
/** The promise that is watched has settled. */
const SETTLED = 8;
/** Another task, or a socket, has brought something about. */
const WOKEN = 16;

/** @typedef {import("./host.js").Host} Host */

export class Task {
  #tasks;
  /** Of the call, such as `Xmpp.GetRoster`; empty if there is none. */
  operation;
  /** What it gave. @type {unknown} */
  result;
  /** What it fails with. @type {{ error: unknown } | undefined} */
  failure;
  #come = 0;
  #hasFired = false;
  /** @type {(() => void) | undefined} */
  #resume;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {import("./exchange.js").Exchange | undefined} */
  #exchange;
  /** A function among its arguments. @type {Function | undefined} */
  callback;
  /** How many requests were sent: the answer to any but the last is of no interest. */
  #sent = 0;
  /** The promise that is watched. @type {unknown} */
  #watched;
  /** Why the signal has fired, else why the promise was rejected. @type {unknown} */
  reason;
  #ignoreSignal = () => {};
  /** Of the answer that has come; negative if the request failed. */
  status = 0;
  /** The body of the answer, or what failed. @type {unknown} */
  body;

  /**
   * @param {import("./tasks.js").Tasks} tasks
   * @param {string} operation
   */
  constructor(tasks, operation) {
    this.#tasks = tasks;
    this.operation = operation;
  }

  /** What has come since it was asked last. */
  take() {
    const come = this.#come | (this.#hasFired ? ABORT : 0);
    this.#come = 0;
    return come;
  }

  /**
   * Waits until something has come or a time is over, both of which may be so already.
   *
   * @param {number} milliseconds
   * @returns {Promise<void>}
   */
  next(milliseconds) {
    return new Promise((resume) => {
      if (this.#come || this.failure) return resume();
      this.#resume = resume;
      if (milliseconds === Infinity) return;
      // A test may have replaced `clearTimeout` since.
      const end = () => this.#resume === resume && this.#note(TIME);
      this.#timer = setTimeout(end, Math.min(milliseconds, LONGEST_MS));
    });
  }

  /** @param {number} what */
  #note(what) {
    this.#come |= what;
    this.#goOn();
  }

  #goOn() {
    const resume = this.#resume;
    if (!resume) return;
    this.#resume = undefined;
    resume();
    clearTimeout(this.#timer);
  }

  /** Nothing is waited for any more. */
  end() {
    this.#ignoreSignal();
    this.stop();
  }

  // What follows is for the module; `src/web/tasks.rs` says what it is for.

  /**
   * @param {unknown[]} args
   * @param {string} parameters
   * @param {number} optionsIndex
   */
  arguments(args, parameters, optionsIndex) {
    const fire = (/** @type {unknown} */ reason) => {
      this.reason = reason;
      this.#hasFired = true;
      this.#note(ABORT);
    };
    return argumentsToText(
      args,
      parameters,
      optionsIndex,
      (signal) => (this.#ignoreSignal = onAbort(signal, fire)),
      (callback) => {
        this.callback = callback;
      },
    );
  }

  /** @param {number} number */
  drive(number) {
    return this.#tasks.run(this, number);
  }

  /** @param {number} number */
  spawn(number) {
    // It fails only if all tasks do.
    Promise.resolve()
      .then(() => this.drive(number))
      .catch(() => {});
  }

  wake() {
    this.#note(WOKEN);
  }

  /**
   * Has it fail without another step.
   *
   * @param {unknown} error
   */
  fail(error) {
    this.failure ??= { error };
    this.#goOn();
  }

  /** @param {string} json */
  resolve(json) {
    this.result = parseJson(json);
  }

  /**
   * @param {any} code
   * @param {string} sentence
   * @param {string} details
   * @param {unknown} cause
   */
  error(code, sentence, details, cause) {
    // The module does not remember which host it asked.
    const host = (code === "network" && this.#exchange?.host) || "the broker";
    const named = sentence.replace("the broker", host);
    return failure(this.operation, code, named, { ...JSON.parse(details), cause });
  }

  /**
   * @param {Host} host
   * @param {string} head
   * @param {unknown} body
   */
  send(host, head, body) {
    // The body of an error may still come in, and nobody waits for it any more.
    this.stop();
    this.#come &= ~ANSWER;
    const number = this.#sent;
    this.#exchange = host.send(head, body, (status, body) => {
      if (this.#sent !== number) return;
      this.status = status;
      this.body = body;
      this.#note(ANSWER);
    });
    return this.#exchange !== undefined;
  }

  stop() {
    this.#sent += 1;
    this.#exchange?.stop();
  }

  /** @param {string} name */
  header(name) {
    return this.#exchange?.header(name);
  }

  get byteLength() {
    return /** @type {{ Content: Uint8Array }} */ (this.body).Content.length;
  }

  /**
   * @param {Host} host
   * @param {WebSocket} socket
   */
  nextEvent(host, socket) {
    return host.nextEvent(socket, this);
  }

  /** @param {PromiseLike<unknown>} promise */
  watch(promise) {
    this.#watched = promise;
    this.#come &= ~SETTLED;
    const settle = (/** @type {unknown} */ reason) => {
      // A signal that has fired ends the call, and has a reason of its own.
      if (this.#watched !== promise || this.#hasFired) return;
      this.reason = reason;
      this.#note(SETTLED);
    };
    promise.then(
      () => settle(undefined),
      (error) => settle(error ?? null),
    );
  }
}
