// @ts-check
/**
 * Where a client stores its session: in memory or in a store of the caller's, synchronous or
 * asynchronous.
 */

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { createAgentAPI } from "neuron-agent-api";
import { clientFor, logIn, pause, until } from "../support/client.mjs";
import { json, startRecorder } from "../support/recorder.mjs";
import { rejection } from "../support/rejection.mjs";
import { keptSession } from "../support/stores.mjs";

/** @type {import("../support/recorder.mjs").Recorder} */
let server;
before(async () => {
  server = await startRecorder();
});
after(() => server.stop());
beforeEach(() => server.reset());

/** @typedef {import("neuron-agent-api").AgentAPI} AgentAPI */

/**
 * A store, what it holds, and a log of its calls.
 *
 * @typedef {import("neuron-agent-api").SessionStore & {
 *   map: Map<string, string>,
 *   log: [what: string, key: string, value?: string][],
 * }} LoggedStore
 */

/**
 * A store that answers at once.
 *
 * @param {Map<string, string>} [map]
 * @returns {LoggedStore}
 */
function storeOf(map = new Map()) {
  /** @type {LoggedStore["log"]} */
  const log = [];
  return {
    map,
    log,
    getItem(key) {
      log.push(["get", key]);
      return map.get(key) ?? null;
    },
    setItem(key, value) {
      log.push(["set", key, value]);
      map.set(key, value);
    },
    removeItem(key) {
      log.push(["remove", key]);
      map.delete(key);
    },
  };
}

/**
 * The same by promises, each of which takes some time, and less than the one before.
 *
 * @param {Map<string, string>} [map]
 * @returns {LoggedStore}
 */
function asynchronous(map = new Map()) {
  const store = storeOf(map);
  let milliseconds = 12;
  /** @type {(name: "getItem" | "setItem" | "removeItem") => (key: string, value?: string) => Promise<any>} */
  const slowly =
    (name) =>
    async (...args) => {
      store.log.push([`${name} begins`, ...args]);
      milliseconds = Math.max(1, milliseconds - 1);
      await pause(milliseconds);
      return Reflect.apply(store[name], store, args);
    };
  return {
    map,
    log: store.log,
    getItem: slowly("getItem"),
    setItem: slowly("setItem"),
    removeItem: slowly("removeItem"),
  };
}

/** The authorization that a client sends, if it has a session. */
async function shown(/** @type {AgentAPI} */ client) {
  server.answer(json({}));
  // Which is sent without a session, too.
  await client.IO.Request("/x");
  return server.requests.at(-1)?.headers.authorization;
}

const tokenKey = () => `AgentAPI@${server.host}.Token`;

test('the store "memory" belongs to one client, and ends with it', async (context) => {
  const first = clientFor(context, server.host, { store: "memory" });
  await logIn(first, server);
  assert.equal(await shown(first), "Bearer the.token");
  assert.equal(await shown(clientFor(context, server.host, { store: "memory" })), undefined);
});

for (const store of /** @type {const} */ (["session", "local"])) {
  test(`outside a page, the store "${store}" is memory of one client`, async (context) => {
    const warn = context.mock.method(console, "warn", () => {});
    const [first, second] = [0, 1].map(() => clientFor(context, server.host, { store }));
    await logIn(first, server);
    assert.equal(await shown(second), undefined);
    assert.equal(warn.mock.callCount(), 0);
  });
}

for (const [label, make] of /** @type {const} */ ([
  ["at once", storeOf],
  ["by promises", asynchronous],
])) {
  describe(`a store that answers ${label}`, () => {
    test("keeps the session for the next client, and forgets it with the session", async (context) => {
      const store = make();
      const first = createAgentAPI({ host: server.host, secure: false, store });
      await logIn(first, server);
      const keys = ["Broker", "RefreshTimerElapses", "RefreshTimerExpires", "Seconds", "Token", "UserName"];
      assert.deepEqual(
        [...store.map.keys()].sort(),
        keys.map((key) => `AgentAPI@${server.host}.${key}`),
        "the session, under the client's host, and nothing of what it was made with",
      );
      assert.equal(store.map.get(tokenKey()), "the.token");
      first.dispose();
      const second = clientFor(context, server.host, { store });
      assert.equal(await shown(second), "Bearer the.token");
      server.answer(json({}));
      await second.Account.Logout();
      assert.deepEqual([...store.map], []);
    });

    test("restarts the session of the last program", async (context) => {
      const now = Math.floor(Date.now() / 1000);
      const values = {
        UserName: "alice",
        Token: "kept",
        Seconds: "600",
        RefreshTimerExpires: String(now + 500),
      };
      const store = make(
        new Map(Object.entries(values).map(([key, value]) => [`AgentAPI@${server.host}.${key}`, value])),
      );
      const client = clientFor(context, server.host, { store });
      assert.equal(await client.Account.RestartActiveSession(), true);
      assert.equal(await shown(client), "Bearer kept");
    });

    test("that fails to read is an error with its cause, and the next call tries again", async (context) => {
      const store = make();
      const cause = new Error("the disk is gone");
      const { getItem } = store;
      let failing = true;
      store.getItem = (key) => {
        if (!failing) return getItem(key);
        if (label === "at once") throw cause;
        return Promise.reject(cause);
      };
      const client = clientFor(context, server.host, { store });
      for (const call of [
        client.Xmpp.GetRoster(),
        client.Account.RestartActiveSession(),
        client.IO.Request("/x"),
        client.Account.Logout(),
        client.Account.Login("alice", "pw", 60),
      ]) {
        const error = await rejection(call);
        assert.deepEqual([error.code, error.attempts, error.ambiguous], ["storage", 0, undefined]);
        assert.equal(error.cause, cause);
      }
      assert.deepEqual(server.requests, []);
      failing = false;
      await logIn(client, server);
      assert.equal(store.map.get(tokenKey()), "the.token");
    });

    test("that fails to write stores nothing, and the session lasts as long as the client", async (context) => {
      const store = make();
      const fail = () => {
        if (label === "at once") throw new Error("full");
        return Promise.reject(new Error("full"));
      };
      const { setItem } = store;
      store.setItem = fail;
      const client = clientFor(context, server.host, { store });
      await logIn(client, server);
      assert.deepEqual([...store.map], []);
      assert.equal(await shown(client), "Bearer the.token");
      // There is room again: the newer token counts, not the one that found none.
      store.setItem = setItem;
      await logIn(client, server, "newer");
      assert.equal(await shown(client), "Bearer newer");
      assert.equal(store.map.get(tokenKey()), "newer");
      // Nor can it be made to hold on to a session that has ended.
      store.removeItem = fail;
      server.answer(json({}));
      await client.Account.Logout();
      assert.equal(await client.Account.RestartActiveSession(), false);
      assert.equal(await shown(client), undefined);
    });
  });
}

test("a logout that sends nothing waits for the store, too", async (context) => {
  // Its token has expired, so that the session ends in the step in which the store has been read.
  const kept = keptSession(server.host, "expired", { passed: 4_000 });
  const cause = new Error("read-only");
  const refuse = async () => {
    await pause(10);
    throw cause;
  };
  const store = {
    getItem: async (/** @type {string} */ key) => kept.get(key),
    setItem: refuse,
    removeItem: refuse,
  };
  const client = clientFor(context, server.host, { store });
  const error = await rejection(client.Account.Logout());
  assert.deepEqual([error.code, error.cause], ["storage", cause]);
  assert.deepEqual(server.requests, []);
});

test("an asynchronous store is read once, however many calls wait for it", async (context) => {
  const store = asynchronous(new Map([[tokenKey(), "kept.token"]]));
  const client = clientFor(context, server.host, { store });
  server.always(json({ RosterItems: [] }));
  await Promise.all([client.Xmpp.GetRoster(), client.Xmpp.GetRoster(), client.Xmpp.GetRoster()]);
  await client.Xmpp.GetRoster();
  const read = store.log.filter(([what]) => what === "get").map(([, key]) => key);
  assert.equal(new Set(read).size, read.length, "each key once");
  assert.equal(server.requests.length, 4);
});

test("writes to the store happen one after the other, in order", async (context) => {
  const store = asynchronous();
  const client = clientFor(context, server.host, { store });
  await logIn(client, server, "first");
  store.log.length = 0;
  server.answer(json({ jwt: "second", expires: 0 }), json({}));
  // Not awaited in between: the logout's writes wait for those of the login.
  const refreshed = client.Account.Refresh(60);
  await pause(5);
  await Promise.all([refreshed, client.Account.Logout()].map((call) => call.catch(() => {})));
  const begins = store.log.filter(([what]) => what.endsWith("begins"));
  const ends = store.log.filter(([what]) => what === "set" || what === "remove");
  assert.ok(ends.length >= 7, "it was written");
  assert.deepEqual(
    begins.map(([, key, value]) => [key, value]),
    ends.map(([, key, value]) => [key, value]),
  );
  let open = 0;
  for (const [what] of store.log) {
    open += what.endsWith("begins") ? 1 : -1;
    assert.ok(open <= 1, "two writes at a time");
  }
  assert.deepEqual([...store.map], []);
});

test("a write that fails late does not restore a session that has ended meanwhile", async (context) => {
  const map = new Map();
  for (const getItem of [() => null, async () => null]) {
    /** @type {((error: Error) => void)[]} */
    const fail = [];
    const failAll = () => {
      for (const reject of fail.splice(0)) reject(new Error("full"));
    };
    const store = {
      getItem,
      setItem: () => new Promise((_, reject) => fail.push(reject)),
      removeItem: (/** @type {string} */ key) => map.delete(key),
    };
    const client = clientFor(context, server.host, { store });
    const login = logIn(client, server);
    await until(() => fail.length > 0);
    server.answer(json({}));
    const logout = client.Account.Logout();
    await until(() => {
      failAll();
      return server.requests.at(-1)?.path.endsWith("Logout");
    });
    const failing = setInterval(failAll, 1);
    await Promise.all([login, logout]);
    clearInterval(failing);
    assert.equal(await client.Account.RestartActiveSession(), false);
    assert.equal(await shown(client), undefined);
  }
});

test("a login or logout has been written to the store when its promise resolves", async (context) => {
  const store = asynchronous();
  const client = clientFor(context, server.host, { store });
  await logIn(client, server);
  assert.equal(store.map.get(tokenKey()), "the.token");
  server.answer(json({}));
  await client.Account.Logout();
  assert.deepEqual([...store.map], []);
});

test("a call with a store that never answers ends at its deadline", async (context) => {
  const store = { getItem: () => new Promise(() => {}), setItem() {}, removeItem() {} };
  const client = clientFor(context, server.host, { store });
  const error = await rejection(client.Xmpp.GetRoster(0, 1, { timeoutMs: 20 }));
  assert.deepEqual([error.code, error.attempts, error.ambiguous], ["timeout", 0, undefined]);
});

test("each host has its own keys in one store", async (context) => {
  const other = await startRecorder();
  const store = storeOf();
  const warn = context.mock.method(console, "warn", () => {});
  const [work, home] = [
    clientFor(context, server.host, { store }),
    clientFor(context, other.host, { store }),
  ];
  await logIn(work, server, "work.token");
  await logIn(home, other, "home.token");
  assert.equal(store.map.get(`AgentAPI@${server.host}.Token`), "work.token");
  assert.equal(store.map.get(`AgentAPI@${other.host}.Token`), "home.token");
  assert.equal(warn.mock.callCount(), 0, "nothing is shared");
  await other.stop();
});

test("without a host the keys are those of TAG's `Agent.js`", async (context) => {
  const store = storeOf();
  const client = createAgentAPI({ store });
  context.after(() => client.dispose());
  client.IO.SetHost(server.host, false);
  await logIn(client, server);
  assert.equal(store.map.get("AgentAPI.Token"), "the.token");
});

test("a warning is written if two clients keep their session in the same place at the same time", (context) => {
  const warn = context.mock.method(console, "warn", () => {});
  const store = storeOf();
  const options = { host: server.host, secure: false, store };
  const first = createAgentAPI(options);
  assert.equal(warn.mock.callCount(), 0);
  const second = createAgentAPI(options);
  assert.equal(warn.mock.callCount(), 1);
  const [message] = warn.mock.calls[0].arguments;
  assert.match(message, /^neuron-agent-api: two clients keep their session in the same place/);
  assert.ok(message.includes(`AgentAPI@${server.host}`), message);
  second.dispose();
  second.dispose();
  first.dispose();
  const third = createAgentAPI(options);
  assert.equal(warn.mock.callCount(), 1, "the others are gone");
  const fourth = createAgentAPI(options);
  assert.equal(warn.mock.callCount(), 2);
  fourth.dispose();
  fourth.dispose();
  createAgentAPI(options).dispose();
  assert.equal(warn.mock.callCount(), 3, "the third is there, though the fourth was disposed of twice");
  third.dispose();
});

test("a client whose options were refused claims no storage", (context) => {
  const warn = context.mock.method(console, "warn", () => {});
  const store = storeOf();
  assert.throws(() => createAgentAPI({ store, attemptMs: 0 }), { code: "invalid-argument" });
  createAgentAPI({ store }).dispose();
  assert.equal(warn.mock.callCount(), 0);
});

test("a store whose writes never end does not delay a login", async (context) => {
  const hangs = {
    getItem: async () => null,
    setItem: () => new Promise(() => {}),
    removeItem: async () => {},
  };
  const client = clientFor(context, server.host, { store: hangs });
  server.answer(json({ jwt: "the.token", expires: 0 }));
  const { jwt } = await client.Account.Login("alice", "correct horse", 600, { timeoutMs: 300 });
  assert.equal(jwt, "the.token");
  assert.equal(await shown(client), "Bearer the.token");
  server.answer(json({}));
  assert.equal((await rejection(client.Account.Logout({ timeoutMs: 100 }))).code, "timeout");
  assert.equal(await shown(client), undefined);
});

test("dispose ends a logout that waits for its store", async () => {
  let hangs = false;
  const store = {
    getItem: async () => null,
    setItem: async () => {},
    removeItem: () => (hangs ? new Promise(() => {}) : Promise.resolve()),
  };
  const client = createAgentAPI({ host: server.host, secure: false, store });
  await logIn(client, server);
  // Only now: a login would wait for it, too, for 27 seconds.
  hangs = true;
  server.answer(json({}));
  const logout = rejection(client.Account.Logout());
  await until(() => server.requests.length === 2);
  client.dispose();
  assert.equal((await logout).code, "disposed");
});

for (const [label, make] of /** @type {const} */ ([
  ["at once", storeOf],
  ["by promises", asynchronous],
])) {
  test(`what a store can't remove (${label}) is overwritten, or is an error`, async (context) => {
    const store = make();
    const readable = { ...store };
    store.removeItem = async () => {
      throw new Error("the disk is full");
    };
    const stubborn = clientFor(context, server.host, { store });
    await logIn(stubborn, server);
    server.answer(json({}));
    await stubborn.Account.Logout();
    const next = clientFor(context, server.host, { store: readable });
    assert.equal(await shown(next), undefined);

    await logIn(stubborn, server);
    store.setItem = store.removeItem;
    server.answer(json({}));
    const { code, operation, cause } = await rejection(stubborn.Account.Logout());
    assert.deepEqual(
      [code, operation, /** @type {Error} */ (cause).message],
      ["storage", "Account.Logout", "the disk is full"],
    );
    assert.equal(await shown(stubborn), undefined);
    const last = clientFor(context, server.host, { store: readable });
    assert.equal(await shown(last), "Bearer the.token", "which is why it was told");
  });
}

test("a session that ends while it is read from the store does not come back", async (context) => {
  const store = asynchronous();
  const first = clientFor(context, server.host, { store });
  await logIn(first, server);
  const client = clientFor(context, server.host, { store });
  const call = client.Xmpp.GetRoster().catch(() => {});
  client.IO.SetHost("127.0.0.1:1", false);
  client.IO.SetHost(server.host, false);
  server.always(json({ RosterItems: [] }));
  await call;
  server.reset();
  assert.equal(await shown(client), undefined);
});
