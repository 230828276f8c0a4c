// @ts-check
/** What sessions are kept in, and sessions that begin there: to have one, no request is needed. */

import { AgentAPI } from "neuron-agent-api";

/** A store of the caller's, which tests look into. */
export const storeOf = (/** @type {Map<string, string>} */ map) => ({
  getItem: (/** @type {string} */ key) => map.get(key) ?? null,
  setItem: (/** @type {string} */ key, /** @type {string} */ value) => map.set(key, value),
  removeItem: (/** @type {string} */ key) => map.delete(key),
});

/**
 * What a store holds of a session that began some seconds ago.
 *
 * @param {string} host
 * @param {string} token
 * @param {{ seconds?: number, passed?: number, userName?: string }} [session]
 * @returns {Map<string, string>}
 */
export function keptSession(host, token, { seconds = 3600, passed = 0, userName = "alice" } = {}) {
  const expires = Math.floor(Date.now() / 1000) + seconds - passed;
  const values = {
    Broker: `http://${host}`,
    UserName: userName,
    Token: token,
    Seconds: String(seconds),
    RefreshTimerElapses: String(expires - seconds / 2),
    RefreshTimerExpires: String(expires),
  };
  return new Map(Object.entries(values).map(([key, value]) => [`AgentAPI@${host}.${key}`, value]));
}

/**
 * A store with a session: a token alone is one.
 *
 * @param {string} host
 * @param {string} [token]
 */
export const storeWithToken = (host, token = "kept.token") =>
  storeOf(new Map([[`AgentAPI@${host}.Token`, token]]));

/**
 * What `AgentAPI` keeps outside a page since its first call, under a symbol that copies of the package share.
 *
 * @type {() => Map<string, string>}
 */
export const keptInMemory = () => Reflect.get(globalThis, Symbol.for("neuron-agent-api"));

/**
 * Sets the broker of `AgentAPI`, and begins a session there without a request.
 *
 * @param {string} host
 * @param {boolean} [secure]
 */
export function beginSessionAt(host, secure = true) {
  AgentAPI.IO.SetHost(host, secure);
  keptInMemory().set("AgentAPI.Token", "kept.token");
}
