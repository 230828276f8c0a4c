// @ts-check
/**
 * Abort signals. A signal has one listener of ours however many calls it is for, because Node warns of more
 * than ten.
 */

import { tryOrUndefined } from "./value.js";

/** @type {WeakMap<object, { callbacks: Set<(reason: unknown) => void>, fire: () => void }>} */
const waiting = new WeakMap();

/**
 * Calls back when a signal fires, at once if it has. A signal is known by its properties, since another frame
 * has another class `AbortSignal`; this throws where they are no functions.
 *
 * @param {AbortSignal} signal
 * @param {(reason: unknown) => void} callback
 * @returns {() => void} ends that
 */
export function onAbort(signal, callback) {
  const reason = () => tryOrUndefined(() => signal.reason);
  if (signal.aborted) {
    callback(reason());
    return () => {};
  }
  const known = waiting.get(signal);
  const { callbacks, fire } = known ?? listen(signal, reason);
  callbacks.add(callback);
  return () => {
    callbacks.delete(callback);
    if (callbacks.size > 0) return;
    waiting.delete(signal);
    // A test's double may throw.
    tryOrUndefined(() => signal.removeEventListener("abort", fire));
  };
}

/**
 * @param {AbortSignal} signal
 * @param {() => unknown} reason
 */
function listen(signal, reason) {
  /** @type {Set<(reason: unknown) => void>} */
  const callbacks = new Set();
  const fire = () => {
    for (const callback of callbacks) callback(reason());
  };
  signal.addEventListener("abort", fire);
  waiting.set(signal, { callbacks, fire });
  return { callbacks, fire };
}
