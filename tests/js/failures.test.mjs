// @ts-check
/** Every way in which a call fails after its arguments were accepted. Each call settles. */

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { AgentAPI } from "neuron-agent-api";
import { json, startRecorder, text } from "../support/recorder.mjs";
import { rejection } from "../support/rejection.mjs";
import { beginSessionAt } from "../support/stores.mjs";

const ANSWER = json({ sent: true, id: "x" });
const subscribe = (/** @type {import("neuron-agent-api").CallOptions | undefined} */ options = undefined) =>
  AgentAPI.Xmpp.SendPresenceSubscription("bob@example.org", null, null, null, options);

/** @type {import("../support/recorder.mjs").Recorder} */
let server;
before(async () => {
  server = await startRecorder();
});
after(() => server.stop());
beforeEach(() => {
  beginSessionAt(server.host, false);
  server.reset();
});
afterEach(() => AgentAPI.IO.AllowInsecure(false));

for (const [status, code] of /** @type {const} */ ([
  [400, "bad-request"],
  [401, "unauthorized"],
  [403, "forbidden"],
  [404, "not-found"],
  [405, "method-not-allowed"],
  [406, "not-acceptable"],
  [413, "too-large"],
  [415, "unsupported-media-type"],
  [422, "bad-request"],
  [429, "rate-limited"],
  [500, "server-error"],
  [501, "not-implemented"],
  [502, "server-error"],
  [503, "unavailable"],
  [418, "refused"],
])) {
  test(`status ${status} is ${code}`, async () => {
    // Always, for some are asked again, and the last answer counts.
    server.always(text("The broker's own sentence.", status));
    const error = await rejection(subscribe());
    assert.equal(error.code, code);
    assert.equal(error.status, status);
    assert.equal(error.statusCode, status);
    assert.equal(error.operation, "Xmpp.SendPresenceSubscription");
    assert.ok(error.message.includes("The broker's own sentence."), error.message);
    assert.ok(error.message.startsWith("Xmpp.SendPresenceSubscription: "), error.message);
    assert.deepEqual(error.alternatives, []);
  });
}

test("alternative names are listed", async () => {
  const names = { "X-AlternativeName1": "alice1", "X-AlternativeName2": "alice2" };
  server.answer(text("taken", 400, "text/plain", names));
  assert.deepEqual((await rejection(subscribe())).alternatives, ["alice1", "alice2"]);
});

test("a redirect is not followed", async () => {
  const elsewhere = await startRecorder();
  server.answer(text("", 307, "text/plain", { Location: `http://${elsewhere.host}/` }));
  const error = await rejection(subscribe());
  assert.equal(error.code, "refused");
  assert.deepEqual(elsewhere.requests, []);
  await elsewhere.stop();
});

for (const [label, answer] of /** @type {[string, import("../support/recorder.mjs").Answer][]} */ ([
  ["nothing", text("", 200)],
  ["a page", text("<!doctype html><title>Hello</title>", 200, "text/html")],
  ["half of the JSON", text('{"sent":true,"id', 200, "application/json")],
  ["204", text("", 204)],
])) {
  test(`an answer that is ${label} is a bad response`, async () => {
    server.answer(answer);
    assert.equal((await rejection(subscribe())).code, "bad-response");
  });
}

/** @typedef {import("../support/recorder.mjs").Answer} Answer */

for (const [label, breakOff] of /** @type {[string, Answer][]} */ ([
  ["before the headers", (response) => response.destroy()],
  [
    "within the body",
    (response) => {
      response.writeHead(200, { "Content-Length": "100" });
      response.write('{"sent"', () => response.destroy());
    },
  ],
])) {
  test(`a connection that breaks ${label} is a network error with its cause`, async () => {
    server.answer(breakOff);
    const error = await rejection(subscribe());
    assert.equal(error.code, "network");
    assert.ok(error.cause instanceof Error);
    assert.equal(error.status, undefined);
  });
}

test("a host on which no server listens is a network error", async () => {
  const gone = await startRecorder();
  await gone.stop();
  beginSessionAt(gone.host, false);
  assert.equal((await rejection(subscribe())).code, "network");
});

for (const [label, hang] of /** @type {[string, Answer][]} */ ([
  ["before the headers", () => {}],
  ["within the body", (response) => void response.writeHead(200).write('{"sent"')],
])) {
  test(`an answer that hangs ${label} ends at the deadline`, async () => {
    server.answer(hang);
    const error = await rejection(subscribe({ timeoutMs: 50 }));
    assert.equal(error.code, "timeout");
    assert.match(error.message, /50 ms/);
  });

  test(`an answer that hangs ${label} ends with the signal`, async () => {
    server.answer(hang);
    const controller = new AbortController();
    const call = rejection(subscribe({ signal: controller.signal }));
    await new Promise((resolve) => setTimeout(resolve, 30));
    const reason = new Error("changed my mind");
    controller.abort(reason);
    const error = await call;
    assert.equal(error.code, "aborted");
    assert.equal(error.cause, reason);
  });
}

test("a call that is aborted from the start sends nothing", async () => {
  const error = await rejection(subscribe({ signal: AbortSignal.abort("no") }));
  assert.equal(error.code, "aborted");
  assert.equal(error.cause, "no");
  assert.deepEqual(server.requests, []);
});

test("a call leaves no listener on a signal that never fires", async () => {
  const { signal } = new AbortController();
  let listeners = 0;
  const counted = {
    get aborted() {
      return signal.aborted;
    },
    get reason() {
      return signal.reason;
    },
    addEventListener(/** @type {"abort"} */ type, /** @type {() => void} */ listener) {
      listeners += 1;
      signal.addEventListener(type, listener);
    },
    removeEventListener(/** @type {"abort"} */ type, /** @type {() => void} */ listener) {
      listeners -= 1;
      signal.removeEventListener(type, listener);
    },
  };
  server.answer(ANSWER, text("", 500));
  await subscribe({ signal: counted });
  await rejection(subscribe({ signal: counted }));
  assert.equal(listeners, 0);
});

test("without a host a call outside a page says what to do", async () => {
  AgentAPI.IO.SetHost("");
  const error = await rejection(subscribe());
  assert.equal(error.code, "no-host");
  assert.match(error.message, /AgentAPI\.IO\.SetHost/);
  assert.throws(() => AgentAPI.IO.GetHost(), { code: "no-host" });
  assert.throws(() => AgentAPI.IO.GetBaseURL(), { code: "no-host" });
});

test("plain http beyond this machine is refused unless allowed", async () => {
  // Reserved for documentation (RFC 5737); the double keeps the allowed call from going there.
  beginSessionAt("192.0.2.1", false);
  const error = await rejection(subscribe());
  assert.equal(error.code, "insecure-host");
  const real = globalThis.fetch;
  /** @type {unknown[]} */
  const urls = [];
  globalThis.fetch = async (url) => {
    urls.push(url);
    return new Response('{"sent":true,"id":"x"}');
  };
  try {
    AgentAPI.IO.AllowInsecure(true);
    await subscribe();
    assert.deepEqual(urls, ["http://192.0.2.1/Agent/Xmpp/SendPresenceSubscription"]);
    AgentAPI.IO.AllowInsecure(false);
    assert.equal((await rejection(subscribe())).code, "insecure-host");
    assert.equal(urls.length, 1);
  } finally {
    globalThis.fetch = real;
  }
});

/** A call that is neither repeated nor reconciled, so that its error is that of the one request. */
const send = (/** @type {import("neuron-agent-api").CallOptions | undefined} */ options = undefined) =>
  AgentAPI.Xmpp.SendTextMessage("bob@example.org", "Hi", null, null, null, options);

/** @type {[label: string, double: () => any, code: string][]} */
const DOUBLES = [
  [
    "throws",
    () => {
      throw new TypeError("blocked");
    },
    "network",
  ],
  ["rejects with a string", () => Promise.reject("a bare string"), "network"],
  ["gives a number", () => 7, "network"],
  ["gives nothing", () => Promise.resolve(undefined), "network"],
  ["gives no body", async () => ({ status: 200 }), "network"],
  [
    "breaks off",
    async () => ({ status: 200, headers: new Headers(), text: () => Promise.reject(new Error("cut")) }),
    "network",
  ],
  [
    "gives no text",
    async () => ({ status: 200, headers: new Headers(), text: async () => 7 }),
    "bad-response",
  ],
  [
    "has headers without end",
    async () => ({ status: 500, headers: { get: () => "x" }, text: async () => "" }),
    "server-error",
  ],
  ["never settles", () => new Promise(() => {}), "timeout"],
];

for (const [label, double, code] of DOUBLES) {
  test(`a fetch that ${label} settles with ${code}`, async (context) => {
    context.mock.method(globalThis, "fetch", double);
    assert.equal((await rejection(send({ timeoutMs: 100 }))).code, code);
    context.mock.restoreAll();
    server.answer(ANSWER);
    assert.deepEqual(await send(), { sent: true, id: "x" }, "the next call is served as ever");
  });
}

test("without fetch the error says so", async () => {
  const real = globalThis.fetch;
  Reflect.deleteProperty(globalThis, "fetch");
  const error = await rejection(subscribe());
  globalThis.fetch = real;
  assert.equal(error.code, "unsupported");
});

test("a call goes to the host that was set when it was made", async () => {
  const other = await startRecorder();
  server.answer(json({}));
  // One that needs no session, because the session ends with the host.
  const call = AgentAPI.IO.Request("/x");
  AgentAPI.IO.SetHost(other.host, false);
  await call;
  assert.equal(server.requests.length, 1);
  assert.equal(other.requests.length, 0);
  await other.stop();
});

for (const [label, signal] of /** @type {[string, any][]} */ ([
  [
    "has a getter that throws",
    {
      addEventListener() {},
      get aborted() {
        throw new Error("mine");
      },
    },
  ],
  [
    "can't be listened to",
    {
      aborted: false,
      addEventListener() {
        throw new Error("mine");
      },
    },
  ],
  ["is aborted in words", { aborted: "no", addEventListener() {} }],
])) {
  test(`a signal that ${label} fails its own call only`, async () => {
    server.answer(ANSWER);
    const [bad, good] = await Promise.allSettled([subscribe({ signal }), subscribe()]);
    assert.ok(bad.status === "rejected");
    assert.deepEqual([bad.reason.code, bad.reason.parameter], ["invalid-argument", "Options.signal"]);
    assert.equal(good.status, "fulfilled");
  });
}

test("an error can be written to a log", async () => {
  server.answer(text("no", 403));
  const error = await rejection(subscribe());
  const { name, code, status, operation, message } = JSON.parse(JSON.stringify(error));
  assert.deepEqual(
    { name, code, status, operation },
    { name: "AgentApiError", code: "forbidden", status: 403, operation: "Xmpp.SendPresenceSubscription" },
  );
  assert.equal(message, error.message);
});
