// @ts-check
/**
 * Values that throw or have side effects when they are read: they are refused with the right error,
 * and no other call fails.
 */

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { AgentAPI, AgentApiError, createAgentAPI } from "neuron-agent-api";
import { clientFor, logIn, until } from "../support/client.mjs";
import { json, startRecorder } from "../support/recorder.mjs";
import { rejection, wrong } from "../support/rejection.mjs";
import { storeOf, storeWithToken } from "../support/stores.mjs";

/** @type {import("../support/recorder.mjs").Recorder} */
let server;
before(async () => {
  server = await startRecorder();
});
after(() => server.stop());
beforeEach(() => server.reset());

const SECRET = "foreign text";
const fail = () => {
  throw new Error(SECRET);
};

/** Throws whatever is done with it. */
const trapped = (target = {}) =>
  new Proxy(target, {
    get: fail,
    has: fail,
    ownKeys: fail,
    getPrototypeOf: fail,
    getOwnPropertyDescriptor: fail,
  });

function revoked(target = {}) {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

const speechless = (/** @type {object} */ own) => Object.assign(Object.create(null), own);
const unspeakable = (/** @type {object} */ own) => ({ ...own, toString: fail, [Symbol.toPrimitive]: fail });

/** Values that can't be read. @type {[label: string, make: () => any][]} */
const UNREADABLE = [
  ["a proxy that throws", () => trapped()],
  ["a revoked proxy", () => revoked()],
  ["a revoked proxy of an array", () => revoked([])],
  ["a proxy of an array that throws", () => trapped([])],
  [
    "an object whose property throws",
    () => Object.defineProperty({}, "signal", { enumerable: true, get: fail }),
  ],
  ["a symbol", () => Symbol("store")],
  ["a bigint", () => 1n],
];

const isInvalid = (/** @type {unknown} */ error) => {
  assert.ok(AgentApiError.is(error), String(error));
  assert.equal(error.code, "invalid-argument");
  assert.ok(!error.message.includes(SECRET), error.message);
  return true;
};

/**
 * Asserts that the instance is the same after all of it: a call that was under way before goes on.
 *
 * @param {() => unknown} act
 */
async function unbroken(act) {
  const client = createAgentAPI({ host: server.host, secure: false, store: storeWithToken(server.host) });
  /** @type {(() => void) | undefined} */
  let answer;
  server.answer((response) => (answer = () => json({ RosterItems: [] })(response)));
  const roster = client.Xmpp.GetRoster();
  await until(() => answer);
  await act();
  answer?.();
  assert.deepEqual(await roster, { RosterItems: [] });
  client.dispose();
}

for (const [label, wrap] of /** @type {[string, (own: object) => any][]} */ ([
  ["without a prototype", speechless],
  ["whose toString throws", unspeakable],
  ["that is a function", (own) => Object.assign(() => {}, own)],
  ["that is a proxy", (own) => new Proxy(own, {})],
  ["that is frozen", (own) => Object.freeze(own)],
])) {
  test(`a store ${label} is a store`, async (context) => {
    const map = new Map();
    const client = clientFor(context, server.host, { store: wrap(storeOf(map)) });
    await logIn(client, server);
    assert.equal(map.get(`AgentAPI@${server.host}.Token`), "the.token");
  });
}

for (const [label, make] of UNREADABLE) {
  test(`${label} is refused as an option and as a store`, () => {
    assert.throws(() => createAgentAPI({ store: make() }), isInvalid);
    assert.throws(() => createAgentAPI({ headers: make() }), isInvalid);
    assert.throws(() => createAgentAPI({ host: make() }), isInvalid);
    assert.throws(() => createAgentAPI({ fetch: make() }), isInvalid);
    assert.throws(() => createAgentAPI({ encoding: make() }), isInvalid);
    assert.throws(() => createAgentAPI({ secure: make() }), isInvalid);
    assert.throws(() => createAgentAPI({ totalMs: make() }), isInvalid);
    assert.throws(() => createAgentAPI(make()), isInvalid);
  });

  test(`${label} is refused as an argument, and fails no other call`, () =>
    unbroken(async () => {
      const { SetHost, AllowInsecure, SetEncoding, SetTimeout, SetLimits, OnRequest, SetLogLevel, Request } =
        AgentAPI.IO;
      for (const refuse of [
        () => SetHost(make()),
        () => SetHost("a.b", make()),
        () => AllowInsecure(make()),
        () => SetEncoding(make()),
        () => SetTimeout(make()),
        () => SetLimits(make()),
        () => OnRequest(make()),
        () => SetLogLevel(make()),
        () => AgentAPI.Account.XmlEncode(make()),
        () => AgentApiError.fromJSON(make()),
      ])
        assert.throws(refuse, isInvalid);
      const client = createAgentAPI({ host: server.host, secure: false, store: storeWithToken(server.host) });
      for (const refused of [
        client.Xmpp.GetRoster(0, 1, make()),
        client.Xmpp.GetRoster(make()),
        client.Xmpp.GetRoster(0, 1, { signal: make() }),
        client.Xmpp.GetRoster(0, 1, { timeoutMs: make() }),
        client.Xmpp.SetRosterItem("a@b", "A", make()),
        client.Xmpp.SetRosterItem("a@b", "A", [make()]),
        client.Account.Login(make(), "pw", 60),
        client.Account.Login("alice", make(), 60),
        Request(make()),
        Request("/x", null, true, make()),
        Request("/x", null, true, null, make()),
      ])
        isInvalid(await rejection(refused));
      assert.equal(AgentApiError.is(make()), false);
      client.dispose();
    }));

  test(`${label} that fetch rejects with is the cause, and fails no other call`, () =>
    unbroken(async () => {
      const cause = make();
      const fetch = () => Promise.reject(cause);
      const client = createAgentAPI({
        host: "neuron.example",
        fetch,
        store: storeWithToken("neuron.example"),
      });
      // One that is sent once: its first failure is the call's.
      const { code, cause: told } = await rejection(
        client.Account.VerifyEMail("alice@example.org", "123456"),
      );
      assert.equal(code, "network");
      assert.equal(told, cause);
      client.dispose();
    }));
}

test("a console that throws does not fail IO.Log", (context) =>
  unbroken(() => {
    context.mock.method(console, "log", fail);
    context.mock.method(console, "error", () => {});
    AgentAPI.IO.Log("x");
  }));

/** Arrays that would take far too long to read. */
for (const [label, make] of /** @type {[string, () => any][]} */ ([
  ["a sparse array", () => Array(1e8)],
  ["an array of 10,001", () => Array(10_001).fill("a")],
  [
    "a proxy that claims a length",
    () => new Proxy([], { get: (_, name) => (name === "length" ? 2 ** 32 : fail()) }),
  ],
  ["a proxy without a length", () => new Proxy([], { get: (_, name) => (name === "length" ? NaN : fail()) })],
  ["an array whose getter throws", () => Object.defineProperty(["a", "b"], 1, { get: fail })],
])) {
  test(`${label} is refused before it is read`, () =>
    unbroken(async () => {
      const client = createAgentAPI({ host: server.host, secure: false, store: storeWithToken(server.host) });
      const error = await rejection(client.Xmpp.SetRosterItem("bob@localhost", "Bob", make()));
      isInvalid(error);
      assert.equal(error.parameter, "Groups");
      assert.equal(server.requests.length, 1, "that of the call under way");
      client.dispose();
    }));
}

test("an array is read once, item by item, and not by its own iterator", async (context) => {
  /** @type {unknown[]} */
  const read = [];
  const groups = new Proxy(["a", "b"], {
    get(target, name) {
      read.push(String(name));
      if (name === Symbol.iterator) fail();
      return Reflect.get(target, name);
    },
  });
  const client = clientFor(context, server.host);
  server.answer(json({ bareJid: "bob@localhost", pendingSubscription: false, status: "None", name: "Bob" }));
  await client.Xmpp.SetRosterItem("bob@localhost", "Bob", groups);
  assert.deepEqual(JSON.parse(server.requests[0].body).Groups, ["a", "b"]);
  assert.deepEqual(read, ["length", "0", "1"]);
});

for (const [label, make] of /** @type {[string, () => any][]} */ ([
  ["a typed array", () => new Uint8Array(10)],
  ["a sparse array", () => Array(1e8)],
  ["an array-like object", () => ({ length: 1e8 })],
  ["null", () => null],
])) {
  test(`${label} is refused as options`, async () => {
    assert.throws(() => createAgentAPI(make()), isInvalid);
    assert.throws(() => AgentAPI.IO.SetLimits(make()), isInvalid);
    if (make() !== null) isInvalid(await rejection(AgentAPI.Xmpp.GetRoster(0, 1, make())));
  });
}

for (const [label, json] of [
  ["null", null],
  ["undefined", undefined],
  ["a string", "error"],
  ["a number", 7],
  ["an array", []],
  ["an empty object", {}],
  ["no code", { message: "a" }],
  ["no message", { code: "network" }],
  ["a code that is none", { code: 7, message: "a" }],
  ["a message that throws", { code: "network", message: { toString: fail } }],
  [
    "a getter that throws",
    Object.defineProperty({ code: "network" }, "message", { get: fail, enumerable: true }),
  ],
  ["another's prototype", Object.create({ code: "network", message: "a" })],
]) {
  test(`fromJSON refuses ${label}`, () => {
    assert.throws(
      () => AgentApiError.fromJSON(wrong(json)),
      (/** @type {AgentApiError} */ error) => {
        isInvalid(error);
        assert.deepEqual([error.operation, error.parameter], ["AgentApiError.fromJSON", "Json"]);
        return true;
      },
    );
  });
}

test("fromJSON gives back what toJSON gave", async () => {
  const error = await rejection(AgentAPI.Xmpp.GetRoster(-1));
  const copy = AgentApiError.fromJSON(JSON.parse(JSON.stringify(error)));
  assert.deepEqual(copy.toJSON(), error.toJSON());
  assert.deepEqual(Object.keys(error.toJSON()).slice(0, 3), ["name", "message", "code"]);
});
