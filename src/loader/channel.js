// @ts-check
/** Tells the tabs of a page of each other's logouts. What is told is no secret. */

import { own } from "./value.js";

const NAME = "neuron-agent-api";

/**
 * @typedef {object} Logout
 * @property {string} broker
 * @property {string} userName
 * @property {string} place where the session was kept
 */

/** @param {Logout} logout */
export function announce(logout) {
  const channel = open(NAME);
  channel?.postMessage(logout);
  channel?.close();
}

/**
 * @param {(logout: Logout) => void} hear
 * @returns {() => void} stops listening
 */
export function listen(hear) {
  const channel = open(NAME);
  if (channel) {
    channel.onmessage = ({ data }) => {
      // Any script of the origin can send anything.
      const { broker, userName, place } = own(data);
      if ([broker, userName, place].every((text) => typeof text === "string")) {
        hear({ broker, userName, place });
      }
    };
  }
  return () => channel?.close();
}

/**
 * An opaque origin may have none, or throw.
 *
 * @param {string} name
 */
export function open(name) {
  try {
    const channel = new BroadcastChannel(name);
    // To listen is no reason for a program to go on, where a test has put a page into Node.
    /** @type {any} */ (channel).unref?.();
    return channel;
  } catch {
    return undefined;
  }
}
