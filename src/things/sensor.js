// @ts-check
/** What sensors measure: readouts, begun only, or waited for. */

import { onAbort } from "../loader/signals.js";
import { get, isGiven } from "../loader/value.js";
import { invalid, readArguments } from "./arguments.js";
import { failure } from "./failure.js";
import { NAMESPACE } from "./messages.js";
import { method } from "./method.js";
import { ask, attributesOf, failureOf, fullJidOf, optionsOfRequests, TIMEOUT_MS, TOKENS } from "./query.js";
import { Readout } from "./readout.js";
import { elementOf } from "./xml.js";

/** @typedef {import("./index.d.ts").SensorReadout} SensorReadout */
/** @typedef {import("./arguments.js").Given} Given */

/** How long it may take to tell a device that nobody waits for its data any more. */
const CANCEL_MS = 5_000;

/** How often it is looked whether the client was disposed, in milliseconds: it tells nobody. */
const LOOK_MS = 1000;

/** The parameters that say which values are wanted, and their attributes. @type {Record<string, string>} */
const CATEGORIES = {
  Momentary: "m",
  Peak: "p",
  Status: "s",
  Computed: "c",
  Identity: "i",
  History: "h",
};

const TIMES = /** @type {const} */ (["From", "To", "When"]);
const NODE = /** @type {const} */ (["NodeId", "SourceId", "Partition"]);

/** The parameters of the methods for a device, and those for a node of a concentrator. */
const READOUT = ["JID", "Language", ...Object.keys(CATEGORIES), "Fields", ...TIMES];
const DEVICE = { names: [...READOUT, ...TOKENS], required: ["JID"] };
const DEVICE_NODE = { names: [...READOUT, ...NODE, ...TOKENS], required: ["JID", "NodeId"] };

/**
 * @param {import("./index.d.ts").ThingsClient} client
 * @param {ReturnType<typeof import("./messages.js").messagesOf>} messages
 * @returns {import("./index.d.ts").Sensor}
 */
export function sensorOf(client, messages) {
  /**
   * @param {string} name
   * @param {import("./arguments.js").Parameters} parameters
   */
  const start = (name, { names, required }) => {
    const operation = `Things.Sensor.${name}`;
    const parameters = { names: [...names, "Id"], required };
    const run = async (/** @type {unknown[]} */ args) => {
      const { given, options } = readArguments(operation, parameters, args);
      const id = given.Id ?? newId();
      const xml = requestOf(operation, id, given);
      const requestOptions = optionsOfRequests(options);
      const jid = await fullJidOf(client, operation, given.JID, requestOptions);
      const readout = new Readout(operation);
      readout.answer(await ask(client, operation, { jid, type: "get", xml, given }, requestOptions));
      await readout.throwIfStopped();
      const { state, Fields, Errors } = readout;
      return { id, jid, state: state ?? "accepted", Fields, Errors };
    };
    return method(name, parameters.names.length + 1, (args, guard) => guard(run(args)));
  };

  /**
   * @param {string} name
   * @param {import("./arguments.js").Parameters} parameters
   */
  const read = (name, parameters) => {
    const operation = `Things.Sensor.${name}`;
    return method(name, parameters.names.length + 1, (args, guard) => {
      const readout = new Readout(operation);
      const promise = guard(complete(operation, parameters, args, readout));
      const iterate = () => {
        // Whoever loops gets the error from the loop.
        promise.catch(() => {});
        return readout.fields(promise, () =>
          failure(operation, "aborted", "the loop over the fields was left.", { attempts: 1 }),
        );
      };
      return Object.assign(promise, { [Symbol.asyncIterator]: iterate });
    });
  };

  /**
   * @param {string} operation
   * @param {import("./arguments.js").Parameters} parameters
   * @param {unknown[]} args
   * @param {Readout} readout
   * @returns {Promise<SensorReadout>}
   */
  async function complete(operation, parameters, args, readout) {
    const { given, options } = readArguments(operation, parameters, args, "onProgress");
    const id = newId();
    const xml = requestOf(operation, id, given);
    readout.onProgress = options.onProgress;
    const timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
    const requests = new AbortController();
    const requestOptions = optionsOfRequests({
      encoding: options.encoding,
      timeoutMs,
      signal: requests.signal,
    });
    /** Where the device was asked. @type {string | undefined} */
    let asked;
    /** Whether the device may be reading. */
    let mayRead = false;
    let isSameSession = true;
    const stop = (/** @type {Parameters<typeof failure>[1]} */ code, /** @type {string} */ why, more = {}) =>
      readout.stop(failure(operation, code, why, { attempts: asked ? 1 : 0, ...more }));
    const timer = setTimeout(() => {
      const problem = asked ? "the device has not sent all of its data" : "the device could not be asked";
      stop("timeout", `${problem} within ${timeoutMs} ms.`);
    }, timeoutMs);
    const looks = setInterval(() => {
      try {
        client.Account.OnSessionChange(() => {})();
      } catch (error) {
        readout.stop(error);
      }
    }, LOOK_MS);
    let stopListening = () => {};
    let stopWatching = () => {};
    try {
      stopListening = listen(operation, options.signal, (reason) =>
        stop("aborted", "the signal has fired.", { cause: reason }),
      );
      stopWatching = client.Account.OnSessionChange(({ type }) => {
        if (type === "refreshed") return;
        isSameSession = false;
        stop("not-logged-in", "the session ended during the readout. Log in, and read again.");
      });
      const jid = await readout.orStopped(() => fullJidOf(client, operation, given.JID, requestOptions));
      await readout.orStopped(() =>
        messages.add(id, {
          receive: (element) => readout.receive(element),
          stop: (error) => readout.stop(error),
        }),
      );
      asked = jid;
      const query = { jid, type: /** @type {const} */ ("get"), xml, given };
      const stanza = await readout.orStopped(() => ask(client, operation, query, requestOptions));
      mayRead = true;
      readout.answer(stanza);
      if (!readout.isDone) await readout.orStopped(() => messages.expect(operation));
      await readout.completed();
      const { Fields, Errors } = readout;
      return { id, jid, Fields, Errors };
    } catch (error) {
      mayRead ||= readout.isStopped || get(error, "ambiguous") === true;
      throw failureOf(operation, error);
    } finally {
      clearTimeout(timer);
      clearInterval(looks);
      stopListening();
      messages.remove(id);
      requests.abort();
      if (asked && mayRead && !readout.isDone) {
        const jid = asked;
        // In a later turn, when a change of the session that was just made is known: another broker or account
        // must not get the tokens.
        setTimeout(() => {
          stopWatching();
          if (isSameSession) cancel(jid, id, given, options);
        });
      } else {
        stopWatching();
      }
    }
  }

  /**
   * Tells a device that nobody waits for its data any more. Nobody waits for its answer either.
   *
   * @param {string} jid
   * @param {string} id
   * @param {Given} given
   * @param {import("neuron-agent-api").CallOptions} options
   */
  function cancel(jid, id, given, { encoding }) {
    const xml = elementOf("cancel", { xmlns: NAMESPACE, id, ...attributesOf(given, TOKENS) });
    client.Xmpp.InformationQuery(jid, "set", xml, { encoding, timeoutMs: CANCEL_MS }).catch(() => {});
  }

  return {
    StartReadoutStandaloneDevice: start("StartReadoutStandaloneDevice", DEVICE),
    StartReadoutConcentratorNode: start("StartReadoutConcentratorNode", DEVICE_NODE),
    ReadStandaloneDevice: read("ReadStandaloneDevice", DEVICE),
    ReadConcentratorNode: read("ReadConcentratorNode", DEVICE_NODE),
  };
}

/**
 * @param {string} operation
 * @param {any} signal
 * @param {(reason: unknown) => void} callback
 */
function listen(operation, signal, callback) {
  if (!isGiven(signal)) return () => {};
  try {
    return onAbort(signal, callback);
  } catch {
    throw invalid(operation, "Options.signal", "must be an AbortSignal.");
  }
}

/**
 * @param {string} operation
 * @param {string} id
 * @param {Given} given
 */
function requestOf(operation, id, given) {
  const wanted = Object.entries(CATEGORIES).filter(([name]) => given[name]);
  if (wanted.length === 0) {
    throw invalid(
      operation,
      "Momentary",
      "or another category (Peak, Status, Computed, Identity, History) must be true.",
    );
  }
  if (given.From > given.To) throw invalid(operation, "To", "must not be before From.");
  const isAll = wanted.length === Object.keys(CATEGORIES).length;
  const categories = isAll ? [["all", "true"]] : wanted.map(([, attribute]) => [attribute, "true"]);
  const node = attributesOf(given, NODE);
  const content = [
    Object.keys(node).length > 0 ? elementOf("nd", node) : "",
    ...(given.Fields ?? []).map((/** @type {string} */ n) => elementOf("f", { n })),
  ];
  return elementOf(
    "req",
    {
      xmlns: NAMESPACE,
      id,
      ...attributesOf(given, ["Language"]),
      ...Object.fromEntries(categories),
      ...attributesOf(given, TIMES),
      ...attributesOf(given, TOKENS),
    },
    content.join(""),
  );
}

/** An id that nobody can guess. */
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
