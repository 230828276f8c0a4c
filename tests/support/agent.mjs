// @ts-check
/**
 * Clients of their own: outside a browser tab the library has one session per thread, so each runs
 * in a thread of its own.
 */

import { once } from "node:events";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { AgentAPI as Groups } from "neuron-agent-api";

if (!isMainThread && workerData?.agent) {
  const { AgentAPI, AgentApiError } = await import("neuron-agent-api");
  const { callOf } = await import("./calls.mjs");
  parentPort?.on("message", async ({ id, group, method, values }) => {
    try {
      parentPort?.postMessage({ id, value: await callOf(AgentAPI, `${group}.${method}`, values) });
    } catch (error) {
      parentPort?.postMessage({ id, error: AgentApiError.is(error) ? error.toJSON() : String(error) });
    }
  });
}

/**
 * @typedef {{ [Group in keyof AgentAPI]: Async<AgentAPI[Group]> } & { stop(): Promise<number> }} Agent
 * @typedef {import("neuron-agent-api").AgentAPI} AgentAPI
 */

/**
 * The methods as they are called through a thread: each answers with a promise.
 *
 * @template Group
 * @typedef {{
 *   [Name in keyof Group]: Group[Name] extends (...values: infer Values) => infer Value
 *     ? (...values: Values) => Promise<Awaited<Value>>
 *     : never
 * }} Async
 */

/**
 * @param {string} host such as `127.0.0.1:8080`
 * @returns {Promise<Agent>}
 */
export async function startAgent(host) {
  const worker = new Worker(new URL(import.meta.url), { workerData: { agent: true } });
  await once(worker, "online");
  /** @type {Map<number, { resolve: (value: unknown) => void, reject: (error: unknown) => void }>} */
  const calls = new Map();
  worker.on("message", ({ id, value, error }) => {
    const call = calls.get(id);
    calls.delete(id);
    if (error === undefined) call?.resolve(value);
    else call?.reject(Object.assign(new Error(error.message), error));
  });
  let count = 0;
  const group = (/** @type {string} */ group) =>
    new Proxy(/** @type {any} */ ({}), {
      get:
        (_, method) =>
        (/** @type {unknown[]} */ ...values) =>
          new Promise((resolve, reject) => {
            count += 1;
            calls.set(count, { resolve, reject });
            worker.postMessage({ id: count, group, method, values });
          }),
    });
  const agent = {
    .../** @type {any} */ (Object.fromEntries(Object.keys(Groups).map((name) => [name, group(name)]))),
    stop: () => worker.terminate(),
  };
  await agent.IO.SetHost(host, false);
  return agent;
}
