// @ts-check
/**
 * A store that takes only a part of a session: after a reload there is no session, and never a
 * mixture of two.
 */

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { createAgentAPI } from "neuron-agent-api";
import { clientFor } from "../support/client.mjs";
import { json, startRecorder } from "../support/recorder.mjs";

const KEYS = [
  "Broker",
  "UserName",
  "RefreshTimer",
  "Seconds",
  "RefreshTimerElapses",
  "RefreshTimerExpires",
  "Token",
];

/** @type {import("../support/recorder.mjs").Recorder} */
let server;
before(async () => {
  server = await startRecorder();
});
after(() => server.stop());
beforeEach(() => server.reset());

/**
 * @typedef {{ done(value: any): any, failed(error: Error): any }} Kind
 * @typedef {(method: "set" | "remove", key: string, value: string | undefined, count: number) => boolean} Fails
 */

/** How a store answers. @type {Record<"at once" | "by promises" | "at once, and fails by promises", Kind>} */
const KINDS = {
  "at once": {
    done: (value) => value,
    failed: (error) => {
      throw error;
    },
  },
  "by promises": { done: async (value) => value, failed: (error) => Promise.reject(error) },
  "at once, and fails by promises": { done: (value) => value, failed: (error) => Promise.reject(error) },
};

/**
 * A store whose writes fail when `fails` says so.
 *
 * @param {Map<string, string>} map
 * @param {Kind} kind
 * @param {Fails} fails
 * @returns {import("neuron-agent-api").SessionStore}
 */
function storeOf(map, { done, failed }, fails) {
  let count = 0;
  /** @type {(act: () => void, ...write: [method: "set" | "remove", key: string, value?: string]) => any} */
  const write = (act, method, key, value) => {
    count += 1;
    const name = key.slice(key.lastIndexOf(".") + 1);
    return fails(method, name, value, count) ? failed(new Error("full")) : done(act());
  };
  return {
    getItem: (key) => done(map.get(key) ?? null),
    setItem: (key, value) => write(() => void map.set(key, value), "set", key, value),
    removeItem: (key) => write(() => void map.delete(key), "remove", key),
  };
}

/**
 * The authorization that a page sends which is loaded again.
 *
 * @param {Map<string, string>} map
 */
async function whoAfterReload(map) {
  const client = createAgentAPI({
    host: server.host,
    secure: false,
    store: storeOf(map, KINDS["at once"], () => false),
  });
  server.answer(json({}));
  // Which is sent without a session, too.
  await client.IO.Request("/x");
  client.dispose();
  return server.requests.at(-1)?.headers.authorization;
}

/**
 * @param {import("neuron-agent-api").AgentAPI} client
 * @param {string} userName
 * @param {string} token
 */
async function logIn(client, userName, token) {
  server.answer(json({ jwt: token, expires: 0 }));
  return client.Account.Login(userName, "correct horse", 600);
}

/** Which writes fail, given a key. @type {Record<string, (at: string) => Fails>} */
const FAILURES = {
  "set of a key": (at) => (method, key, value) => method === "set" && key === at && value !== "",
  "set of a key, even to nothing": (at) => (method, key) => method === "set" && key === at,
  "set and removal of a key": (at) => (_, key) => key === at,
  "set of a key, and all removals": (at) => (method, key, value) =>
    method === "remove" || (key === at && value !== ""),
};

for (const [kind, how] of Object.entries(KINDS)) {
  describe(`a store that answers ${kind}`, () => {
    for (const [label, failure] of Object.entries(FAILURES)) {
      for (const key of KEYS) {
        test(`fails at the ${label}: ${key}`, async (context) => {
          const map = new Map();
          let isFailing = false;
          const fails = failure(key);
          const store = storeOf(map, how, (...write) => isFailing && fails(...write));
          const client = clientFor(context, server.host, { store });
          await logIn(client, "bob", "bobs.token");
          isFailing = true;
          await logIn(client, "alice", "alices.token");

          server.answer(json({ RosterItems: [] }));
          await client.Xmpp.GetRoster();
          assert.equal(
            server.requests.at(-1)?.headers.authorization,
            "Bearer alices.token",
            "here it goes on",
          );
          const wasKept = map.get(`AgentAPI@${server.host}.Token`) === "alices.token";
          assert.equal(await whoAfterReload(map), wasKept ? "Bearer alices.token" : undefined);
          if (wasKept) assert.equal(map.get(`AgentAPI@${server.host}.UserName`), "alice");

          isFailing = false;
          await logIn(client, "carol", "carols.token");
          assert.equal(await whoAfterReload(map), "Bearer carols.token", "there is room again");
          assert.equal(map.get(`AgentAPI@${server.host}.UserName`), "carol");
        });
      }
    }

    for (let full = 1; full <= 9; full += 1) {
      test(`is full from write number ${full} of a login on`, async (context) => {
        const map = new Map();
        let start = Infinity;
        let now = 0;
        const store = storeOf(map, how, (method, _, value, count) => {
          now = count;
          return method === "set" && value !== "" && count >= start;
        });
        const client = clientFor(context, server.host, { store });
        await logIn(client, "bob", "bobs.token");
        start = now + full;
        await logIn(client, "alice", "alices.token");
        const whole = map.get(`AgentAPI@${server.host}.Token`) === "alices.token";
        assert.equal(whole, full > 8, "the token comes last");
        assert.equal(await whoAfterReload(map), whole ? "Bearer alices.token" : undefined);
      });
    }

    for (const key of KEYS) {
      test(`fails to write ${key} at a refresh, and at a logout`, async (context) => {
        const map = new Map();
        let isFailing = false;
        const store = storeOf(map, how, (method, at) => isFailing && at === key && method === "set");
        const client = clientFor(context, server.host, { store });
        await logIn(client, "bob", "first");
        isFailing = true;
        server.answer(json({ jwt: "second", expires: 0 }));
        await client.Account.Refresh(60);
        const whole = map.get(`AgentAPI@${server.host}.Token`) === "second";
        assert.equal(await whoAfterReload(map), whole ? "Bearer second" : undefined);
        server.answer(json({}));
        await client.Account.Logout();
        assert.deepEqual([...map], [], "nothing has to be set to forget");
      });
    }
  });
}

test("a token that can be neither removed nor overwritten is not sent", async (context) => {
  const map = new Map();
  let isFailing = false;
  const store = storeOf(map, KINDS["at once"], (_, key) => isFailing && key === "Token");
  const client = clientFor(context, server.host, { store });
  await logIn(client, "bob", "bobs.token");
  isFailing = true;
  await logIn(client, "alice", "alices.token");
  assert.equal(map.get(`AgentAPI@${server.host}.Token`), "bobs.token");
  assert.equal(await whoAfterReload(map), undefined);
});

/** The page's storage is what `AgentAPI` and its host are kept in; here a page is pretended. */
test("a host whose protocol can't be stored is not stored either", async (context) => {
  for (const key of ["Host", "Protocol"]) {
    const map = new Map();
    let isFailing = false;
    /** @type {Fails} */
    const fails = (method, at) => isFailing && method === "set" && at === key;
    const names = { document: {}, sessionStorage: storeOf(map, KINDS["at once"], fails) };
    const before = Object.keys(names).map(
      (name) => /** @type {const} */ ([name, Object.getOwnPropertyDescriptor(globalThis, name)]),
    );
    for (const [name, value] of Object.entries(names)) {
      Object.defineProperty(globalThis, name, { value, configurable: true });
    }
    const restore = () => {
      for (const [name, property] of before) {
        if (property) Object.defineProperty(globalThis, name, property);
        else Reflect.deleteProperty(globalThis, name);
      }
    };
    context.after(restore);
    const { AgentAPI } = await import("neuron-agent-api");
    AgentAPI.IO.SetHost("one.example", false);
    assert.deepEqual(
      [...map],
      [
        ["AgentAPI.Host", "one.example"],
        ["AgentAPI.Protocol", "http"],
      ],
    );
    isFailing = true;
    AgentAPI.IO.SetHost("two.example", true);
    assert.equal(AgentAPI.IO.GetBaseURL(), "https://two.example", "as long as the page");
    assert.deepEqual([...map], []);
    isFailing = false;
    AgentAPI.IO.SetHost(null);
    restore();
  }
});
