// @ts-check
/** A page's surroundings: its origin, a browser extension's scripts, and messages on its channels. */

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { createAgentAPI } from "neuron-agent-api";
import { logIn, until } from "../support/client.mjs";
import { json, startRecorder, text } from "../support/recorder.mjs";
import { rejection } from "../support/rejection.mjs";

/** @type {import("../support/recorder.mjs").Recorder} */
let server;
before(async () => {
  server = await startRecorder();
});
after(() => server.stop());
beforeEach(() => server.reset());

/**
 * Gives the global object some other properties for as long as a test takes.
 *
 * @param {import("node:test").TestContext} context
 * @param {object} names
 */
function pretend(context, names) {
  for (const [name, value] of Object.entries(names)) {
    const before = Object.getOwnPropertyDescriptor(globalThis, name);
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
    context.after(() => {
      if (before) Object.defineProperty(globalThis, name, before);
      else Reflect.deleteProperty(globalThis, name);
    });
  }
}

describe("the page's own broker", () => {
  for (const [label, names, url] of /** @type {[string, object, string | undefined][]} */ ([
    [
      "a page",
      {
        location: { protocol: "https:", host: "a.example", origin: "https://a.example" },
        origin: "https://a.example",
      },
      "https://a.example",
    ],
    [
      "a page whose script has a variable of that name",
      {
        location: { protocol: "https:", host: "a.example", origin: "https://a.example" },
        origin: "https://cdn.example",
      },
      "https://a.example",
    ],
    [
      "a page on a port",
      { location: { protocol: "http:", host: "localhost:8080", origin: "http://localhost:8080" } },
      "http://localhost:8080",
    ],
    [
      "a worker made of a Blob",
      { location: { protocol: "blob:", host: "", origin: "https://a.example" }, origin: "https://a.example" },
      "https://a.example",
    ],
    [
      "a worker made of a Blob, on a port",
      { location: { protocol: "blob:", host: "" }, origin: "http://127.0.0.1:8080" },
      "http://127.0.0.1:8080",
    ],
    [
      "a frame with a srcdoc",
      { location: { protocol: "about:", host: "", origin: "null" }, origin: "https://a.example" },
      "https://a.example",
    ],
    [
      "a sandboxed frame of the broker's",
      { location: { protocol: "https:", host: "a.example", origin: "https://a.example" }, origin: "null" },
      "https://a.example",
    ],
    [
      "a sandboxed frame with a srcdoc",
      { location: { protocol: "about:", host: "", origin: "null" }, origin: "null" },
      undefined,
    ],
    [
      "a worker made of data",
      { location: { protocol: "data:", host: "", origin: "null" }, origin: "null" },
      undefined,
    ],
    ["a file", { location: { protocol: "file:", host: "", origin: "file://" }, origin: "null" }, undefined],
    [
      "an extension's page",
      {
        location: { protocol: "chrome-extension:", host: "abc", origin: "chrome-extension://abc" },
        origin: "chrome-extension://abc",
      },
      undefined,
    ],
  ])) {
    test(`is ${url ?? "none"} in ${label}`, (context) => {
      pretend(context, names);
      const client = createAgentAPI();
      context.after(() => client.dispose());
      if (url) assert.equal(client.IO.GetBaseURL(), url);
      else assert.throws(() => client.IO.GetHost(), { code: "no-host" });
    });
  }
});

class Storage {
  /** @type {Map<string, string>} */
  map = new Map();
  getItem = (/** @type {string} */ key) => this.map.get(key) ?? null;
  setItem = (/** @type {string} */ key, /** @type {string} */ value) => void this.map.set(key, value);
  removeItem = (/** @type {string} */ key) => void this.map.delete(key);
}

const PAGE = { visibilityState: "visible", addEventListener() {}, removeEventListener() {} };

describe("a script of a browser extension", () => {
  for (const [label, names, keptInPage] of /** @type {[string, object, boolean][]} */ ([
    ["on a page of somebody's", { chrome: { runtime: { id: "abc" } }, origin: "https://a.example" }, false],
    ["on a page without an origin", { chrome: { runtime: { id: "abc" } }, origin: "null" }, false],
    ["on its own page", { chrome: { runtime: { id: "abc" } }, origin: "chrome-extension://abc" }, true],
    [
      "on its own page, in Firefox",
      { chrome: { runtime: { id: "abc" } }, origin: "moz-extension://abc" },
      true,
    ],
    [
      "which is none: a page that extensions can speak to",
      { chrome: { runtime: {} }, origin: "https://a.example" },
      true,
    ],
  ])) {
    for (const store of /** @type {const} */ (["session", "local"])) {
      test(`${label} keeps the session ${keptInPage ? "there" : "in memory"} ("${store}")`, async (context) => {
        const [sessionStorage, localStorage] = [new Storage(), new Storage()];
        pretend(context, { ...names, document: PAGE, sessionStorage, localStorage });
        const client = createAgentAPI({ host: server.host, secure: false, store });
        context.after(() => client.dispose());
        await logIn(client, server);
        const kept = [...sessionStorage.map.values(), ...localStorage.map.values()];
        assert.equal(kept.includes("the.token"), keptInPage);
        assert.equal(await client.Account.RestartActiveSession(), true);
      });
    }
  }
});

describe("the channels of a page", () => {
  const fail = () => {
    throw new Error("hostile");
  };

  /**
   * A page, and its channels by their names.
   *
   * @param {import("node:test").TestContext} context
   */
  function openPage(context) {
    /** @type {Map<string, any>} */
    const channels = new Map();
    class BroadcastChannel {
      /** @type {unknown[]} */
      sent = [];
      /** @param {string} name */
      constructor(name) {
        channels.set(String(name), this);
      }
      /** @param {unknown} message */
      postMessage(message) {
        this.sent.push(message);
      }
      close() {}
    }
    const sessionStorage = new Storage();
    pretend(context, { document: PAGE, sessionStorage, BroadcastChannel, origin: `http://${server.host}` });
    const client = createAgentAPI({ host: server.host, secure: false, store: "session" });
    context.after(() => client.dispose());
    /** @type {unknown[]} */
    const events = [];
    client.Account.OnSessionChange(({ type }) => events.push(type));
    const hear = (/** @type {string} */ name, /** @type {unknown} */ data) =>
      channels.get(name).onmessage({ data });
    const twins = () => [...channels.keys()].filter((name) => name !== "neuron-agent-api")[0];
    return { client, channels, events, hear, twins, storage: sessionStorage.map };
  }

  const logout = () => ({
    broker: `http://${server.host}`,
    userName: "alice",
    place: `session AgentAPI@${server.host}`,
  });

  /** What is no message of ours, though it looks as if. */
  const forged = () => [
    undefined,
    null,
    7,
    "x",
    [],
    {},
    () => {},
    Object.create(null),
    ...["broker", "userName", "place"].flatMap((name) => [
      { ...logout(), [name]: undefined },
      { ...logout(), [name]: { toString: fail } },
      { ...logout(), [name]: { toString: 7 } },
      { ...logout(), [name]: Object.create(null) },
      { ...logout(), [name]: Symbol("x") },
      { ...logout(), [name]: 7 },
      { ...logout(), [name]: [Reflect.get(logout(), name)] },
      { ...logout(), [name]: "another" },
    ]),
    Object.create(logout()),
    { session: undefined },
    { session: null },
    { session: { "AgentAPI.Token": 7 } },
  ];
  const throwing = () => [
    Object.defineProperty(logout(), "broker", { get: fail, enumerable: true }),
    new Proxy({}, { get: fail, ownKeys: fail }),
  ];

  test("ignore messages of the wrong types", async (context) => {
    const { client, hear, events, twins } = openPage(context);
    await logIn(client, server);
    for (const name of ["neuron-agent-api", twins()]) {
      for (const data of forged()) hear(name, data);
      for (const data of throwing()) {
        try {
          hear(name, data);
        } catch (error) {
          assert.equal(
            /** @type {Error} */ (error).message,
            "hostile",
            "told to the page, as of any listener",
          );
        }
      }
    }
    server.answer(json({ RosterItems: [] }));
    assert.deepEqual(await client.Xmpp.GetRoster(), { RosterItems: [] });
    assert.equal(server.requests.at(-1)?.headers.authorization, "Bearer the.token");
    assert.deepEqual(events, ["logged-in"]);
    hear("neuron-agent-api", logout());
    await until(() => events.includes("logged-out"));
  });

  test("send no token to a page without the secret that was copied with the session", async (context) => {
    const { client, channels, twins, storage } = openPage(context);
    await logIn(client, server);
    const secret = String(storage.get(`AgentAPI@${server.host}.Twins`));
    assert.equal(twins(), secret);
    assert.match(secret, /^\d+(-\d+){3} alice http:/);
    assert.deepEqual(channels.get("neuron-agent-api").sent, []);
    assert.deepEqual(channels.get(secret).sent, [], "nobody has asked");
    server.answer(json({}));
    await client.Account.Logout();
    assert.deepEqual([...storage], [], "the secret ends with the session");
    const [announced] = channels.get("neuron-agent-api").sent;
    assert.deepEqual(announced, logout());
  });

  for (const [label, change, isTaken] of /** @type {[string, object, boolean][]} */ ([
    ["a newer token of the same session", {}, true],
    ["the token of another user", { "AgentAPI.UserName": "bob" }, false],
    ["a token of nobody in particular", { "AgentAPI.UserName": undefined }, false],
    ["a token of another broker", { "AgentAPI.Broker": "https://b.example" }, false],
  ])) {
    test(`${isTaken ? "take" : "don't take"} ${label}`, async (context) => {
      const { client, channels, hear, events, twins, storage } = openPage(context);
      await logIn(client, server);
      const secret = twins();
      hear(secret, "newer?");
      const kept = (/** @type {string} */ key) => storage.get(`AgentAPI@${server.host}.${key}`);
      const session = {
        "AgentAPI.UserName": kept("UserName"),
        "AgentAPI.Broker": kept("Broker"),
        "AgentAPI.Token": "newer",
        ...change,
      };
      server.answer(text("no", 401), json({ RosterItems: [] }));
      const call = client.Xmpp.GetRoster();
      await until(() => channels.get(secret).sent.includes("newer?"));
      hear(secret, { session });
      if (isTaken) {
        assert.deepEqual(await call, { RosterItems: [] });
        assert.equal(server.requests.at(-1)?.headers.authorization, "Bearer newer");
      } else {
        assert.equal((await rejection(call)).code, "unauthorized");
        assert.equal(kept("Token"), undefined);
        assert.ok(events.includes("lost"));
      }
    });
  }

  test("each login has a new secret", async (context) => {
    const { client, storage } = openPage(context);
    const secrets = new Set();
    for (const userName of ["alice", "bob", "alice"]) {
      server.answer(json({ jwt: `${userName}.token`, expires: 0 }));
      await client.Account.Login(userName, "correct horse", 600);
      secrets.add(storage.get(`AgentAPI@${server.host}.Twins`));
    }
    assert.equal(secrets.size, 3);
  });

  test("ignore an answer without a request", async (context) => {
    const { client, hear, twins, storage } = openPage(context);
    await logIn(client, server);
    hear(twins(), { session: { "AgentAPI.Token": "planted", "AgentAPI.UserName": "alice" } });
    assert.equal(storage.get(`AgentAPI@${server.host}.Token`), "the.token");
  });
});
