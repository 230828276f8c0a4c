// @ts-check
/** The clients of this page: what all of them have in common, and what is heard of them. */

import { AgentAPI, createAgentAPI } from "../pkg/index.js";
import { fetchOf } from "./network.js";
import { numberAttempt } from "./wire/recorder.js";
import { add } from "./wire/timeline.js";

/** @typedef {import("../pkg/index.js").AgentAPI} Client */

/** By the name of whose they are; that of the first view has none. @type {Map<string, Client>} */
const clients = new Map();

/** What the switches have set. @type {((client: Client) => void)[]} */
const settings = [];

/** The client of the first view, which all scripts of this page share. Its `fetch` is that of the page. */
export function watchSharedClient() {
  globalThis.fetch = fetchOf("");
  watch("", AgentAPI);
}

/**
 * Creates a client with a session of its own, at the broker of the first view.
 *
 * @param {string} name
 */
export function createClient(name) {
  const { host, protocol } = new URL(AgentAPI.IO.GetBaseURL());
  const client = createAgentAPI({ host, secure: protocol === "https:", fetch: fetchOf(name) });
  watch(name, client);
  return client;
}

/**
 * Ends a client that `createClient` has made.
 *
 * @param {import("../pkg/index.js").AgentAPIClient} client
 */
export function endClient(client) {
  client.dispose();
  for (const [name, one] of clients) if (one === client) clients.delete(name);
}

/**
 * Changes every client: those that there are, and those to come.
 *
 * @param {(client: Client) => void} change
 */
export function setForAll(change) {
  settings.push(change);
  for (const client of clients.values()) change(client);
}

/**
 * @param {string} name
 * @param {Client} client
 */
function watch(name, client) {
  clients.set(name, client);
  for (const change of settings) change(client);
  client.IO.OnRequest((event) => numberAttempt(name, event));
  client.IO.OnRetry((event) => add({ client: name, retry: event }));
  client.Account.OnSessionChange((event) => add({ client: name, session: event }));
}
