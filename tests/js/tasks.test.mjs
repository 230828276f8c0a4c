// @ts-check
/**
 * How calls are driven: whatever clocks and contexts are around them. Each runs in a process of its own,
 * because a call that never settled could block all that follow.
 */

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { runChild } from "../support/child.mjs";
import { json, startRecorder } from "../support/recorder.mjs";
import { keptSession } from "../support/stores.mjs";

/** @type {import("../support/recorder.mjs").Recorder} */
let server;
before(async () => (server = await startRecorder()));
after(() => server.stop());
beforeEach(() => {
  server.reset();
  server.always(json({ sent: true, id: "x", jwt: "the.token", expires: 0 }));
});

/**
 * Runs a program that has a client, `send()` and `deepEqual`, and gives what it said.
 *
 * @param {string} program
 * @param {{ flags?: string[], timeoutMs?: number }} [options]
 */
async function run(program, { flags = [], timeoutMs = 8_000 } = {}) {
  const { code, signal, stdout, stderr } = await runChild(
    `import { AsyncLocalStorage } from "node:async_hooks";
     import { createAgentAPI } from "neuron-agent-api";
     const host = "${server.host}";
     const session = new Map([["AgentAPI@" + host + ".Token", "kept.token"]]);
     const withSession = { getItem: (key) => session.get(key), setItem() {}, removeItem() {} };
     const clientOf = (options) => createAgentAPI({ host, secure: false, store: withSession, ...options });
     const send = (client, options) =>
       client.Xmpp.SendTextMessage("bob@example.org", "Hi", null, null, null, options);
     ${program}`,
    { timeoutMs, flags },
  );
  // A program that hangs does not do what it should; one that breaks is a broken test.
  assert.equal(signal, null, "the program hangs");
  if (code !== 0 && code !== 13) throw new Error(stderr);
  assert.equal(code, 0, "a promise of the program never settles");
  return { said: stdout.trim(), stderr };
}

for (const [label, during] of [
  ["that is awaited", "await send(client);"],
  ["that is awaited later", "begun = send(client);"],
]) {
  test(`a call under fake timers ${label} settles, and so do those after it`, async () => {
    const { said } = await run(`
      import FakeTimers from "@sinonjs/fake-timers";
      const answer = { status: 200, headers: new Headers(), text: async () => '{ "sent": true, "id": "x" }' };
      const client = clientOf({ fetch: async () => answer });
      const later = clientOf();
      // All that there are: timers, clocks, and the queue of microtasks.
      const clock = FakeTimers.install();
      let begun;
      ${during}
      clock.uninstall();
      await begun;
      await send(client);
      await send(later);
      console.log("settled");`);
    assert.equal(said, "settled");
  });
}

test("a call whose fetch hangs under fake timers holds up no other", async () => {
  const { said } = await run(`
    import FakeTimers from "@sinonjs/fake-timers";
    let hangs = true;
    const client = clientOf({
      fetch: () => (hangs ? new Promise(() => {}) : Promise.resolve(Response.json({ sent: true, id: "x" }))),
      maxInFlight: 2,
    });
    const clock = FakeTimers.install();
    const lost = send(client);
    const signal = AbortSignal.abort();
    const aborted = await send(client, { signal }).catch(({ code }) => code);
    clock.uninstall();
    hangs = false;
    const { sent } = await send(client);
    console.log(aborted, sent);
    client.dispose();
    await lost.catch(() => {});`);
  assert.equal(said, "aborted true");
});

test("a fake clock drives the pause before another attempt", async () => {
  const { said } = await run(`
    import FakeTimers from "@sinonjs/fake-timers";
    let requests = 0;
    const busy = { status: 503, headers: new Headers({ "Retry-After": "20" }), text: async () => "" };
    const done = { status: 200, headers: new Headers(), text: async () => '{ "sent": true, "id": "x" }' };
    const client = clientOf({ fetch: async () => (++requests === 1 ? busy : done) });
    const clock = FakeTimers.install();
    const call = send(client);
    await clock.tickAsync(19_000);
    const before = requests;
    await clock.tickAsync(2_000);
    const { sent } = await call;
    clock.uninstall();
    console.log(before, requests, sent);`);
  assert.equal(said, "1 2 true");
});

test("a fake clock drives the deadline of a call", async () => {
  const { said } = await run(`
    import FakeTimers from "@sinonjs/fake-timers";
    const client = clientOf({ fetch: () => new Promise(() => {}) });
    const clock = FakeTimers.install();
    const call = send(client, { timeoutMs: 5_000 }).catch(({ code }) => code);
    await clock.tickAsync(5_000);
    const outcome = await call;
    clock.uninstall();
    console.log(outcome);`);
  assert.equal(said, "timeout");
});

test("the memory that a huge answer took is given back", async () => {
  const { said } = await run(
    `
    // The largest memory that any instance has, as WebAssembly reports it.
    const memories = [];
    const real = WebAssembly.Instance;
    WebAssembly.Instance = class extends real {
      constructor(...args) {
        super(...args);
        for (const value of Object.values(this.exports)) {
          if (value instanceof WebAssembly.Memory) memories.push(new WeakRef(value));
        }
        return this;
      }
    };
    const zeros = "[" + "0,".repeat(1024 * 1024 - 2) + "0]";
    const client = clientOf({ fetch: async () => new Response(zeros), totalMs: 100_000, attemptMs: 100_000 });
    const { length } = await client.IO.Request("/x");
    if (length !== 1024 * 1024 - 1) throw new Error("not all of it came");
    const bytes = () => memories.reduce((sum, memory) => sum + (memory.deref()?.buffer.byteLength ?? 0), 0);
    if (bytes() === 0) throw new Error("no memory was seen");
    for (let turn = 0; turn < 50 && bytes() > 16 * 1024 * 1024; turn += 1) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      globalThis.gc();
    }
    console.log(bytes() <= 16 * 1024 * 1024);`,
    { flags: ["--expose-gc"], timeoutMs: 100_000 },
  );
  assert.equal(said, "true");
});

test("a refresh that takes its time is waited for by one timer, and asked for once", async () => {
  const { said, stderr } = await run(`
    const kept = new Map(${JSON.stringify([...keptSession(server.host, "first", { passed: 2_000 })])});
    const store = { getItem: (key) => kept.get(key), setItem() {}, removeItem() {} };
    let refreshes = 0;
    const client = clientOf({
      store,
      async fetch(url) {
        if (url.endsWith("/Refresh") && ++refreshes) return new Promise(() => {});
        return Response.json({ sent: true, id: "x" });
      },
    });
    const timers = [];
    const { setTimeout: real } = globalThis;
    globalThis.setTimeout = (work, after, ...more) => (timers.push(after), real(work, after, ...more));
    const call = send(client, { timeoutMs: 3_000 });
    await new Promise((resolve) => real(resolve, 300));
    const longest = Math.max(...timers);
    const { sent } = await call;
    client.dispose();
    console.log(sent, refreshes, timers.length < 20, longest < 2 ** 31);`);
  assert.equal(said, "true 1 true true");
  assert.doesNotMatch(stderr, /Overflow/);
});

test("a request whose error is still coming in is ended before the next one is sent", async () => {
  const { said } = await run(`
    const signals = [];
    const client = clientOf({
      async fetch(url, { signal }) {
        signals.push(signal);
        if (signals.length > 1) return Response.json({ sent: true, id: "x" });
        // A body that never ends.
        return new Response(new ReadableStream({}), { status: 503, headers: { "Retry-After": "0" } });
      },
    });
    const { sent } = await send(client);
    console.log(sent, signals.map(({ aborted }) => aborted).join());`);
  assert.equal(said, "true true,false");
});

test("the longest time that a timer can have is not exceeded by a part of a millisecond", async () => {
  const { said } = await run(`
    const { setTimeout: real } = globalThis;
    const now = performance.now.bind(performance);
    // Added to such a number and taken from it again, the longest time is a little longer.
    performance.now = () => now() + 0.1234567891;
    const longest = 2 ** 31 - 1;
    const outcomes = [];
    globalThis.setTimeout = (work, after, ...more) => (outcomes.push(after), real(work, after, ...more));
    const client = clientOf({
      attemptMs: longest,
      totalMs: longest,
      fetch: () => new Promise((resolve) => real(() => resolve(Response.json({ sent: true, id: "x" })), 20)),
    });
    for (let number = 0; number < 20; number += 1) {
      const { sent } = await send(client);
      if (!sent) outcomes.push(Infinity);
    }
    console.log(outcomes.length >= 20, Math.max(...outcomes) <= longest);`);
  assert.equal(said, "true true");
});

test("a clock that moves timers alone ends no time that begins with it", async () => {
  const { said } = await run(`
    import FakeTimers from "@sinonjs/fake-timers";
    let requests = 0;
    let answer;
    const headers = new Headers({ "Retry-After": "20" });
    const busy = { status: 503, headers, text: async () => "" };
    const done = { status: 200, headers: new Headers(), text: async () => '{ "sent": true, "id": "x" }' };
    const client = clientOf({
      fetch: () => (++requests === 1 ? Promise.resolve(busy) : new Promise((resolve) => (answer = resolve))),
    });
    const clock = FakeTimers.install({ toFake: ["setTimeout", "clearTimeout"] });
    const call = send(client);
    // The other clocks stand still, so a pause may begin anew with a step in between.
    await clock.tickAsync(35_000);
    answer(done);
    const { sent } = await call;
    clock.uninstall();
    console.log(requests, sent);`);
  assert.equal(said, "2 true");
});

test("a stream waits for a refresh to its end, because it can't be sent again", async () => {
  const { said } = await run(`
    const kept = new Map(${JSON.stringify([...keptSession(server.host, "first", { passed: 2_000 })])});
    const store = {
      getItem: (key) => kept.get(key),
      setItem: (key, value) => void kept.set(key, value),
      removeItem: (key) => void kept.delete(key),
    };
    const shown = [];
    const client = clientOf({
      store,
      async fetch(url, { headers }) {
        if (url.endsWith("/Refresh")) {
          await new Promise((resolve) => setTimeout(resolve, 900));
          return Response.json({ jwt: "second", expires: 0 });
        }
        shown.push(headers.Authorization);
        return Response.json(1);
      },
    });
    const body = new ReadableStream({ start: (controller) => controller.close() });
    await client.IO.Request("/x", body, null, null, { timeoutMs: 2_000 });
    client.dispose();
    console.log(shown.join());`);
  assert.equal(said, "Bearer second");
});

test("no request waits for the promise or the timer of another", async () => {
  // In workerd a promise of one request settles nothing in another, and a request's timers end with
  // it. So does the refresh here, which the first of four requests begins: its end is never noticed.
  const { said } = await run(`
    const kept = new Map(${JSON.stringify([...keptSession(server.host, "first", { passed: 2_000 })])});
    const store = {
      getItem: (key) => kept.get(key),
      setItem: (key, value) => void kept.set(key, value),
      removeItem: (key) => void kept.delete(key),
    };
    let refreshes = 0;
    const client = clientOf({
      store,
      async fetch(url) {
        if (url.endsWith("/Refresh") && ++refreshes === 1) return new Promise(() => {});
        return Response.json({ jwt: "second", expires: 0, sent: true, id: "x" });
      },
    });
    const calls = Array.from({ length: 4 }, () => send(client, { timeoutMs: 2_000 }).catch(() => ({})));
    const outcomes = await Promise.all(calls);
    client.dispose();
    console.log(outcomes.filter(({ sent }) => sent).length >= 3);`);
  assert.equal(said, "true");
});

for (const [label, options, program] of [
  ["its fetch", "", ""],
  ["its retries", "", "busy = 1;"],
  ["its hooks", "", 'for (const hook of ["OnRequest", "OnResponse"]) client.IO[hook](() => note(hook));'],
  [
    "an asynchronous store",
    `store: {
       getItem: async (key) => (note("getItem"), session.get(key)),
       setItem: async (key, value) => void session.set(key, value),
       removeItem: async (key) => void session.delete(key),
     },`,
    "",
  ],
]) {
  test(`a hundred calls at once, each in its own context, run ${label} in it`, async () => {
    const { said } = await run(`
      const contexts = new AsyncLocalStorage();
      const strangers = [];
      const note = (what) => {
        const context = contexts.getStore();
        if (context === undefined) strangers.push(what);
        else context.seen.push(what);
      };
      let busy = 0;
      const client = clientOf({
        maxInFlight: 7,
        ${options}
        async fetch(url, { body }) {
          const context = contexts.getStore();
          if (context?.id !== JSON.parse(body).id) strangers.push("fetch");
          if (context && context.requests++ < busy) return new Response("", { status: 503, headers: { "Retry-After": "0" } });
          return Response.json({ sent: true, id: "x" });
        },
      });
      ${program}
      await Promise.all(Array.from({ length: 100 }, (_, number) => {
        const context = { id: "id-" + number, seen: [], requests: 0 };
        return contexts.run(context, () =>
          client.Xmpp.SendTextMessage("bob@example.org", "Hi", null, null, context.id));
      }));
      console.log(strangers.length);`);
    assert.equal(said, "0");
  });
}

// Later versions of Node warn of no signal.
if (process.versions.node.startsWith("20.")) {
  test("eleven calls with one signal bring no warning", async () => {
    const { stderr } = await run(`
      const { signal } = new AbortController();
      const client = clientOf();
      await Promise.all(Array.from({ length: 11 }, () => send(client, { signal })));`);
    assert.equal(stderr, "");
  });
}
