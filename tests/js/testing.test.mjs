// @ts-check
/** The entry `neuron-agent-api/testing`: clients of a broker that is in this program. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { AgentApiError, createAgentAPI } from "neuron-agent-api";
import { createTestBroker } from "neuron-agent-api/testing";
import { until } from "../support/client.mjs";
import { rejection } from "../support/rejection.mjs";

const HOST = "neuron.example.org";
const DOMAIN = "example.org";
const BOB = "bob@example.org";
const ACCOUNTS = { alice: "pw", bob: { password: "builder", legalId: "1@legal.example.org" } };

/** @typedef {import("neuron-agent-api/testing").TestBroker} TestBroker */
/** @typedef {import("neuron-agent-api").AgentAPI} AgentAPI */
/** @typedef {{ after: (end: () => void) => void }} Context */

/** @param {import("neuron-agent-api/testing").TestBrokerOptions} [options] */
const start = (options) => createTestBroker({ accounts: ACCOUNTS, domain: DOMAIN, ...options });

/** What each client has sent last to show who it is. @type {WeakMap<AgentAPI, string>} */
const authorizations = new WeakMap();

/**
 * A client that has logged in.
 *
 * @param {Context} context
 * @param {TestBroker} broker
 * @param {"alice" | "bob"} name
 * @param {import("neuron-agent-api").Encoding} [encoding]
 */
async function logIn(context, broker, name, encoding = "json") {
  /** @type {import("neuron-agent-api").Fetch} */
  const fetch = (url, options) => {
    authorizations.set(client, new Headers(options?.headers).get("authorization") ?? "");
    return broker.fetch(url, options);
  };
  const client = createAgentAPI({ host: HOST, fetch });
  context.after(() => client.dispose());
  client.IO.SetEncoding(encoding);
  await client.Account.Login(name, { alice: "pw", bob: "builder" }[name], 3600);
  return client;
}

for (const encoding of /** @type {const} */ (["json", "xml"])) {
  test(`alice subscribes and bob accepts, in ${encoding}`, async (context) => {
    const broker = start();
    const alice = await logIn(context, broker, "alice", encoding);
    const bob = await logIn(context, broker, "bob", encoding);
    const { sent, id } = await alice.Xmpp.SendPresenceSubscription(
      BOB,
      '<nick xmlns="x">Al</nick>',
      "sv",
      "s1",
    );
    assert.deepEqual([sent, id], [true, "s1"]);
    const { Messages } = await bob.Xmpp.PopMessages(10);
    assert.deepEqual(
      Messages.map(({ type, lang }) => [type, lang]),
      [["subscribe", "sv"]],
    );
    await bob.Xmpp.SendSubscriptionAccepted("alice@example.org", "s1");
    const { RosterItems } = await alice.Xmpp.GetRoster();
    assert.deepEqual(
      RosterItems.map(({ bareJid, status }) => [bareJid, status]),
      [[BOB, "To"]],
    );
    await bob.Xmpp.SendTextMessage("alice@example.org", "Hello");
    const messages = (await alice.Xmpp.PopMessages(10)).Messages.filter(({ Content }) =>
      Content.some(({ __name }) => __name === "body"),
    );
    assert.equal(messages.length, 1);
    const sentBodies = broker.requests.filter(({ resource }) => resource === "Xmpp/SendPresenceSubscription");
    assert.deepEqual(sentBodies, [
      {
        method: "POST",
        url: `https://${HOST}/Agent/Xmpp/SendPresenceSubscription`,
        path: "/Agent/Xmpp/SendPresenceSubscription",
        resource: "Xmpp/SendPresenceSubscription",
        headers: sentBodies[0].headers,
        body: { to: BOB, customXml: '<nick xmlns="x">Al</nick>', language: "sv", id: "s1" },
        fault: undefined,
        status: 200,
      },
    ]);
  });
}

test("a host of any name may be called, and several brokers know nothing of each other", async (context) => {
  const [one, other] = [start(), start()];
  const alice = await logIn(context, one, "alice");
  await alice.Storage.SavePrivateXml("<a xmlns='urn:x'/>");
  const answer = await other.fetch(`https://${HOST}/Agent/Account/Info`, {
    method: "POST",
    headers: { authorization: `${authorizations.get(alice)}`, "content-type": "application/json" },
    body: "{}",
  });
  assert.equal(answer.status, 401);
  const local = createAgentAPI({ host: "127.0.0.1:1", secure: false, fetch: other.fetch });
  context.after(() => local.dispose());
  await local.Account.Login("alice", "pw", 60);
  const { userName } = await local.Account.Info();
  assert.equal(userName, "alice");
});

test("a token expires by the broker's clock, and the session is lost", async (context) => {
  const broker = start();
  const alice = await logIn(context, broker, "alice");
  /** @type {string[]} */
  const events = [];
  alice.Account.OnSessionChange(({ type }) => events.push(type));
  broker.clock.advance(3599_000);
  await alice.Account.Info();
  broker.clock.advance(7200_000);
  const error = await rejection(alice.Account.Info());
  assert.equal(error.code, "unauthorized");
  assert.deepEqual(events, ["lost"]);
});

test("the clock can be that of a test, and goes no way back", () => {
  let now = 1_000_000;
  const broker = start({ clock: { now: () => now } });
  now += 500;
  broker.clock.advance(250);
  assert.equal(broker.clock.now(), 1_000_750);
  for (const wrong of [-1, Number.NaN, Number.POSITIVE_INFINITY, undefined, null, true, "60", [5]]) {
    assert.throws(
      () => broker.clock.advance(/** @type {any} */ (wrong)),
      { name: "TypeError", message: /must be in milliseconds/ },
      `${wrong}`,
    );
  }
  broker.reset();
  assert.equal(broker.clock.now(), 1_000_500);
});

test("fake timers move the broker with the client", async (context) => {
  context.mock.timers.enable({ apis: ["Date", "setTimeout"], now: 1_800_000_000_000 });
  const broker = start();
  const alice = await logIn(context, broker, "alice");
  await alice.Account.Info();
  const first = authorizations.get(alice);
  context.mock.timers.tick(3500_000);
  await alice.Account.Info();
  assert.notEqual(authorizations.get(alice), first, "the library has exchanged its token");
});

/** Each fault, what a client makes of it that sends once, and whether the broker has handled the request. */
const FAULTS = /** @type {const} */ ([
  ["reset", "network", false],
  ["lost", "network", true],
  ["hang", "timeout", true],
  ["truncate", "network", true],
  ["html", "bad-response", true],
  ["empty", "bad-response", true],
  ["wrong", "bad-response", true],
  ["big", "bad-response", true],
  ["slow", "timeout", true],
  [{ status: 503 }, "unavailable", false],
  [{ status: 429, retryAfter: 60 }, "rate-limited", false],
  [{ status: 502 }, "server-error", false],
]);

for (const [fault, code, isHandled] of FAULTS) {
  test(`the fault ${JSON.stringify(fault)} gives ${code}, and the next call succeeds`, async (context) => {
    const broker = start();
    const alice = await logIn(context, broker, "alice");
    alice.IO.SetTimeout({ attemptMs: 300, totalMs: 300 });
    broker.faults.add(typeof fault === "string" ? { fault, times: 9 } : { ...fault, times: 9 });
    const error = await rejection(alice.Xmpp.SendTextMessage({ To: BOB, Message: "once", Id: "m1" }));
    assert.ok(AgentApiError.is(error));
    assert.equal(error.code, code);
    broker.faults.clear();
    const bob = await logIn(context, broker, "bob");
    const { Messages } = await bob.Xmpp.PopMessages(10);
    assert.equal(Messages.length > 0, isHandled);
    assert.ok((await alice.Account.Info()).userName);
    const [name] = broker.requests.flatMap((request) => request.fault ?? []);
    assert.equal(name, typeof fault === "string" ? fault : `status=${fault.status}`);
  });
}

test("a call that may be repeated recovers from a fault, after as long as the network says", async (context) => {
  const broker = start();
  const alice = await logIn(context, broker, "alice");
  broker.faults.add("lost", { resource: "Xmpp/GetRoster", status: 503, retryAfter: 0 });
  assert.deepEqual((await alice.Xmpp.GetRoster()).RosterItems, []);
  assert.equal(broker.faults.pending, 0);
  const rosters = broker.requests.filter(({ resource }) => resource === "Xmpp/GetRoster");
  assert.deepEqual(
    rosters.map(({ fault, status }) => [fault, status]),
    [
      ["lost", undefined],
      ["status=503", 503],
      [undefined, 200],
    ],
  );
});

test("a subscription whose response is lost is found in the roster", async (context) => {
  const broker = start();
  const alice = await logIn(context, broker, "alice");
  broker.faults.add({ resource: "Xmpp/SendPresenceSubscription", fault: "lost" });
  const { sent, reconciled } = await alice.Xmpp.SendPresenceSubscription(BOB);
  assert.deepEqual([sent, reconciled], [true, true]);
});

test("a delay counts by the broker's clock, and ends when the caller aborts", async (context) => {
  const broker = start();
  const alice = await logIn(context, broker, "alice");
  broker.faults.add({ delayMs: 3_600_000, times: 2 });
  const roster = alice.Xmpp.GetRoster();
  await until(() => broker.requests.some(({ resource }) => resource === "Xmpp/GetRoster"));
  broker.clock.advance(3_600_000);
  // Its token has expired meanwhile, as on a network that slow.
  assert.equal((await rejection(roster)).code, "unauthorized");
  const controller = new AbortController();
  const late = broker.fetch(`https://${HOST}/Agent/Account/DomainInfo`, { signal: controller.signal });
  controller.abort(new Error("enough"));
  await assert.rejects(late, { message: "enough" });
  await assert.rejects(broker.fetch("https://x/", { signal: controller.signal }), { message: "enough" });
});

test("a function decides for each request, and what it does wrong is said", async (context) => {
  const broker = start({ faults: ({ method }) => (method === "PUT" ? "reset" : undefined) });
  const alice = await logIn(context, broker, "alice");
  assert.equal(
    (await rejection(alice.Storage.Put("/Agent/Storage/Content/a.txt", "a", "Private"))).code,
    "network",
  );
  broker.faults.clear();
  broker.faults.add(() => /** @type {any} */ ("trunkate"));
  const answer = await broker.fetch("https://x/Agent/Account/Info", { method: "POST" });
  assert.equal(answer.status, 500);
  assert.match(await answer.text(), /unknown fault "trunkate"; expected reset, lost/);
  broker.faults.clear();
  broker.faults.add(() => {
    throw new Error("mine");
  });
  assert.match(await (await broker.fetch("https://x/")).text(), /function failed: mine/);
});

for (const [rule, sentence] of /** @type {[unknown, RegExp][]} */ ([
  ["trunkate", /unknown fault "trunkate"; expected reset, lost/],
  [null, /a fault is one of/],
  [{}, /has a name \(fault\), a status or a delay/],
  [{ fault: "lost", status: 503 }, /a name or a status, not both/],
  [{ status: 200 }, /from 400 to 599/],
  [{ fault: "lost", retryAfter: 1 }, /retryAfter needs a status/],
  [{ status: 503, retryAfter: -1 }, /retryAfter must be/],
  [{ delayMs: "1" }, /delayMs must be/],
  [{ fault: "lost", times: 0 }, /times must be/],
  [{ fault: "lost", resource: "Xmpp.GetRoster" }, /such as "Xmpp\/GetRoster"/],
  [{ fault: "lost", after: 1 }, /unknown property after/],
])) {
  test(`the rule ${JSON.stringify(rule)} is refused`, () => {
    const broker = start();
    assert.throws(() => broker.faults.add(/** @type {any} */ (rule)), {
      name: "TypeError",
      message: sentence,
    });
    assert.equal(broker.faults.pending, 0);
  });
}

for (const [options, sentence] of /** @type {[unknown, RegExp][]} */ ([
  [{ account: {} }, /unknown option account/],
  [7, /Options must be an object/],
  [{ accounts: ["alice"] }, /accounts must be an object/],
  [{ accounts: { alice: 7 } }, /accounts\.alice must be a password/],
  [{ accounts: { alice: "" } }, /the password of "alice" is empty/],
  [{ accounts: { "a@b": "pw" } }, /"a@b" is not a user name/],
  [{ accounts: { alice: { password: "a", legalId: 1 } } }, /accounts\.alice\.legalId/],
  [{ domain: "a b" }, /not a domain/],
  [{ domain: 1 }, /domain must be a string/],
  [{ clock: 1 }, /clock must have a method now\(\)/],
  [{ seed: {} }, /seed must be/],
  [{ faults: ["x"] }, /unknown fault "x"/],
])) {
  test(`the options ${JSON.stringify(options)} are refused`, () => {
    assert.throws(() => createTestBroker(/** @type {any} */ (options)), {
      name: "TypeError",
      message: sentence,
    });
  });
}

test("a seed makes ids and tokens reproducible", async (context) => {
  const run = async (/** @type {string | number | undefined} */ seed) => {
    const broker = start({ seed, clock: { now: () => 1_800_000_000_000 } });
    const alice = await logIn(context, broker, "alice");
    const { id } = await alice.Xmpp.SendTextMessage(BOB, "Hello");
    return [id, authorizations.get(alice)];
  };
  const known = await run(7);
  assert.match(known.join(" "), /^\S+ Bearer \S+$/);
  assert.deepEqual(await run("7"), known);
  for (const other of [await run(8), await run(undefined)]) {
    assert.notEqual(other[0], known[0]);
    assert.notEqual(other[1], known[1]);
  }
});

test("no secret is in the log, and a body in XML is shown as in JSON", async (context) => {
  const broker = start();
  const alice = await logIn(context, broker, "alice", "xml");
  await alice.Account.AuthenticateJwt("hush.hush.hush").catch(() => {});
  const token = `${authorizations.get(alice)?.replace("Bearer ", "")}`;
  assert.ok(token.length > 50);
  const [login] = broker.requests;
  assert.deepEqual(login.body, {
    userName: "alice",
    nonce: "[masked]",
    signature: "[masked]",
    seconds: 3600,
  });
  const log = JSON.stringify(broker.requests);
  assert.ok(log.includes('"authorization":"Bearer [masked]"'), log);
  for (const secret of [token, "hush"]) assert.ok(!log.includes(secret), log);
});

test("files go up and down", async (context) => {
  const broker = start();
  const alice = await logIn(context, broker, "alice");
  const bytes = Uint8Array.from({ length: 300_000 }, (_, index) => index % 251);
  const file = new Blob([bytes], { type: "image/png" });
  const { url } = await alice.Storage.Upload(file, "a.png", "Private");
  assert.deepEqual(broker.requests.at(-1)?.body, {
    Visibility: "Private",
    ContentId: "a.png",
    Content: { mediaType: "image/png", size: 300_000 },
  });
  await alice.Storage.Put(url, bytes.subarray(1), "Private", "image/png");
  assert.deepEqual(broker.requests.at(-1)?.body, bytes.subarray(1));
  const { Content, ContentType } = await alice.Storage.Download(url);
  assert.deepEqual([new Uint8Array(Content), ContentType], [bytes.subarray(1), "image/png"]);
  const head = await broker.fetch(url, {
    method: "HEAD",
    headers: { authorization: `${authorizations.get(alice)}` },
  });
  assert.deepEqual([head.status, head.headers.get("content-length"), await head.text()], [200, "299999", ""]);
});

test("accounts are created with an API key, and verified by the code in the mail", async (context) => {
  const broker = start({ apiKeys: { key: "secret" } });
  const client = createAgentAPI({ host: HOST, fetch: broker.fetch });
  context.after(() => client.dispose());
  await client.Account.Create({
    UserName: "eve",
    EMail: "eve@example.org",
    Password: "pw",
    ApiKey: "key",
    Secret: "secret",
    Seconds: 3600,
  });
  assert.deepEqual(
    broker.mail.map(({ to }) => to),
    ["eve@example.org"],
  );
  const [code] = /\d{6}/.exec(broker.mail[0].text) ?? [];
  await client.Account.VerifyEMail("eve@example.org", Number(code));
  assert.equal((await client.Account.Info()).userName, "eve");
});

test("an account may be added later, and a reset forgets it all", async (context) => {
  const broker = start({ faults: ["reset"] });
  broker.addAccount("carol", "pw");
  assert.throws(() => broker.addAccount("a b", "pw"), { message: /addAccount: .*not a user name/ });
  broker.faults.clear();
  const client = createAgentAPI({ host: HOST, fetch: broker.fetch });
  context.after(() => client.dispose());
  await client.Account.Login("carol", "pw", 60);
  broker.clock.advance(1);
  broker.reset();
  assert.deepEqual([broker.requests, broker.mail, broker.faults.pending], [[], [], 1]);
  broker.faults.clear();
  assert.equal((await rejection(client.Account.Login("carol", "pw", 60))).code, "unauthorized");
});

test("other paths are not found, and neither are other origins asked for anything", async () => {
  const broker = start();
  for (const path of ["/", "/Agent/Xmpp/Nowhere", "/ClientEventsWS"]) {
    const response = await broker.fetch(`https://${HOST}${path}`);
    assert.deepEqual([response.status, response.url], [404, `https://${HOST}${path}`]);
  }
  assert.equal(broker.requests[0].resource, undefined);
});
