// @ts-check
/** Tells the tabs of a page of each other's logouts. What is told is no secret. */

const NAME = "neuron-agent-api";

/**
 * @typedef {object} Logout
 * @property {string} broker
 * @property {string} userName
 * @property {string} place where the session was kept
 */

/** @param {Logout} logout */
export function announce(logout) {
  const channel = open();
  channel?.postMessage(logout);
  channel?.close();
}

/**
 * @param {(logout: Logout) => void} hear
 * @returns {() => void} stops listening
 */
export function listen(hear) {
  const channel = open();
  if (channel) channel.onmessage = ({ data }) => hear(data);
  // To listen is no reason for a program to go on, where a test has put a page into Node.
  /** @type {any} */ (channel)?.unref?.();
  return () => channel?.close();
}

/** An opaque origin may have none, or throw. */
function open() {
  try {
    return new BroadcastChannel(NAME);
  } catch {
    return undefined;
  }
}
