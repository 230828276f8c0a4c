/** Values that do something when they are looked at: refused with the right error, and nothing breaks. */

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { AgentAPI, AgentApiError, createAgentAPI } from "neuron-agent-api";
import { clientFor, logIn, until } from "../support/client.mjs";
import { json, startRecorder } from "../support/recorder.mjs";
import { rejection } from "../support/rejection.mjs";

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
  new Proxy(target, { get: fail, has: fail, ownKeys: fail, getPrototypeOf: fail, getOwnPropertyDescriptor: fail });

function revoked(target = {}) {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

const speechless = (own) => Object.assign(Object.create(null), own);
const unspeakable = (own) => ({ ...own, toString: fail, [Symbol.toPrimitive]: fail });

/** What nobody can be asked anything of. */
const UNREADABLE = [
  ["a proxy that throws", () => trapped()],
  ["a revoked proxy", () => revoked()],
  ["a revoked proxy of an array", () => revoked([])],
  ["a proxy of an array that throws", () => trapped([])],
  ["an object whose property throws", () => Object.defineProperty({}, "signal", { enumerable: true, get: fail })],
];

const isInvalid = (error) => {
  assert.ok(AgentApiError.is(error), String(error));
  assert.equal(error.code, "invalid-argument");
  assert.ok(!error.message.includes(SECRET), error.message);
  return true;
};

/** After all of it the instance is the same: a call that was under way before goes on. */
async function unbroken(act) {
  const client = createAgentAPI({ host: server.host, secure: false });
  let answer;
  server.answer((response) => (answer = () => json({ RosterItems: [] })(response)));
  const roster = client.Xmpp.GetRoster();
  await until(() => answer);
  await act();
  answer();
  assert.deepEqual(await roster, { RosterItems: [] });
  client.dispose();
}

const methods = (map) => ({
  getItem: (key) => map.get(key) ?? null,
  setItem: (key, value) => void map.set(key, value),
  removeItem: (key) => void map.delete(key),
});

for (const [label, wrap] of [
  ["without a prototype", speechless],
  ["whose toString throws", unspeakable],
  ["that is a function", (own) => Object.assign(() => {}, own)],
  ["that is a proxy", (own) => new Proxy(own, {})],
  ["that is frozen", (own) => Object.freeze(own)],
]) {
  test(`a store ${label} is a store`, async (context) => {
    const map = new Map();
    const client = clientFor(context, server.host, { store: wrap(methods(map)) });
    await logIn(client, server);
    assert.equal(map.get(`AgentAPI@${server.host}.Token`), "the.token");
  });
}

for (const [label, make] of [...UNREADABLE, ["a symbol", () => Symbol("store")], ["a bigint", () => 1n]]) {
  test(`${label} is no option, and no store`, () => {
    assert.throws(() => createAgentAPI({ store: make() }), isInvalid);
    assert.throws(() => createAgentAPI({ headers: make() }), isInvalid);
    assert.throws(() => createAgentAPI({ host: make() }), isInvalid);
    assert.throws(() => createAgentAPI({ fetch: make() }), isInvalid);
    assert.throws(() => createAgentAPI({ encoding: make() }), isInvalid);
    assert.throws(() => createAgentAPI({ secure: make() }), isInvalid);
    assert.throws(() => createAgentAPI({ totalMs: make() }), isInvalid);
    assert.throws(() => createAgentAPI(make()), isInvalid);
  });

  test(`${label} is no argument, and breaks nothing`, () =>
    unbroken(async () => {
      const { SetHost, AllowInsecure, SetEncoding, SetTimeout, SetLimits, OnRequest, SetLogLevel, Request } = AgentAPI.IO;
      for (const refuse of [
        () => SetHost(make()), () => SetHost("a.b", make()), () => AllowInsecure(make()), () => SetEncoding(make()),
        () => SetTimeout(make()), () => SetLimits(make()), () => OnRequest(make()), () => SetLogLevel(make()),
        () => AgentAPI.Account.XmlEncode(make()), () => AgentApiError.fromJSON(make()),
      ]) assert.throws(refuse, isInvalid);
      const client = createAgentAPI({ host: server.host, secure: false });
      for (const refused of [
        client.Xmpp.GetRoster(0, 1, make()),
        client.Xmpp.GetRoster(make()),
        client.Xmpp.GetRoster(0, 1, { signal: make() }),
        client.Xmpp.GetRoster(0, 1, { timeoutMs: make() }),
        client.Xmpp.SetRosterItem("a@b", "A", make()),
        client.Xmpp.SetRosterItem("a@b", "A", [make()]),
        client.Account.Login(make(), "pw", 60),
        client.Account.Login("alice", make(), 60),
        Request(make()), Request("/x", null, true, make()), Request("/x", null, true, null, make()),
      ]) isInvalid(await rejection(refused));
      assert.equal(AgentApiError.is(make()), false);
      client.dispose();
    }));

  test(`${label} that fetch rejects with is a cause, and breaks nothing`, () =>
    unbroken(async () => {
      const cause = make();
      const fetch = () => Promise.reject(cause);
      const client = createAgentAPI({ host: "neuron.example", fetch });
      // One that is sent once: its first failure is the call's.
      const { code, cause: told } = await rejection(client.Account.VerifyEMail("alice@example.org", "123456"));
      assert.equal(code, "network");
      assert.equal(told, cause);
      client.dispose();
    }));
}

test("what can't be written to the console breaks nothing", (context) =>
  unbroken(() => {
    context.mock.method(console, "log", fail);
    context.mock.method(console, "error", () => {});
    AgentAPI.IO.Log("x");
  }));

/** Arrays that would take for ever, by how often they are read. */
for (const [label, make] of [
  ["a sparse array", () => Array(1e8)],
  ["an array of 10,001", () => Array(10_001).fill("a")],
  ["a proxy that claims a length", () => new Proxy([], { get: (_, name) => (name === "length" ? 2 ** 32 : fail()) })],
  ["a proxy without a length", () => new Proxy([], { get: (_, name) => (name === "length" ? NaN : fail()) })],
  ["an array whose getter throws", () => Object.defineProperty(["a", "b"], 1, { get: fail })],
]) {
  test(`${label} is refused before it is read`, () =>
    unbroken(async () => {
      const client = createAgentAPI({ host: server.host, secure: false });
      const error = await rejection(client.Xmpp.SetRosterItem("bob@localhost", "Bob", make()));
      isInvalid(error);
      assert.equal(error.parameter, "Groups");
      assert.equal(server.requests.length, 1, "that of the call under way");
      client.dispose();
    }));
}

test("an array is read once, item by item, and not by its own iterator", async (context) => {
  const read = [];
  const groups = new Proxy(["a", "b"], {
    get(target, name) {
      read.push(String(name));
      if (name === Symbol.iterator) fail();
      return target[name];
    },
  });
  const client = clientFor(context, server.host);
  server.answer(json({ bareJid: "bob@localhost", pendingSubscription: false, status: "None", name: "Bob" }));
  await client.Xmpp.SetRosterItem("bob@localhost", "Bob", groups);
  assert.deepEqual(JSON.parse(server.requests[0].body).Groups, ["a", "b"]);
  assert.deepEqual(read, ["length", "0", "1"]);
});

for (const [label, make] of [
  ["a typed array", () => new Uint8Array(10)],
  ["a sparse array", () => Array(1e8)],
  ["an array-like object", () => ({ length: 1e8 })],
  ["null", () => null],
]) {
  test(`${label} is no object of options`, async () => {
    assert.throws(() => createAgentAPI(make()), isInvalid);
    assert.throws(() => AgentAPI.IO.SetLimits(make()), isInvalid);
    if (make() !== null) isInvalid(await rejection(AgentAPI.Xmpp.GetRoster(0, 1, make())));
  });
}

for (const [label, json] of [
  ["null", null], ["undefined", undefined], ["a string", "error"], ["a number", 7], ["an array", []],
  ["an empty object", {}], ["no code", { message: "a" }], ["no message", { code: "network" }],
  ["a code that is none", { code: 7, message: "a" }], ["a message that throws", { code: "network", message: { toString: fail } }],
  ["a getter that throws", Object.defineProperty({ code: "network" }, "message", { get: fail, enumerable: true })],
  ["another's prototype", Object.create({ code: "network", message: "a" })],
]) {
  test(`fromJSON refuses ${label}`, () => {
    assert.throws(() => AgentApiError.fromJSON(json), (error) => {
      isInvalid(error);
      assert.deepEqual([error.operation, error.parameter], ["AgentApiError.fromJSON", "Json"]);
      return true;
    });
  });
}

test("fromJSON gives back what toJSON gave", async () => {
  const error = await rejection(AgentAPI.Xmpp.GetRoster(-1));
  const copy = AgentApiError.fromJSON(JSON.parse(JSON.stringify(error)));
  assert.deepEqual(copy.toJSON(), error.toJSON());
  assert.deepEqual(Object.keys(error.toJSON()).slice(0, 3), ["name", "message", "code"]);
});
