/** `SetTimeout`, `SetLimits` and `timeoutMs`: how long, how many, how much. */

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { clientFor, pause, until } from "../support/client.mjs";
import { json, startRecorder, text } from "../support/recorder.mjs";
import { rejection } from "../support/rejection.mjs";

const BOB = "bob@example.org";
const ROSTER = json({ RosterItems: [] });
const SENT = json({ sent: true, id: "x" });

let server;
before(async () => {
  server = await startRecorder();
});
after(() => server.stop());
beforeEach(() => server.reset());

const BAD = [0, -1, 1.5, 2 ** 31, Infinity, NaN, "5", true, 5n, {}, []];

for (const [method, parameter, names] of [
  ["SetTimeout", "Timeouts", ["attemptMs", "totalMs"]],
  ["SetLimits", "Limits", ["maxInFlight", "maxResponseBytes"]],
]) {
  test(`${method} takes no nonsense, and then changes nothing`, async (context) => {
    const { IO, Xmpp } = clientFor(context, server.host);
    const refused = (argument, name, part) =>
      assert.throws(
        () => IO[method](argument),
        (error) => {
          assert.deepEqual([error.code, error.parameter, error.operation], ["invalid-argument", name, `IO.${method}`]);
          assert.ok(error.message.startsWith(`IO.${method}: ${name} `), error.message);
          assert.ok(error.message.includes(part), error.message);
          return true;
        },
      );
    for (const name of names) {
      for (const value of BAD) refused({ [name]: value }, `${parameter}.${name}`, "from 1 to 2147483647");
      const [other] = names.filter((another) => another !== name);
      refused({ [other]: 1, [name]: 0 }, `${parameter}.${name}`, "whole number");
    }
    for (const argument of [undefined, null, 5, "5", [], () => {}]) refused(argument, parameter, "object");
    refused({ [names[0]]: 1, retries: 3 }, parameter, "retries");
    for (const name of names) IO[method]({ [name]: null });
    IO[method]({});
    // With one byte, or one millisecond, it would fail.
    server.answer((response) => setTimeout(() => ROSTER(response), 20));
    assert.deepEqual(await Xmpp.GetRoster(), { RosterItems: [] });
    IO[method](Object.fromEntries(names.map((name) => [name, 2 ** 31 - 1])));
    server.answer(ROSTER);
    await Xmpp.GetRoster();
  });
}

for (const timeoutMs of BAD) {
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

test("each of the two is chosen without the other", async (context) => {
  const { IO, Xmpp } = clientFor(context, server.host, { attemptMs: 1000, totalMs: 1000 });
  server.always(() => {});
  IO.SetTimeout({ attemptMs: 20 });
  assert.match((await rejection(Xmpp.SendTextMessage(BOB, "x"))).message, /within 20 ms/);
  IO.SetTimeout({ totalMs: 10 });
  assert.match((await rejection(Xmpp.SendTextMessage(BOB, "x"))).message, /within 10 ms/);
});

test("an attempt that hangs is followed by another, until one is answered", async (context) => {
  const { IO, Xmpp } = clientFor(context, server.host);
  IO.SetTimeout({ attemptMs: 30 });
  server.answer(() => {}, (response) => response.writeHead(200).write('{"Ro'), ROSTER);
  assert.deepEqual(await Xmpp.GetRoster(), { RosterItems: [] });
  assert.equal(server.requests.length, 3);
});

test("the total holds whatever the attempts and the pauses are", async (context) => {
  const { Xmpp } = clientFor(context, server.host, { attemptMs: 15, totalMs: 2000 });
  server.always(() => {});
  const since = performance.now();
  const { code, attempts } = await rejection(Xmpp.GetRoster(0, 1, { timeoutMs: 60 }));
  const took = performance.now() - since;
  assert.equal(code, "timeout");
  assert.ok(attempts >= 1 && attempts <= 4, String(attempts));
  assert.ok(took < 400, `${took} ms`);
});

test("a pause that is longer than what is left is not begun", async (context) => {
  const { Xmpp } = clientFor(context, server.host);
  server.always(text("busy", 503, "text/plain", { "Retry-After": "5" }));
  const since = performance.now();
  const { code, attempts, retryAfterMs } = await rejection(Xmpp.GetRoster(0, 1, { timeoutMs: 1000 }));
  assert.deepEqual([code, attempts, retryAfterMs], ["unavailable", 1, 5000]);
  assert.ok(performance.now() - since < 500);
});

test("the wait for a place is part of the time, and sends nothing", async (context) => {
  const { Xmpp } = clientFor(context, server.host, { maxInFlight: 1 });
  server.answer(() => {});
  const first = rejection(Xmpp.GetRoster(0, 1, { timeoutMs: 100 }));
  await until(() => server.requests.length === 1);
  const { code, attempts, ambiguous } = await rejection(Xmpp.SendTextMessage(BOB, "x", null, null, null, { timeoutMs: 20 }));
  assert.deepEqual([code, attempts, ambiguous], ["timeout", 0, undefined]);
  await first;
  assert.equal(server.requests.length, 1);
});

test("more places let those in who wait", async (context) => {
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
const sized = (bytes) => {
  const empty = JSON.stringify({ sent: true, id: "" }).length;
  return JSON.stringify({ sent: true, id: "x".repeat(bytes - empty) });
};

for (const [label, head] of [
  ["with its length", (body) => ({ "Content-Length": Buffer.byteLength(body) })],
  ["in pieces", () => ({ "Transfer-Encoding": "chunked" })],
]) {
  for (const [bytes, fits] of [[LIMIT, true], [LIMIT + 1, false]]) {
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

  test(`an answer without end ${label} is given up as soon as it is too large`, async (context) => {
    const { Xmpp } = clientFor(context, server.host);
    let written = 0;
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
    const since = performance.now();
    const { code, message } = await rejection(Xmpp.SendTextMessage(BOB, "x"));
    assert.equal(code, "bad-response");
    assert.match(message, /8388608 bytes/);
    await closed;
    // What lies in buffers on the way comes on top.
    assert.ok(written < 40 * 2 ** 20, `${written} bytes were written`);
    assert.ok(performance.now() - since < 5000);
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

test("a character that is cut between two pieces comes whole", async (context) => {
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

test("a refusal that is too large is a refusal all the same", async (context) => {
  const { IO, Xmpp } = clientFor(context, server.host);
  IO.SetLimits({ maxResponseBytes: 10 });
  server.answer(text("no ".repeat(100), 403));
  assert.equal((await rejection(Xmpp.GetRoster())).code, "forbidden");
});

test("limits are a client's own, and outlive its calls", async (context) => {
  const [tight, plain] = [clientFor(context, server.host), clientFor(context, server.host)];
  tight.IO.SetLimits({ maxResponseBytes: 5 });
  server.always(SENT);
  for (let count = 0; count < 2; count += 1) {
    assert.equal((await rejection(tight.Xmpp.SendTextMessage(BOB, "x"))).code, "bad-response");
    assert.equal((await plain.Xmpp.SendTextMessage(BOB, "x")).sent, true);
  }
});
