// @ts-check
/**
 * The messages of devices. What is pushed tells nothing of its sender, so a readout is known by its id, which
 * nobody can guess. All readouts of a client share one handler, because it has one for each kind of message.
 */

import { AgentApiError } from "neuron-agent-api";
import { runReported } from "../loader/report.js";
import { failure } from "./failure.js";
import { textOf } from "./xml.js";

/** @typedef {import("./index.d.ts").ThingsClient} Client */
/** @typedef {import("neuron-agent-api").Message} Message */
/** @typedef {import("neuron-agent-api").XmlElement} XmlElement */

/** The namespace of requests, in which devices answer. */
export const NAMESPACE = "urn:nf:iot:sd:1.0";

/** The pause between two looks at the queue, in milliseconds. */
const POLL_MS = 1000;

/**
 * How long it may take to register the handler, and to remove it. Far shorter than a readout, because all who wait
 * for the handler wait for that.
 */
const HANDLER_MS = 5000;

/** How many messages are taken out of the queue at a time. */
const MOST_MESSAGES = 100;

/**
 * A readout that waits for messages.
 *
 * @typedef {object} Receiver
 * @property {(element: XmlElement) => void} receive
 * @property {(error: unknown) => void} stop
 */

/** How messages come. @typedef {{ isPushed: boolean }} Channel */

class Messages {
  #client;
  /** By the ids of their readouts. @type {Map<string, Receiver>} */
  #receivers = new Map();
  /** @type {Promise<Channel> | undefined} */
  #channel;
  /** Settles when the last channel is closed. @type {Promise<void>} */
  #closed = Promise.resolve();
  #isPolling = false;
  #endPause = () => {};

  /** Gets what was polled and belongs to no readout. @type {((message: Message) => void) | undefined} */
  onOther;

  /** @param {Client} client */
  constructor(client) {
    this.#client = client;
  }

  /**
   * Has a readout receive its messages. The first one opens the channel.
   *
   * @param {string} id
   * @param {Receiver} receiver
   */
  add(id, receiver) {
    this.#receivers.set(id, receiver);
    this.#channel ??= this.#open();
    return this.#channel;
  }

  /**
   * Ends that. The last one closes the channel, so that nothing is left pending.
   *
   * @param {string} id
   */
  remove(id) {
    this.#receivers.delete(id);
    if (this.#receivers.size > 0) return;
    this.#endPause();
    if (this.#channel) this.#closed = this.#close(this.#channel).catch(() => {});
    this.#channel = undefined;
  }

  /**
   * Polls the messages, if they can't be pushed.
   *
   * @param {string} operation that waits for them
   */
  async expect(operation) {
    const channel = await this.#channel;
    if (!channel || channel.isPushed || this.#isPolling) return;
    if (!this.onOther) {
      const why =
        "the device sends its data in messages, and there is no WebSocket over which they could come";
      const advice = "Use Node 22 or newer, or have messages polled: createThings(Client, { onMessage }).";
      throw failure(operation, "unsupported", `${why}. ${advice}`, { attempts: 1 });
    }
    this.#isPolling = true;
    this.#poll();
  }

  /** @returns {Promise<Channel>} */
  async #open() {
    // Two requests need not arrive in the order in which they were sent.
    await this.#closed;
    const client = this.#client;
    try {
      const handler = (/** @type {XmlElement} */ element) => void this.#receive(element);
      await client.Xmpp.RegisterEventHandler(null, NAMESPACE, null, handler, { timeoutMs: HANDLER_MS });
      return { isPushed: true };
    } catch (error) {
      if (AgentApiError.is(error) && error.code === "unsupported") return { isPushed: false };
      throw error;
    }
  }

  /** @param {Promise<Channel>} opening */
  async #close(opening) {
    const { isPushed } = await opening;
    if (isPushed)
      await this.#client.Xmpp.UnregisterEventHandler(null, NAMESPACE, null, { timeoutMs: HANDLER_MS });
  }

  async #poll() {
    while (this.#receivers.size > 0) {
      try {
        // Without the signal of a readout: what was taken out of the queue would be lost.
        const { Messages } = await this.#client.Xmpp.PopMessages(MOST_MESSAGES);
        for (const message of Messages) this.#take(message);
      } catch (error) {
        for (const { stop } of [...this.#receivers.values()]) stop(error);
      }
      await this.#pause();
    }
    this.#isPolling = false;
  }

  /** A pause that the end of the last readout ends. */
  async #pause() {
    if (this.#receivers.size === 0) return;
    /** @type {Promise<void>} */
    const pause = new Promise((resolve) => {
      const timer = setTimeout(resolve, POLL_MS);
      this.#endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    await pause;
    this.#endPause = () => {};
  }

  /** @param {Message} message */
  #take(message) {
    const received = message.Content.filter((element) => this.#receive(element));
    if (received.length === 0) runReported(() => this.onOther?.(message));
  }

  /**
   * @param {XmlElement} element
   * @returns {boolean} whether a readout waits for it
   */
  #receive(element) {
    const receiver = this.#receivers.get(textOf(element, "id") ?? "");
    receiver?.receive(element);
    return receiver !== undefined;
  }
}

/** @type {WeakMap<Client, Messages>} */
const known = new WeakMap();

/** @param {Client} client */
export function messagesOf(client) {
  const messages = known.get(client) ?? new Messages(client);
  known.set(client, messages);
  return messages;
}
