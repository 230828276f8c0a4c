// @ts-check
/** The log as a HAR file (HTTP Archive 1.2), which developer tools and proxies read. Secrets are masked. */

import { exchanges } from "./log.js";

/** @typedef {import("./log.js").Exchange} Exchange */

const FILE = "agent-api.har";

/** How long the browser may take to read it. */
const KEPT_MS = 60_000;

/** Has the browser save the log, and returns the name of the file. */
export function downloadHar() {
  const text = JSON.stringify(harOf(exchanges), null, 2);
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  Object.assign(document.createElement("a"), { href: url, download: FILE }).click();
  // Some browsers read it only after this function has returned.
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
  return FILE;
}

/** @param {Exchange[]} log */
export const harOf = (log) => ({
  log: {
    version: "1.2",
    creator: { name: "neuron-agent-api", version: "1" },
    entries: log.map(entryOf),
  },
});

/** @param {Exchange} exchange */
function entryOf({ client, attempt, startedAt, elapsedMs, answer, ...exchange }) {
  const time = answer?.elapsedMs ?? elapsedMs;
  return {
    startedDateTime: startedAt.toISOString(),
    time,
    request: {
      method: exchange.method,
      url: exchange.url,
      httpVersion: "",
      cookies: [],
      headers: exchange.headers.map(nameAndValue),
      queryString: [...new URL(exchange.url).searchParams].map(nameAndValue),
      ...(exchange.body && {
        postData: { mimeType: textOf(exchange.headers, "Content-Type"), text: exchange.body },
      }),
      headersSize: -1,
      bodySize: exchange.bodyBytes,
    },
    response: {
      // By convention, 0 stands for no response.
      status: exchange.status ?? 0,
      statusText: exchange.statusText,
      httpVersion: "",
      cookies: [],
      headers: (answer?.headers ?? []).map(nameAndValue),
      content: {
        size: answer?.bodyBytes ?? 0,
        mimeType: textOf(answer?.headers ?? [], "Content-Type"),
        text: answer?.body ?? "",
      },
      redirectURL: "",
      headersSize: -1,
      bodySize: answer?.bodyBytes ?? -1,
    },
    cache: {},
    timings: { send: 0, wait: elapsedMs, receive: time - elapsedMs },
    ...((client || attempt) && { comment: commentOf(client, attempt) }),
  };
}

/**
 * @param {string} client
 * @param {number} [attempt]
 */
const commentOf = (client, attempt) => [client, attempt && `attempt ${attempt}`].filter(Boolean).join(", ");

/** @param {[name: string, value: string]} pair */
const nameAndValue = ([name, value]) => ({ name, value });

/**
 * @param {[name: string, value: string][]} headers
 * @param {string} name
 */
const textOf = (headers, name) => headers.find(([one]) => one === name)?.[1] ?? "";
