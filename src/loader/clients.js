// @ts-check
/** The clients: `AgentAPI`, which all copies of the package share, and those that a caller makes. */

import { AgentApiError } from "./error.js";
import { failure } from "./failure.js";
import { Host } from "./host.js";
import { check } from "./options.js";
import { Runtime } from "./runtime.js";
import { shared } from "./store.js";
import { surface } from "./surface.js";
import { urlHost } from "./url-host.js";

/** @param {(operation: string) => WebAssembly.Module} compile */
export function clients(compile) {
  const runtime = new Runtime(compile);
  /** @type {Host | undefined} */
  let defaultHost;

  const AgentAPI = surface(runtime, () => {
    if (!defaultHost) {
      defaultHost = new Host({ store: "session", isDefault: true });
      runtime.adopt(defaultHost);
      claim(defaultHost, "session", "AgentAPI", true);
    }
    return defaultHost;
  });

  /** @param {any} [options] */
  function createAgentAPI(options) {
    const { host, secure, store = "memory", encoding, attemptMs, totalMs, maxInFlight, fetch, headers } =
      check(options);
    const prefix = host ? `AgentAPI@${urlHost(host, secure ?? true)}` : "AgentAPI";
    const own = new Host({ store, prefix, fetch, headers });
    runtime.adopt(own);
    const client = surface(runtime, () => own);
    const { IO } = client;
    try {
      // Without a host as well, so that a wrong `secure` is told.
      IO.SetHost(host, secure);
      if (isGiven(encoding)) IO.SetEncoding(encoding);
      if (isGiven(attemptMs) || isGiven(totalMs)) IO.SetTimeout({ attemptMs, totalMs });
      if (isGiven(maxInFlight)) IO.SetLimits({ maxInFlight });
    } catch (error) {
      runtime.dispose(own);
      throw asOption(error);
    }
    const release = claim(own, store, prefix, false);
    const dispose = () => {
      if (own.isDisposed) return;
      release();
      runtime.dispose(own);
    };
    const disposable = { ...client, dispose };
    // For `using`, where there is one.
    if (Symbol.dispose) Object.defineProperty(disposable, Symbol.dispose, { value: dispose });
    return Object.freeze(disposable);
  }

  return { AgentAPI, createAgentAPI };
}

const isGiven = (/** @type {unknown} */ value) => value !== undefined && value !== null;

/**
 * An error of a setter that was called for an option.
 *
 * @param {unknown} error
 */
function asOption(error) {
  if (!AgentApiError.is(error)) return error;
  const { message, parameter = "" } = /** @type {any} */ (error);
  const last = /** @type {string} */ (parameter.split(".").at(-1));
  const option = last.charAt(0).toLowerCase() + last.slice(1);
  const rule = message.slice(message.indexOf(parameter) + parameter.length + 1);
  const named = { parameter: `Options.${option}` };
  return failure("createAgentAPI", "invalid-argument", `Options.${option} ${rule}`, named);
}

/**
 * Notes that a client keeps its session in a place, and says so when another does as well: each
 * would end the other's session. Memory is a client's own.
 *
 * @param {Host} client
 * @param {string | object} store
 * @param {string} prefix
 * @param {boolean} isDefault whether another copy of the package may do the same
 * @returns {() => void} takes it back
 */
function claim(client, store, prefix, isDefault) {
  if (typeof store === "string" && !client.hasPageStorage) return () => {};
  const claims = /** @type {Map<unknown, any>} */ (shared());
  /** @type {Map<string, { makers: number, isDefault: boolean }>} */
  const places = claims.get(store) ?? new Map();
  claims.set(store, places);
  const claimed = places.get(prefix) ?? { makers: 0, isDefault: false };
  places.set(prefix, claimed);
  if (isDefault) claimed.isDefault = true;
  else claimed.makers += 1;
  if (claimed.makers + Number(claimed.isDefault) > 1) {
    console.warn(
      `neuron-agent-api: two clients keep their session in the same place (${
        typeof store === "string" ? `store "${store}"` : "a store that was given to both"
      }, keys "${prefix}.…"), so a login with one is a login with the other. Give each its own store or host.`,
    );
  }
  return () => {
    claimed.makers -= 1;
    if (claimed.makers === 0 && !claimed.isDefault) places.delete(prefix);
    if (places.size === 0) claims.delete(store);
  };
}
