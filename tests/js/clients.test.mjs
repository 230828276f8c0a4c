// @ts-check
/** `createAgentAPI`: its options, and that clients are independent of each other. */

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { AgentAPI, AgentApiError, createAgentAPI } from "neuron-agent-api";
import { clientFor, logIn, pause } from "../support/client.mjs";
import { fetchDouble } from "../support/fetch-double.mjs";
import { json, startRecorder, text } from "../support/recorder.mjs";
import { rejection, wrong } from "../support/rejection.mjs";

const ROSTER = json({ RosterItems: [] });

/** @type {import("../support/recorder.mjs").Recorder} */
let server;
/** @type {import("../support/recorder.mjs").Recorder} */
let other;
before(async () => {
  [server, other] = [await startRecorder(), await startRecorder()];
});
after(() => Promise.all([server.stop(), other.stop()]));
beforeEach(() => {
  server.reset();
  other.reset();
});

/**
 * What is wrong, and a part of the message about it.
 *
 * @type {[parameter: string, options: unknown, part: string][]}
 */
const BAD = [
  ["Options", "fast", "must be an object"],
  ["Options", [], "must be an object"],
  ["Options", null, "must be an object"],
  ["Options", { hots: "a" }, "unknown option hots; expected host, "],
  ...[7, "a b", "https://a", "a/b", "a\r\nX: y", "u:p@a"].map(
    (host) =>
      /** @type {[string, object, string]} */ ([
        "Options.host",
        { host },
        'must be a host name with an optional port, for example "neuron.example.org"',
      ]),
  ),
  ["Options.secure", { host: "a", secure: "no" }, "true or false"],
  ["Options.secure", { secure: 1 }, "true or false"],
  ["Options.store", { store: "cookie" }, '"session", "local", "memory"'],
  ["Options.store", { store: null }, '"session", "local", "memory"'],
  ["Options.store", { store: {} }, "getItem"],
  ["Options.store", { store: { getItem() {}, setItem() {} } }, "removeItem"],
  ["Options.encoding", { encoding: "yaml" }, '"xml"'],
  ["Options.encoding", { encoding: 7 }, '"xml"'],
  ["Options.fetch", { fetch: "fetch" }, "must be a function"],
  ["Options.fetch", { fetch: null }, "must be a function"],
  ["Options.headers", { headers: "X: y" }, "must be an object"],
  ["Options.headers", { headers: null }, "must be an object"],
  ...["attemptMs", "totalMs", "maxInFlight"].flatMap((name) =>
    [0, -1, 1.5, NaN, Infinity, 2 ** 31, "5", true, {}].map(
      (value) =>
        /** @type {[string, object, string]} */ ([
          `Options.${name}`,
          { [name]: value },
          "from 1 to 2147483647",
        ]),
    ),
  ),
];

for (const [parameter, options, part] of BAD) {
  const shown = JSON.stringify(options, (_, value) => (typeof value === "number" ? String(value) : value));
  test(`${shown} is refused, and the error names ${parameter}`, () => {
    assert.throws(
      () => createAgentAPI(wrong(options)),
      (error) => {
        assert.ok(AgentApiError.is(error));
        const { code, operation, message } = error;
        assert.deepEqual(
          [code, operation, error.parameter],
          ["invalid-argument", "createAgentAPI", parameter],
        );
        assert.ok(message.startsWith(`createAgentAPI: ${parameter} `), message);
        assert.ok(message.includes(part), message);
        return true;
      },
    );
  });
}

test("all options are optional", () => {
  const names = ["host", "secure", "encoding", "attemptMs", "totalMs", "maxInFlight"];
  for (const options of [
    undefined,
    {},
    ...[null, undefined].map((none) => Object.fromEntries(names.map((name) => [name, none]))),
  ]) {
    const client = createAgentAPI(options);
    assert.throws(() => client.IO.GetHost(), { code: "no-host" });
    client.dispose();
  }
  createAgentAPI().dispose();
});

test("a client has the groups and methods of AgentAPI, and dispose", (context) => {
  const client = clientFor(context, server.host);
  assert.deepEqual(Object.keys(client).sort(), [...Object.keys(AgentAPI), "dispose"].sort());
  for (const group of /** @type {(keyof AgentAPI)[]} */ (Object.keys(AgentAPI))) {
    assert.deepEqual(Object.keys(client[group]), Object.keys(AgentAPI[group]));
  }
});

test("each client calls its own broker with its own session, even if their calls are mixed", async (context) => {
  const [work, home] = [clientFor(context, server.host), clientFor(context, other.host)];
  await Promise.all([logIn(work, server, "work.token"), logIn(home, other, "home.token")]);
  for (const each of [server, other]) {
    each.reset();
    each.always(ROSTER);
  }
  const calls = Array.from({ length: 40 }, (_, index) => (index % 2 ? home : work).Xmpp.GetRoster(index));
  await Promise.all(calls);
  for (const [recorder, token, rest] of /** @type {const} */ ([
    [server, "work.token", 0],
    [other, "home.token", 1],
  ])) {
    assert.equal(recorder.requests.length, 20);
    for (const { headers, body } of recorder.requests) {
      assert.equal(headers.authorization, `Bearer ${token}`);
      assert.equal(JSON.parse(body).offset % 2, rest, "a call went to the other's broker");
    }
  }
  other.answer(json({}));
  await home.Account.Logout();
  server.reset();
  server.answer(ROSTER);
  await work.Xmpp.GetRoster();
  assert.equal(server.requests[0].headers.authorization, "Bearer work.token", "its own session goes on");
});

test("a client's host and session do not change those of AgentAPI", async (context) => {
  const client = clientFor(context, server.host);
  await logIn(client, server);
  assert.throws(() => AgentAPI.IO.GetHost(), { code: "no-host" });
  AgentAPI.IO.SetHost(server.host, false);
  assert.equal((await rejection(AgentAPI.Xmpp.GetRoster())).code, "not-logged-in");
  assert.equal(server.requests.length, 1, "the login");
  AgentAPI.IO.SetHost(null);
  assert.equal(client.IO.GetHost(), server.host);
});

test("a getter among the arguments may call another client", async (context) => {
  const [outer, inner] = [clientFor(context, server.host), clientFor(context, other.host)];
  server.always(ROSTER);
  const options = {
    get timeoutMs() {
      return inner.IO.GetHost() === other.host ? 1000 : 1;
    },
  };
  await outer.Xmpp.GetRoster(0, 1, options);
  assert.equal(server.requests.length, 1);
  assert.deepEqual(other.requests, []);
});

test("headers are sent with each request to the broker, and nowhere else", async (context) => {
  const client = clientFor(context, server.host, { headers: { "X-Request-Source": "shop", "x-b": "ä" } });
  server.always(ROSTER);
  other.always(json({}));
  await client.Xmpp.GetRoster();
  await client.IO.Request("/x");
  await client.IO.Request(`http://${server.host}/x`, {});
  await client.IO.Request(`http://${other.host}/x`, {});
  assert.deepEqual(
    server.requests.map(({ headers }) => headers["x-request-source"]),
    ["shop", "shop", "shop"],
  );
  assert.deepEqual(
    [other.requests[0].headers["x-request-source"], other.requests[0].headers["x-b"]],
    [undefined, undefined],
  );
});

test("a remote login is sent without the client's headers", async (context) => {
  /** @type {unknown[]} */
  const sent = [];
  const fetch = fetchDouble(async (url, { headers }) => {
    sent.push([url, headers["X-Request-Source"]]);
    return new Response("no", { status: 400 });
  });
  const client = clientFor(context, server.host, { fetch, headers: { "X-Request-Source": "shop" } });
  await rejection(client.Account.RemoteQuickLogin("other.example", "legal@id", "To test"));
  await rejection(client.Account.DomainInfo());
  assert.deepEqual(sent, [
    ["https://other.example/Agent/Account/RemoteQuickLogin", undefined],
    [`http://${server.host}/Agent/Account/DomainInfo`, "shop"],
  ]);
});

for (const name of [
  "Authorization",
  "authorization",
  "Accept",
  "accept-language",
  "Content-Type",
  "Content-Length",
  "Cookie",
  "Host",
  "Origin",
  "Referer",
  "Proxy-Authorization",
  "Sec-Fetch-Mode",
  "Connection",
  "Transfer-Encoding",
  "TE",
  "Upgrade",
  "Expect",
  "Keep-Alive",
]) {
  test(`the header ${name} is reserved`, () => {
    assert.throws(
      () => createAgentAPI({ headers: { [name]: "s3cret" } }),
      ({ code, parameter, message }) =>
        code === "invalid-argument" &&
        parameter === "Options.headers" &&
        message.includes(name) &&
        !message.includes("s3cret"),
    );
  });
}

for (const [label, headers] of [
  ["a line break in a value", { "X-A": "s3cret\r\nAuthorization: x" }],
  ["a line feed in a value", { "X-A": "s3cret\nb" }],
  ["a NUL in a value", { "X-A": "s3cret\0" }],
  ["a character beyond Latin-1", { "X-A": "s3cret\u0100" }],
  ["a value that is a number", { "X-A": 7 }],
  ["a value that is an array", { "X-A": ["s3cret"] }],
  ["the class Headers", new Headers({ "X-A": "s3cret" })],
  ["pairs", [["X-A", "s3cret"]]],
  ["an empty name", { "": "s3cret" }],
  ["a colon in a name", { "X-A: b\r\nX-C": "s3cret" }],
  ["a space in a name", { "X A": "s3cret" }],
  ["a name beyond ASCII", { "X-Å": "s3cret" }],
]) {
  test(`headers with ${label} are refused, and the error shows no value`, () => {
    assert.throws(
      () => createAgentAPI({ headers: wrong(headers) }),
      ({ code, parameter, message }) =>
        code === "invalid-argument" && parameter === "Options.headers" && !message.includes("s3cret"),
    );
  });
}

test("headers are copied when the client is created", async (context) => {
  /** @type {Record<string, string>} */
  const headers = { "X-A": "1" };
  const client = clientFor(context, server.host, { headers });
  headers["X-A"] = "1\r\nX-B: 2";
  headers.Authorization = "Bearer mine";
  server.answer(ROSTER);
  await client.Xmpp.GetRoster();
  assert.equal(server.requests[0].headers["x-a"], "1");
  assert.equal(server.requests[0].headers.authorization, "Bearer kept.token");
});

test("a client uses the caller's fetch instead of the global one", async (context) => {
  /** @type {string[]} */
  const calls = [];
  const fetch = fetchDouble((url) => {
    calls.push(url);
    return Promise.resolve(new Response('{"RosterItems":[]}'));
  });
  const client = clientFor(context, server.host, { fetch });
  assert.deepEqual(await client.Xmpp.GetRoster(), { RosterItems: [] });
  assert.deepEqual(calls, [`http://${server.host}/Agent/Xmpp/GetRoster`]);
  assert.deepEqual(server.requests, []);
});

test("the option encoding applies to all of the client's calls", async (context) => {
  const client = clientFor(context, server.host, { encoding: "xml" });
  const [xml, plain] = [
    "<Roster xmlns='https://waher.se/Schema/BrokerAgent.xsd'/>",
    clientFor(context, server.host),
  ];
  server.answer(text(xml, 200, "text/xml"), ROSTER);
  assert.deepEqual(await client.Xmpp.GetRoster(), { RosterItems: [] });
  await plain.Xmpp.GetRoster();
  assert.deepEqual(
    server.requests.map(({ headers }) => headers.accept),
    ["text/xml", "application/json"],
  );
});

test("attemptMs is the timeout of an attempt, totalMs that of the call", async (context) => {
  server.always(() => {});
  const attempts = clientFor(context, server.host, { attemptMs: 20 });
  const error = await rejection(attempts.Xmpp.GetRoster());
  assert.deepEqual([error.code, error.attempts], ["timeout", 4]);
  assert.match(error.message, /within 20 ms/);
  const total = clientFor(context, server.host, { totalMs: 30 });
  const late = await rejection(total.Xmpp.GetRoster());
  assert.deepEqual([late.code, late.attempts], ["timeout", 1]);
  assert.match(late.message, /within 30 ms/);
});

test("maxInFlight bounds the requests of this client, the rest wait in order", async (context) => {
  let underWay = 0;
  let most = 0;
  /** @type {unknown[]} */
  const order = [];
  const fetch = fetchDouble(async (_, { body }) => {
    underWay += 1;
    most = Math.max(most, underWay);
    order.push(JSON.parse(body).offset);
    await pause(2);
    underWay -= 1;
    return new Response('{"RosterItems":[]}');
  });
  const client = clientFor(context, server.host, { fetch, maxInFlight: 3 });
  const offsets = Array.from({ length: 20 }, (_, offset) => offset);
  await Promise.all(offsets.map((offset) => client.Xmpp.GetRoster(offset)));
  assert.equal(most, 3);
  assert.deepEqual(order, offsets);
});
