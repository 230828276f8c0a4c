// @ts-check
/** A test's own `fetch`, instead of the host's. */

/**
 * The options that the library gives to `fetch`.
 *
 * @typedef {Omit<RequestInit, "headers" | "body"> & {
 *   method: string,
 *   headers: Record<string, string>,
 *   body: string,
 *   signal: AbortSignal,
 * }} FetchOptions
 */

/**
 * @param {(url: string, options: FetchOptions) => unknown} answer returns what `fetch` shall return,
 *   be it a response or not
 * @returns {import("neuron-agent-api").Fetch}
 */
export const fetchDouble = (answer) => /** @type {any} */ (answer);
