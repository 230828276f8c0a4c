// @ts-check
/** Notifies the other tabs of a page of a logout. The message holds no secret. */

import { tryOrUndefined, withoutPrototype } from "./value.js";

const NAME = "neuron-agent-api";

/**
 * @typedef {object} Logout
 * @property {string} broker
 * @property {string} userName
 * @property {string} place in which the session was stored
 */

/** @param {Logout} logout */
export function broadcastLogout(logout) {
  const channel = open(NAME);
  channel?.postMessage(logout);
  channel?.close();
}

/**
 * @param {(logout: Logout) => void} onLogout
 * @returns {() => void} stops listening
 */
export function listen(onLogout) {
  const channel = open(NAME);
  if (channel) {
    channel.onmessage = ({ data }) => {
      // Any script of the origin can send anything.
      const { broker, userName, place } = withoutPrototype(data);
      if ([broker, userName, place].every((text) => typeof text === "string")) {
        onLogout({ broker, userName, place });
      }
    };
  }
  return () => channel?.close();
}

/**
 * `undefined` where there is no channel: a page with an opaque origin may have none, or throw.
 *
 * @param {string} name
 * @returns {BroadcastChannel | undefined}
 */
export function open(name) {
  const channel = tryOrUndefined(() => new BroadcastChannel(name));
  // In Node, where a test may have put a page, listening must not keep the program running.
  channel?.unref?.();
  return channel;
}
