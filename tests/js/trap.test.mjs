/**
 * A real trap, in a build of the library that has a way to cause one: whatever the module was doing
 * fails, and everything that outlives it goes on.
 */

import assert from "node:assert/strict";
import path from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { logIn, pause, until } from "../support/client.mjs";
import { json, startRecorder, text } from "../support/recorder.mjs";
import { rejection } from "../support/rejection.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = path.join(root, process.env.CARGO_TARGET_DIR ?? "target", "with-trap");
const BOB = "bob@example.org";
const ROSTER = json({ RosterItems: [] });

let server;
/** @type {(options?: object) => any} */
let createAgentAPI;
before(async () => {
  ({ createAgentAPI } = await import(pathToFileURL(path.join(folder, "index.js")).href));
  server = await startRecorder();
});
after(() => server.stop());
beforeEach(() => server.reset());

function clientFor(context, options) {
  const client = createAgentAPI({ host: server.host, secure: false, ...options });
  context.after(() => client.dispose());
  return client;
}

/** Each way to break the module, and when it is broken. */
const TRAPS = {
  "in a call": async (client) => {
    assert.throws(() => client.IO.Trap(), { code: "internal", operation: "IO.Trap" });
  },
  "in a task of its own": async (client) => {
    client.IO.Trap(true);
    await pause(0);
  },
};

const bearers = () => server.requests.map(({ headers }) => headers.authorization);

for (const [label, trap] of Object.entries(TRAPS)) {
  describe(`a trap ${label}`, () => {
    test("fails every call under way, those of other clients too, and says that it is in doubt", async (context) => {
      const [client, other] = [clientFor(context), clientFor(context, { maxInFlight: 1 })];
      server.always(() => {});
      const calls = [
        client.Xmpp.GetRoster(),
        client.Xmpp.SendTextMessage(BOB, "Hi"),
        other.Xmpp.GetRoster(),
        other.Xmpp.GetRoster(),
      ].map(rejection);
      await until(() => server.requests.length === 3);
      await trap(client);
      for (const error of await Promise.all(calls)) {
        assert.deepEqual([error.code, error.ambiguous], ["internal", true]);
        assert.ok(error.cause instanceof WebAssembly.RuntimeError);
      }
    });

    test("ends no session: the next call shows the same token, and no other login is needed", async (context) => {
      const client = clientFor(context);
      const events = [];
      client.Account.OnSessionChange(({ type }) => events.push(type));
      await logIn(client, server, "kept.token");
      await trap(client);
      server.answer(ROSTER);
      assert.deepEqual(await client.Xmpp.GetRoster(), { RosterItems: [] });
      assert.equal(bearers().at(-1), "Bearer kept.token");
      server.answer(json({ jwt: "next.token", expires: 0 }));
      await client.Account.Refresh(600);
      server.answer(json({}));
      await client.Account.Logout();
      assert.deepEqual(events, ["logged-in", "refreshed", "logged-out"]);
    });

    test("loses no setting and no listener", async (context) => {
      const client = clientFor(context, { encoding: "xml", headers: { "X-Own": "1" } });
      client.IO.SetTimeout({ attemptMs: 40, totalMs: 60 });
      client.IO.SetLimits({ maxInFlight: 1, maxResponseBytes: 100 });
      const operations = [];
      client.IO.OnRequest(({ operation }) => operations.push(operation));
      await trap(client);
      assert.equal(client.IO.GetHost(), server.host);
      server.always(() => {});
      const late = await rejection(client.Xmpp.SendTextMessage(BOB, "Hi"));
      assert.match(late.message, /within 40 ms/);
      const [request] = server.requests;
      assert.equal(request.headers["x-own"], "1");
      assert.match(request.headers["content-type"], /xml/);
      server.always(text("x".repeat(101), 200));
      assert.match((await rejection(client.Xmpp.GetRoster())).message, /more than 100 bytes/);
      assert.deepEqual(operations, ["Xmpp.SendTextMessage", "Xmpp.GetRoster"]);
    });
  });
}

test("a trap closes the sockets, says that nobody hears any more, and the session is looked after", async (context) => {
  const sockets = [];
  const real = { WebSocket: globalThis.WebSocket, reportError: globalThis.reportError };
  context.after(() => Object.assign(globalThis, real));
  globalThis.WebSocket = class extends EventTarget {
    constructor() {
      super();
      sockets.push(this);
      queueMicrotask(() => this.dispatchEvent(new Event("open")));
    }
    send() {}
    close() {
      this.isClosed = true;
    }
  };
  const reported = [];
  globalThis.reportError = (error) => reported.push(error);
  const client = clientFor(context);
  server.always(json({ jwt: "the.token", expires: 0 }));
  await client.Account.Login("alice", "correct horse", 2);
  await client.Xmpp.RegisterEventHandler("a", "urn:x", null, () => {});
  assert.equal(sockets.length, 1);
  await TRAPS["in a task of its own"](client);
  assert.equal(sockets[0].isClosed, true);
  assert.deepEqual(reported.map(({ code, operation }) => [code, operation]), [["internal", "Xmpp.RegisterEventHandler"]]);
  const isRefreshed = () => server.requests.some(({ path }) => path.endsWith("/Refresh"));
  await until(isRefreshed, "the refresh at half of the token's life");
});

test("a module may trap again and again", async (context) => {
  const client = clientFor(context);
  server.always(ROSTER);
  for (let count = 0; count < 20; count += 1) {
    await TRAPS["in a call"](client);
    assert.deepEqual(await client.Xmpp.GetRoster(), { RosterItems: [] });
  }
});

test("the package has no way to cause one", async () => {
  const { AgentAPI } = await import("neuron-agent-api");
  assert.equal(AgentAPI.IO.Trap, undefined);
});
