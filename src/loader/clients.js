// @ts-check
/** The clients: `AgentAPI`, which all copies of the package share, and those that a caller makes. */

import { Host } from "./host.js";
import { checkOptions, invalidHost } from "./options.js";
import { Runtime } from "./runtime.js";
import { captureCallers, withCallers } from "./stack.js";
import { sharedState } from "./store.js";
import { createApi } from "./surface.js";
import { Task } from "./task.js";
import { urlHost } from "./url-host.js";
import { isGiven } from "./value.js";

/**
 * @param {(operation: string) => WebAssembly.Module} compile
 * @param {typeof Task} [OwnTask] how this host waits
 */
export function clients(compile, OwnTask = Task) {
  const runtime = new Runtime(compile, OwnTask);
  /** @type {Host | undefined} */
  let defaultHost;

  const AgentAPI = createApi(runtime, () => {
    if (!defaultHost) {
      defaultHost = new Host({ store: "session", isDefault: true, popMessages: () => popOne(AgentAPI) });
      runtime.adopt(defaultHost);
      claimStore(defaultHost, "session", "AgentAPI", true);
    }
    return defaultHost;
  });

  /** @param {any} [options] */
  function createAgentAPI(options) {
    try {
      return create(options);
    } catch (error) {
      throw withCallers(error, captureCallers(createAgentAPI));
    }
  }

  /** @param {any} options */
  function create(options) {
    const {
      host,
      secure,
      store = "memory",
      encoding,
      attemptMs,
      totalMs,
      maxInFlight,
      fetch,
      WebSocket,
      headers,
    } = checkOptions(options);
    // Fails now, and in the name of this function, if WebAssembly can't run here.
    runtime.load("createAgentAPI");
    const prefix = host ? `AgentAPI@${urlHost(host, secure ?? true)}` : "AgentAPI";
    const popMessages = () => popOne(client);
    const own = new Host({ store, prefix, fetch, WebSocket, headers, popMessages });
    runtime.adopt(own);
    const client = createApi(runtime, () => own);
    const { IO } = client;
    try {
      IO.SetHost(host, secure);
    } catch (error) {
      runtime.dispose(own);
      throw invalidHost(error);
    }
    if (isGiven(encoding)) IO.SetEncoding(encoding);
    IO.SetTimeout({ attemptMs, totalMs });
    IO.SetLimits({ maxInFlight });
    const release = claimStore(own, store, prefix, false);
    const dispose = () => {
      if (own.isDisposed) return;
      release();
      runtime.dispose(own);
    };
    const disposable = { ...client, dispose };
    // For `using`, where there is one.
    if (Symbol.dispose) Object.defineProperty(disposable, Symbol.dispose, { value: dispose });
    return disposable;
  }

  return { AgentAPI, createAgentAPI };
}

/**
 * Takes one message at a time: what is in a response that is lost, or in a page that is closed, is lost.
 *
 * @param {Record<string, Record<string, Function>>} client
 */
const popOne = async (client) => (await client.Xmpp.PopMessages(1)).Messages;

/**
 * Records in which store a client keeps its session, and warns when another client does so in the same
 * one: each would end the other's session. Memory is a client's own.
 *
 * @param {Host} client
 * @param {string | object} store
 * @param {string} prefix
 * @param {boolean} isDefault whether another copy of the package may do the same
 * @returns {() => void} removes the record
 */
function claimStore(client, store, prefix, isDefault) {
  if (typeof store === "string" && !client.hasPageStorage) return () => {};
  const claims = /** @type {Map<unknown, any>} */ (sharedState());
  /** @type {Map<string, Set<unknown>>} */
  const places = claims.get(store) ?? new Map();
  claims.set(store, places);
  const owners = places.get(prefix) ?? new Set();
  places.set(prefix, owners);
  const owner = isDefault ? "AgentAPI" : client;
  owners.add(owner);
  if (owners.size > 1) {
    console.warn(
      `neuron-agent-api: two clients keep their session in the same place (${
        typeof store === "string" ? `store "${store}"` : "a store that was given to both"
      }, keys "${prefix}.…"), so a login with one is a login with the other. Give each its own store or host.`,
    );
  }
  return () => {
    owners.delete(owner);
    if (!owners.size) places.delete(prefix);
    if (!places.size) claims.delete(store);
  };
}
