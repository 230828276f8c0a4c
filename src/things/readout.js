// @ts-check
/** A readout under way: what has come of it, and who waits for it. */

import { runReported } from "../loader/report.js";
import { children } from "../loader/value.js";
import { badAnswer } from "./query.js";
import { readSensorData } from "./sensor-data.js";
import { isTrue, textOf } from "./xml.js";

/** @typedef {import("./index.d.ts").ReadoutState} ReadoutState */
/** @typedef {import("./index.d.ts").SensorError} SensorError */
/** @typedef {import("./index.d.ts").SensorField} SensorField */
/** @typedef {import("neuron-agent-api").XmlElement} XmlElement */

/** Far more than a device has: a limit, so that none can fill the memory. */
const MOST_FIELDS = 100_000;

/** The states in their order. A message that comes late does not take a readout back. @type {ReadoutState[]} */
const STATES = ["accepted", "queued", "started", "reading", "done"];

export class Readout {
  /** @type {SensorField[]} */
  Fields = [];
  /** @type {SensorError[]} */
  Errors = [];
  /** @type {ReadoutState | undefined} */
  state;
  /** @type {((progress: import("./index.d.ts").ReadoutProgress) => void) | null | undefined} */
  onProgress;
  /** Whether it has failed. */
  isStopped = false;

  #operation;
  /** What came before the device's answer, which may be overtaken. @type {XmlElement[] | undefined} */
  #early = [];
  #changes = new Changes();
  /** @type {(error: unknown) => void} */
  #fail = () => {};
  /** @type {Promise<never>} */
  #failed = new Promise((_, reject) => {
    this.#fail = reject;
  });

  /** @param {string} operation */
  constructor(operation) {
    this.#operation = operation;
    this.#failed.catch(() => {});
  }

  get isDone() {
    return this.state === "done";
  }

  /**
   * Ends the readout with an error, unless it is over.
   *
   * @param {unknown} error
   */
  stop(error) {
    if (this.isDone || this.isStopped) return;
    this.isStopped = true;
    this.#fail(error);
    this.#changes.notify();
  }

  /**
   * Does something, and waits for it no longer than for the readout. Does nothing if that has failed.
   *
   * @template Result
   * @param {() => Promise<Result>} work
   */
  orStopped(work) {
    return Promise.race(this.isStopped ? [this.#failed] : [work(), this.#failed]);
  }

  /** Throws the error that has ended the readout, if it has failed. */
  async throwIfStopped() {
    if (this.isStopped) await this.#failed;
  }

  /** Waits for the end of the readout. */
  async completed() {
    while (!this.isDone) await this.orStopped(() => this.#changes.next());
  }

  /**
   * Takes the answer to the request.
   *
   * @param {XmlElement} stanza
   */
  answer(stanza) {
    const elements = STATES_BY_ELEMENT.flatMap(([name]) => children(stanza, name));
    if (elements.length === 0)
      throw badAnswer(this.#operation, "it has no element resp, started or accepted");
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const element of [...elements, ...early]) this.receive(/** @type {XmlElement} */ (element));
  }

  /**
   * Takes a part of the answer, or a message.
   *
   * @param {XmlElement} element
   */
  receive(element) {
    if (this.#early) {
      this.#early.push(element);
      return;
    }
    if (this.isDone || this.isStopped) return;
    const state = STATES_BY_ELEMENT.find(([name]) => name === element.__name)?.[1](element);
    if (!state) return;
    if (element.__name === "resp") {
      const { Fields, Errors } = readSensorData(element);
      for (const field of Fields) this.Fields.push(field);
      for (const error of Errors) this.Errors.push(error);
      if (this.Fields.length + this.Errors.length > MOST_FIELDS) {
        this.stop(badAnswer(this.#operation, `it has more than ${MOST_FIELDS} fields`));
        return;
      }
    }
    if (!this.state || STATES.indexOf(state) > STATES.indexOf(this.state)) this.state = state;
    this.#tell();
    this.#changes.notify();
  }

  #tell() {
    const { state, Fields, Errors } = this;
    if (!state) return;
    const progress = { state, fieldCount: Fields.length, errorCount: Errors.length };
    runReported(() => this.onProgress?.(progress));
  }

  /**
   * The fields as they come. Leaving before the end ends the readout.
   *
   * @param {Promise<unknown>} promise of the whole readout
   * @param {() => unknown} errorOfLeaving
   * @returns {AsyncGenerator<SensorField, void, void>}
   */
  async *fields(promise, errorOfLeaving) {
    let count = 0;
    try {
      for (;;) {
        while (count < this.Fields.length) yield this.Fields[count++];
        if (this.isDone) break;
        // What has come before a failure comes first.
        await Promise.race([this.#changes.next(), promise]);
      }
      await promise;
    } finally {
      this.stop(errorOfLeaving());
    }
  }
}

/**
 * The elements of answers and messages, in their order, and the state that each means.
 *
 * @type {[name: string, stateOf: (element: XmlElement) => ReadoutState][]}
 */
const STATES_BY_ELEMENT = [
  ["accepted", (element) => (isTrue(textOf(element, "queued")) ? "queued" : "accepted")],
  ["started", () => "started"],
  ["resp", (element) => (isTrue(textOf(element, "more")) ? "reading" : "done")],
  ["done", () => "done"],
];

/** Tells those who wait that something has changed. */
class Changes {
  /** @type {(() => void)[]} */
  #waiting = [];

  /** @returns {Promise<void>} */
  next() {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  notify() {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
