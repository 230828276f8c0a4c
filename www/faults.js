// @ts-check
/** A bad network, simulated in the page with the words of the broker's `--fault`. */

/** @typedef {typeof FAULTS[number]} FaultKind */

export const FAULTS = /** @type {const} */ ([
  "none",
  "reset",
  "lost",
  "hang",
  "status=503",
  "status=429",
  "html",
  "empty",
]);

/** What the page does by itself again and again is spared: a lost poll loses its messages for ever. */
const SPARED = /\/PopMessages$/;

/** What the switches have set. */
export const faults = {
  /** @type {FaultKind} */
  kind: "none",
  /** The next request alone, or the share of requests. @type {"next" | number} */
  share: "next",
  /** How long each request is delayed. */
  latencyMs: 0,
  /** Called when the next request has met its fault. */
  onSpent() {},
};

/**
 * The network with its faults.
 *
 * @param {typeof globalThis.fetch} fetch
 * @param {() => number} [random]
 * @returns {typeof globalThis.fetch}
 */
export function withFaults(fetch, random = Math.random) {
  return async (input, init = {}) => {
    const url = String(input);
    if (!url.includes("/Agent/")) return fetch(input, init);
    const kind = SPARED.test(url) ? "none" : faultOfNext(random);
    if (faults.latencyMs > 0) await pause(faults.latencyMs, init.signal);
    if (kind === "reset") throw new TypeError("Failed to fetch");
    if (kind.startsWith("status=")) return refusal(Number(kind.slice("status=".length)));
    if (kind === "none") return fetch(input, init);
    // The broker handles the request, and its response does not arrive as it was.
    await fetch(input, init);
    if (kind === "html") return new Response("<!doctype html><title>Hello</title>", htmlResponse);
    if (kind === "empty") return new Response(null, { status: 204 });
    if (kind === "hang") await pause(2 ** 31 - 1, init.signal);
    throw new TypeError("Failed to fetch");
  };
}

const htmlResponse = { status: 200, statusText: "OK", headers: { "Content-Type": "text/html" } };

/** @param {number} status */
function refusal(status) {
  const statusText = status === 429 ? "Too Many Requests" : "Service Unavailable";
  const headers = { "Retry-After": "1", "Content-Type": "text/plain" };
  return new Response("", { status, statusText, headers });
}

/**
 * @param {() => number} random
 * @returns {FaultKind}
 */
function faultOfNext(random) {
  const { kind, share } = faults;
  if (kind === "none" || (share !== "next" && random() >= share)) return "none";
  if (share === "next") {
    faults.kind = "none";
    faults.onSpent();
  }
  return kind;
}

/**
 * @param {number} milliseconds
 * @param {AbortSignal | null} [signal]
 */
function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
