// @ts-check
/**
 * A real trap of the module, in a build that has a way to cause one: pending calls fail, and
 * everything else goes on.
 */

import assert from "node:assert/strict";
import path from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { logIn, pause, until } from "../support/client.mjs";
import { json, startRecorder, text } from "../support/recorder.mjs";
import { rejection } from "../support/rejection.mjs";
import { storeWithToken } from "../support/stores.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = path.join(root, process.env.CARGO_TARGET_DIR ?? "target", "with-trap");
const BOB = "bob@example.org";
const ROSTER = json({ RosterItems: [] });

/** @type {import("../support/recorder.mjs").Recorder} */
let server;
/**
 * A client of that build.
 *
 * @typedef {import("neuron-agent-api").AgentAPIClient & { IO: { Trap(isLater?: boolean): void } }} Client
 */

/** @type {(options?: import("neuron-agent-api").ClientOptions) => Client} */
let createAgentAPI;
before(async () => {
  ({ createAgentAPI } = await import(pathToFileURL(path.join(folder, "index.js")).href));
  server = await startRecorder();
});
after(() => server.stop());
beforeEach(() => server.reset());

/**
 * @param {import("node:test").TestContext} context
 * @param {import("neuron-agent-api").ClientOptions} [options]
 */
function clientFor(context, options) {
  const client = createAgentAPI({
    host: server.host,
    secure: false,
    store: storeWithToken(server.host),
    ...options,
  });
  context.after(() => client.dispose());
  return client;
}

/** Each way to break the module, and when it is broken. @type {Record<"in a call" | "in a task of its own", (client: Client) => Promise<void>>} */
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
    test("fails every pending call, those of other clients too, as ambiguous", async (context) => {
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

    test("ends no session: the next call sends the same token, without another login", async (context) => {
      const client = clientFor(context);
      /** @type {unknown[]} */
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
      client.IO.SetTimeout({ attemptMs: 1_000, totalMs: 5_000 });
      client.IO.SetLimits({ maxInFlight: 1, maxResponseBytes: 100 });
      /** @type {unknown[]} */
      const operations = [];
      client.IO.OnRequest(({ operation }) => operations.push(operation));
      await trap(client);
      assert.equal(client.IO.GetHost(), server.host);
      server.always(() => {});
      const late = await rejection(client.Xmpp.SendTextMessage(BOB, "Hi"));
      assert.match(late.message, /within 1000 ms/);
      const [request] = server.requests;
      assert.equal(request.headers["x-own"], "1");
      assert.match(String(request.headers["content-type"]), /xml/);
      server.always(text("x".repeat(101), 200));
      assert.match((await rejection(client.Xmpp.GetRoster())).message, /more than 100 bytes/);
      assert.deepEqual(operations, ["Xmpp.SendTextMessage", "Xmpp.GetRoster"]);
    });
  });
}

test("a trap closes the sockets, reports the lost event handlers, and the session is still refreshed", async (context) => {
  /** @type {{ isClosed: boolean }[]} */
  const sockets = [];
  const real = { WebSocket: globalThis.WebSocket, reportError: globalThis.reportError };
  context.after(() => Object.assign(globalThis, real));
  class Socket extends EventTarget {
    isClosed = false;
    constructor() {
      super();
      sockets.push(this);
      queueMicrotask(() => this.dispatchEvent(new Event("open")));
    }
    send() {}
    close() {
      this.isClosed = true;
    }
  }
  Object.assign(globalThis, { WebSocket: Socket });
  /** @type {import("neuron-agent-api").AgentApiError[]} */
  const reported = [];
  globalThis.reportError = (error) => reported.push(error);
  const client = clientFor(context);
  server.always(json({ jwt: "the.token", expires: 0 }));
  await client.Account.Login("alice", "correct horse", 2);
  await client.Xmpp.RegisterEventHandler("a", "urn:x", null, () => {});
  assert.equal(sockets.length, 1);
  await TRAPS["in a task of its own"](client);
  assert.equal(sockets[0].isClosed, true);
  assert.deepEqual(
    reported.map(({ code, operation }) => [code, operation]),
    [["internal", "Xmpp.RegisterEventHandler"]],
  );
  const isRefreshed = () => server.requests.some(({ path }) => path.endsWith("/Refresh"));
  await until(isRefreshed, "the refresh at half of the token's life");
});

test("the module may trap several times", async (context) => {
  const client = clientFor(context);
  server.always(ROSTER);
  for (let count = 0; count < 20; count += 1) {
    await TRAPS["in a call"](client);
    assert.deepEqual(await client.Xmpp.GetRoster(), { RosterItems: [] });
  }
});

test("the published package has no way to cause a trap", async () => {
  const { AgentAPI } = await import("neuron-agent-api");
  assert.equal("Trap" in AgentAPI.IO, false);
});
