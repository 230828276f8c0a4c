// @ts-check
/** A double of a client that reaches one device, for the entry `things`. */

import { AgentApiError } from "neuron-agent-api";

/** @typedef {import("neuron-agent-api").XmlElement} XmlElement */
/** @typedef {import("neuron-agent-api").QueryResult} QueryResult */

const SENSOR_DATA = "urn:nf:iot:sd:1.0";

/** Its address, and that of its resource. */
export const JID = "house@example.org";
export const FULL_JID = "house@example.org/sensors";

/**
 * An element as the broker shows it.
 *
 * @param {string} name
 * @param {Record<string, unknown>} [content]
 * @returns {any}
 */
export const element = (name, content) => ({ __name: name, __ns: SENSOR_DATA, ...content });

/**
 * The result of a query whose answer has these elements.
 *
 * @param {...XmlElement} elements
 * @returns {QueryResult}
 */
export const result = (...elements) => ({
  ok: true,
  Stanza: element("iq", Object.fromEntries(elements.map((child) => [child.__name, child]))),
});

/** @param {string} code @param {Record<string, unknown>} [more] */
export const failed = (code, more) =>
  AgentApiError.fromJSON({ code, message: `Xmpp: ${code}`, operation: "Xmpp", ...more });

/**
 * A device with a client. Each of its functions can be replaced.
 *
 * @param {object} [options]
 * @param {boolean} [options.hasSocket] whether messages can be pushed
 */
export function createDevice({ hasSocket = true } = {}) {
  /** What was called, in order: the name of the method, and its arguments without the options. */
  const calls = /** @type {[name: string, ...args: unknown[]][]} */ ([]);
  const handlers = new Set();
  /** @type {Set<(event: any) => void>} */
  const sessionListeners = new Set();
  const device = {
    calls,
    handlers,
    sessionListeners,
    /** What it answers to each query. @type {(xml: string, options: any) => QueryResult | Promise<QueryResult>} */
    answer: () => result(element("resp")),
    /** @type {() => any} */
    presence: () => ({
      jid: FULL_JID,
      type: "",
      received: "2026-11-26T12:00:00Z",
      Stanza: element("presence"),
    }),
    /** What is in the queue. @type {any[]} */
    queue: [],
    /** The id of the latest readout. */
    get id() {
      const requests = calls.filter(
        ([name, , , xml]) => name === "InformationQuery" && /^<req/.test(String(xml)),
      );
      return /id="([^"]*)"/.exec(String(requests.at(-1)?.[3]))?.[1] ?? "";
    },
    /** The queries that were sent. */
    get queries() {
      return calls.flatMap(([name, , , xml]) => (name === "InformationQuery" ? [String(xml)] : []));
    },
    /** Pushes an element. @param {XmlElement} data */
    push(data) {
      for (const handler of handlers) handler(data);
    },
    /** Ends or begins a session. @param {string} type */
    session(type) {
      for (const listener of [...sessionListeners]) listener({ type, userName: "alice" });
    },
    client: {
      Xmpp: {
        async PresenceProbe(/** @type {string} */ jid) {
          calls.push(["PresenceProbe", jid]);
          return device.presence();
        },
        async InformationQuery(
          /** @type {string} */ jid,
          /** @type {string} */ type,
          /** @type {string} */ xml,
          /** @type {any} */ options,
        ) {
          calls.push(["InformationQuery", jid, type, xml]);
          if (xml.startsWith("<cancel")) return result();
          return device.answer(xml, options);
        },
        async RegisterEventHandler(
          /** @type {unknown} */ name,
          /** @type {unknown} */ namespace,
          /** @type {unknown} */ type,
          /** @type {any} */ handler,
        ) {
          calls.push(["RegisterEventHandler", name, namespace, type]);
          if (!hasSocket) throw failed("unsupported");
          handlers.add(handler);
          return {};
        },
        async UnregisterEventHandler(/** @type {unknown[]} */ ...args) {
          calls.push(["UnregisterEventHandler", ...args]);
          handlers.clear();
          return {};
        },
        async PopMessages(/** @type {number} */ count) {
          calls.push(["PopMessages", count]);
          return { Messages: device.queue.splice(0, count) };
        },
      },
      Account: {
        OnSessionChange(/** @type {(event: any) => void} */ listener) {
          sessionListeners.add(listener);
          return () => void sessionListeners.delete(listener);
        },
      },
    },
  };
  return device;
}
