// @ts-check
/** Aborted calls leave nothing behind: no listener, no timer, no memory. */

import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { after, before, beforeEach, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { runChild } from "../support/child.mjs";
import { clientFor, logIn, pause, until } from "../support/client.mjs";
import { json, startRecorder, text } from "../support/recorder.mjs";
import { rejection, wrong } from "../support/rejection.mjs";

/** @type {import("../support/recorder.mjs").Recorder} */
let server;
before(async () => {
  server = await startRecorder();
});
after(() => server.stop());
beforeEach(() => server.reset());

/** @typedef {import("neuron-agent-api").AgentAPI} AgentAPI */

const roster = (/** @type {AgentAPI} */ { Xmpp }, /** @type {AbortSignal} */ signal) =>
  Xmpp.GetRoster(0, 1, { signal });
const never = () => new Promise(() => {});

/**
 * Where a call can be when it is given up, and how to get there.
 *
 * @type {Record<string, {
 *   options?: import("neuron-agent-api").ClientOptions,
 *   answer?: import("../support/recorder.mjs").Answer,
 *   ready?: (client: AgentAPI) => Promise<void>,
 * }>}
 */
const PLACES = {
  "before it is sent": { ready: async () => {} },
  "in its queue": {
    options: { maxInFlight: 1, fetch: never },
    ready: async (client) => void client.Xmpp.GetRoster().catch(() => {}),
  },
  "while it is sent": { options: { fetch: never } },
  "while its answer is read": {
    answer: (response) => void response.writeHead(200).write('{"Roster'),
    ready: async () => until(() => server.requests.length > 0).then(() => pause(20)),
  },
  "in the pause before its next attempt": {
    answer: text("busy", 503, "text/plain", { "Retry-After": "10" }),
    ready: async () => until(() => server.requests.length > 0).then(() => pause(20)),
  },
  "while it waits for a store": {
    options: { store: { getItem: never, setItem() {}, removeItem() {} } },
  },
};

/** Ends after some turns of the event loop, however fast the machine is. @param {number} turns */
async function afterTurns(turns) {
  for (let turn = 0; turn < turns; turn += 1) await setImmediate();
}

for (const [place, { options, answer = () => {}, ready = () => pause(5) }] of Object.entries(PLACES)) {
  test(`an abort ${place} rejects at once, with the signal's reason, and leaves no listener`, async (context) => {
    const client = clientFor(context, server.host, options);
    server.always(answer);
    const controller = new AbortController();
    const reason = { any: "thing" };
    if (place === "in its queue") await ready(client);
    const call = roster(client, controller.signal);
    if (place !== "in its queue") await ready(client);
    assert.equal(getEventListeners(controller.signal, "abort").length, 1);
    controller.abort(reason);
    const error = await Promise.race([rejection(call), afterTurns(20)]);
    assert.ok(error, "at once: no timer and no answer is waited for");
    assert.deepEqual([error.code, error.cause], ["aborted", reason]);
    assert.equal(error.cause, reason);
    assert.equal(getEventListeners(controller.signal, "abort").length, 0);
  });
}

test("aborting a shared refresh does not abort it for the other calls", async (context) => {
  const client = clientFor(context, server.host);
  await logIn(client, server);
  /** @type {(() => void) | undefined} */
  let answer;
  server.answer((response) => (answer = () => json({ jwt: "next", expires: 0 })(response)));
  const controller = new AbortController();
  const [given, kept] = [
    rejection(client.Account.Refresh(60, { signal: controller.signal })),
    client.Account.Refresh(60),
  ];
  await until(() => answer);
  controller.abort();
  assert.equal((await given).code, "aborted");
  answer?.();
  assert.equal((await kept).jwt, "next");
  assert.equal(server.requests.length, 2, "a login and one refresh");
});

test("calls that succeed, fail or time out leave no listener either", async (context) => {
  const client = clientFor(context, server.host);
  const { signal } = new AbortController();
  server.answer(json({ RosterItems: [] }), text("no", 403), () => {});
  await roster(client, signal);
  await rejection(roster(client, signal));
  await rejection(client.Xmpp.GetRoster(0, 1, { signal, timeoutMs: 20 }));
  await rejection(client.Xmpp.GetRoster(wrong("x"), 1, { signal }));
  await rejection(client.Xmpp.GetRoster(0, 1, { signal, timeoutMs: 0 }));
  client.dispose();
  await rejection(client.Xmpp.GetRoster(0, 1, { signal }));
  assert.equal(getEventListeners(signal, "abort").length, 0);
});

test("ten thousand aborted calls leave no listener, no timer and no memory", async () => {
  const { code, stdout, stderr } = await runChild(
    `import { getEventListeners, setMaxListeners } from "node:events";
     import { createAgentAPI } from "neuron-agent-api";
     // A fetch that listens to its signal, as the real one does, and a lot of it.
     let listening = 0;
     const fetch = (url, { signal }) => url.endsWith("GetRoster") ? answered() : new Promise((_, reject) => {
       listening += 1;
       signal.addEventListener("abort", () => { listening -= 1; reject(signal.reason); }, { once: true });
     });
     const answered = async () => new Response('{"RosterItems":[]}');
     let wasm;
     const { Instance } = WebAssembly;
     WebAssembly.Instance = function (...args) {
       const instance = new Instance(...args);
       wasm = instance.exports.memory;
       return instance;
     };
     const session = new Map([["AgentAPI@neuron.example.Token", "kept.token"]]);
     const store = { getItem: (key) => session.get(key), setItem() {}, removeItem() {} };
     const client = createAgentAPI({ host: "neuron.example", fetch, store, maxInFlight: 50 });
     let aborted = 0;
     const shared = new AbortController();
     async function some(count) {
       for (let done = 0; done < count; done += 100) {
         const controller = new AbortController();
         const { signal } = controller;
         // Node warns of more than ten listeners.
         setMaxListeners(0, signal);
         const calls = Array.from({ length: 100 }, () =>
           client.Xmpp.SendTextMessage("bob@example.org", "x".repeat(1000), null, null, null, { signal })
             .catch((error) => { if (error.code === "aborted") aborted += 1; else throw error; }));
         await new Promise((resolve) => setTimeout(resolve, 0));
         controller.abort();
         await Promise.all(calls);
         // And some that are served, on a signal that lives as long as the program.
         await Promise.all([1, 2, 3].map(() => client.Xmpp.GetRoster(0, 1, { signal: shared.signal })));
       }
       for (let count = 0; count < 5; count += 1) {
         await new Promise((resolve) => setTimeout(resolve, 10));
         globalThis.gc();
       }
       return { heap: process.memoryUsage().heapUsed, wasm: wasm.buffer.byteLength };
     }
     await some(2000);
     const before = await some(1000);
     const after = await some(10_000);
     console.log(JSON.stringify({
       aborted, listening, listeners: getEventListeners(shared.signal, "abort").length,
       timers: process.getActiveResourcesInfo().filter((name) => name === "Timeout").length,
       heap: after.heap - before.heap, wasm: after.wasm - before.wasm,
     }));`,
    { flags: ["--expose-gc"], timeoutMs: 60_000 },
  );
  assert.equal(stderr, "");
  assert.equal(code, 0);
  const { heap, ...left } = JSON.parse(stdout);
  assert.deepEqual(left, { aborted: 13_000, listening: 0, listeners: 0, timers: 0, wasm: 0 });
  // One leaked object a call would be ten times as much.
  assert.ok(heap < 500_000, `${heap} bytes of the heap`);
});
