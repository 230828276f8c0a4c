// @ts-check
/** `SetTimeout`, `SetLimits` and `timeoutMs`: timeouts, concurrent requests and response sizes. */

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { clientFor, pause, until } from "../support/client.mjs";
import { json, startRecorder, text } from "../support/recorder.mjs";
import { rejection, wrong } from "../support/rejection.mjs";

const BOB = "bob@example.org";
const ROSTER = json({ RosterItems: [] });
const SENT = json({ sent: true, id: "x" });

/** @type {import("../support/recorder.mjs").Recorder} */
let server;
before(async () => {
  server = await startRecorder();
});
after(() => server.stop());
beforeEach(() => server.reset());

const BAD = [0, -1, 1.5, 2 ** 31, Infinity, NaN, "5", true, 5n, {}, []];

for (const [method, parameter, names] of /** @type {const} */ ([
  ["SetTimeout", "Timeouts", ["attemptMs", "totalMs"]],
  ["SetLimits", "Limits", ["maxInFlight", "maxResponseBytes"]],
])) {
  test(`${method} refuses wrong values, and then changes nothing`, async (context) => {
    const { IO, Xmpp } = clientFor(context, server.host);
    const set = (/** @type {unknown} */ argument) => IO[method](wrong(argument));
    const refused = (
      /** @type {unknown} */ argument,
      /** @type {string} */ name,
      /** @type {string} */ part,
    ) =>
      assert.throws(
        () => set(argument),
        (/** @type {import("neuron-agent-api").AgentApiError} */ error) => {
          assert.deepEqual(
            [error.code, error.parameter, error.operation],
            ["invalid-argument", name, `IO.${method}`],
          );
          assert.ok(error.message.startsWith(`IO.${method}: ${name} `), error.message);
          assert.ok(error.message.includes(part), error.message);
          return true;
        },
      );
    for (const name of names) {
      for (const value of BAD) refused({ [name]: value }, `${parameter}.${name}`, "from 1 to 2147483647");
      const [one, two] = names;
      refused({ [one === name ? two : one]: 1, [name]: 0 }, `${parameter}.${name}`, "whole number");
    }
    for (const argument of [undefined, null, 5, "5", [], () => {}]) refused(argument, parameter, "object");
    refused({ [names[0]]: 1, retries: 3 }, parameter, "retries");
    for (const name of names) set({ [name]: null });
    set({});
    // With one byte, or one millisecond, it would fail.
    server.answer((response) => setTimeout(() => ROSTER(response), 20));
    assert.deepEqual(await Xmpp.GetRoster(), { RosterItems: [] });
    set(Object.fromEntries(names.map((name) => [name, 2 ** 31 - 1])));
    server.answer(ROSTER);
    await Xmpp.GetRoster();
  });
}

for (const timeoutMs of /** @type {any[]} */ (BAD)) {
  test(`timeoutMs must not be ${typeof timeoutMs === "object" ? JSON.stringify(timeoutMs) : String(timeoutMs)}`, async (context) => {
    const { Account, IO, Xmpp } = clientFor(context, server.host);
    for (const call of [
      Xmpp.GetRoster(0, 1, { timeoutMs }),
      Account.Logout({ timeoutMs }),
      Account.RestartActiveSession({ timeoutMs }),
      IO.Request("/x", null, null, null, { timeoutMs }),
    ]) {
      const { code, parameter, attempts } = await rejection(call);
      assert.deepEqual([code, parameter, attempts], ["invalid-argument", "Options.timeoutMs", 0]);
    }
    assert.deepEqual(server.requests, []);
  });
}

test("attemptMs and totalMs are set independently", async (context) => {
  const { IO, Xmpp } = clientFor(context, server.host, { attemptMs: 1000, totalMs: 1000 });
  server.always(() => {});
  IO.SetTimeout({ attemptMs: 20 });
  assert.match((await rejection(Xmpp.SendTextMessage(BOB, "x"))).message, /within 20 ms/);
  IO.SetTimeout({ totalMs: 10 });
  assert.match((await rejection(Xmpp.SendTextMessage(BOB, "x"))).message, /within 10 ms/);
});

test("an attempt that hangs is followed by another one until one is answered", async (context) => {
  const { IO, Xmpp } = clientFor(context, server.host);
  IO.SetTimeout({ attemptMs: 30 });
  server.answer(
    () => {},
    (response) => void response.writeHead(200).write('{"Ro'),
    ROSTER,
  );
  assert.deepEqual(await Xmpp.GetRoster(), { RosterItems: [] });
  assert.equal(server.requests.length, 3);
});

test("the total timeout holds whatever the attempts and backoffs are", async (context) => {
  const { Xmpp } = clientFor(context, server.host, { attemptMs: 40, totalMs: 2000 });
  server.always(() => {});
  const { code, attempts } = await rejection(Xmpp.GetRoster(0, 1, { timeoutMs: 60 }));
  assert.equal(code, "timeout");
  assert.ok(attempts === 1 || attempts === 2, `without the total there would be 4: ${attempts}`);
});

test("a backoff that is longer than the remaining time is not begun", async (context) => {
  const { Xmpp } = clientFor(context, server.host);
  server.always(text("busy", 503, "text/plain", { "Retry-After": "5" }));
  const { code, attempts, retryAfterMs } = await rejection(Xmpp.GetRoster(0, 1, { timeoutMs: 1000 }));
  // Had it been begun, the call would have ended with "timeout".
  assert.deepEqual([code, attempts, retryAfterMs], ["unavailable", 1, 5000]);
});

test("the wait for a free slot counts towards the timeout, and sends nothing", async (context) => {
  const { Xmpp } = clientFor(context, server.host, { maxInFlight: 1 });
  server.answer(() => {});
  const first = rejection(Xmpp.GetRoster(0, 1, { timeoutMs: 100 }));
  await until(() => server.requests.length === 1);
  const { code, attempts, ambiguous } = await rejection(
    Xmpp.SendTextMessage(BOB, "x", null, null, null, { timeoutMs: 20 }),
  );
  assert.deepEqual([code, attempts, ambiguous], ["timeout", 0, undefined]);
  await first;
  assert.equal(server.requests.length, 1);
});

test("a higher limit lets waiting requests go", async (context) => {
  const { IO, Xmpp } = clientFor(context, server.host, { maxInFlight: 1 });
  server.always(() => {});
  const calls = [1, 2, 3].map(() => rejection(Xmpp.GetRoster(0, 1, { timeoutMs: 300 })));
  await until(() => server.requests.length === 1);
  await pause(20);
  assert.equal(server.requests.length, 1);
  IO.SetLimits({ maxInFlight: 3 });
  await until(() => server.requests.length === 3, "the other two");
  await Promise.all(calls);
});

const LIMIT = 1000;
/** An answer of so many bytes, in JSON. */
const sized = (/** @type {number} */ bytes) => {
  const empty = JSON.stringify({ sent: true, id: "" }).length;
  return JSON.stringify({ sent: true, id: "x".repeat(bytes - empty) });
};

for (const [
  label,
  head,
] of /** @type {[string, (body: string) => import("node:http").OutgoingHttpHeaders][]} */ ([
  ["with its length", (body) => ({ "Content-Length": Buffer.byteLength(body) })],
  ["in pieces", () => ({ "Transfer-Encoding": "chunked" })],
])) {
  for (const [bytes, fits] of /** @type {[number, boolean][]} */ ([
    [LIMIT, true],
    [LIMIT + 1, false],
  ])) {
    test(`an answer of ${bytes} bytes ${label} is ${fits ? "read" : "too large"}`, async (context) => {
      const { IO, Xmpp } = clientFor(context, server.host);
      IO.SetLimits({ maxResponseBytes: LIMIT });
      const body = sized(bytes);
      server.answer((response) => {
        response.writeHead(200, head(body));
        for (let at = 0; at < body.length; at += 300) response.write(body.slice(at, at + 300));
        response.end();
      });
      const call = Xmpp.SendTextMessage(BOB, "x");
      if (fits) {
        assert.equal((await call).id.length, bytes - JSON.stringify({ sent: true, id: "" }).length);
        return;
      }
      const { code, status, ambiguous, message } = await rejection(call);
      assert.deepEqual([code, status, ambiguous], ["bad-response", 200, true]);
      assert.match(message, /more than 1000 bytes.*SetLimits/);
    });
  }

  test(`an endless response ${label} is cancelled as soon as it is too large`, async (context) => {
    const { Xmpp } = clientFor(context, server.host);
    let written = 0;
    /** @type {Promise<unknown> | undefined} */
    let closed;
    server.answer((response) => {
      const chunk = Buffer.alloc(64 * 1024, 0x20);
      response.writeHead(200, label === "in pieces" ? {} : { "Content-Length": 2 ** 40 });
      closed = new Promise((resolve) => response.on("close", resolve));
      const more = () => {
        while (!response.destroyed) {
          written += chunk.length;
          if (!response.write(chunk)) break;
        }
      };
      response.on("drain", more);
      more();
    });
    const { code, message } = await rejection(Xmpp.SendTextMessage(BOB, "x"));
    assert.equal(code, "bad-response");
    assert.match(message, /8388608 bytes/);
    await closed;
    // What lies in buffers on the way comes on top.
    assert.ok(written < 40 * 2 ** 20, `${written} bytes were written`);
  });
}

test("bytes are counted, not characters", async (context) => {
  const { IO, Xmpp } = clientFor(context, server.host);
  const body = JSON.stringify({ sent: true, id: "å".repeat(50) });
  IO.SetLimits({ maxResponseBytes: Buffer.byteLength(body) - 1 });
  server.answer(text(body, 200, "application/json"), text(body, 200, "application/json"));
  assert.equal((await rejection(Xmpp.SendTextMessage(BOB, "x"))).code, "bad-response");
  IO.SetLimits({ maxResponseBytes: Buffer.byteLength(body) });
  assert.equal((await Xmpp.SendTextMessage(BOB, "x")).id.length, 50);
});

test("a character that is split between two chunks is read whole", async (context) => {
  const { Xmpp } = clientFor(context, server.host);
  const body = Buffer.from(JSON.stringify({ sent: true, id: "å😀" }));
  server.answer(async (response) => {
    response.writeHead(200);
    for (const byte of body) {
      response.write(Buffer.of(byte));
      await pause(1);
    }
    response.end();
  });
  assert.equal((await Xmpp.SendTextMessage(BOB, "x")).id, "å😀");
});

test("an error response that is too large keeps its code", async (context) => {
  const { IO, Xmpp } = clientFor(context, server.host);
  IO.SetLimits({ maxResponseBytes: 10 });
  server.answer(text("no ".repeat(100), 403));
  assert.equal((await rejection(Xmpp.GetRoster())).code, "forbidden");
});

test("limits apply to one client, and to all of its later calls", async (context) => {
  const [tight, plain] = [clientFor(context, server.host), clientFor(context, server.host)];
  tight.IO.SetLimits({ maxResponseBytes: 5 });
  server.always(SENT);
  for (let count = 0; count < 2; count += 1) {
    assert.equal((await rejection(tight.Xmpp.SendTextMessage(BOB, "x"))).code, "bad-response");
    assert.equal((await plain.Xmpp.SendTextMessage(BOB, "x")).sent, true);
  }
});
