// @ts-check
/** `SendPresenceSubscription`: its request and its response. */

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { AgentAPI } from "neuron-agent-api";
import { json, startRecorder } from "../support/recorder.mjs";
import { rejection } from "../support/rejection.mjs";

const ITEM = { bareJid: "bob@example.org", pendingSubscription: true, status: "None", name: "" };
const subscribe = AgentAPI.Xmpp.SendPresenceSubscription;

/** @type {import("../support/recorder.mjs").Recorder} */
let server;
before(async () => {
  server = await startRecorder();
  AgentAPI.IO.SetHost(server.host, false);
});
after(() => server.stop());
beforeEach(() => server.reset());

async function logIn() {
  server.answer(json({ jwt: "the.token", expires: 1_700_000_000 }));
  await AgentAPI.Account.Login("alice", "pw", 600);
  server.reset();
}

test("a call with all four arguments sends the documented request", async () => {
  await logIn();
  server.answer(json({ sent: true, id: "id-1", RosterItem: { ...ITEM, Groups: ["Friends"] } }));
  const response = await subscribe("bob@example.org", "<a xmlns='urn:x'>å😀</a>", "sv", "id-1");
  assert.deepEqual(response, { sent: true, id: "id-1", RosterItem: { ...ITEM, Groups: ["Friends"] } });
  assert.equal(Object.getPrototypeOf(response), Object.prototype);

  const [request, ...others] = server.requests;
  assert.deepEqual(others, []);
  assert.equal(request.method, "POST");
  assert.equal(request.path, "/Agent/Xmpp/SendPresenceSubscription");
  assert.equal(request.headers["content-type"], "application/json");
  assert.equal(request.headers.accept, "application/json");
  assert.equal(request.headers.authorization, "Bearer the.token");
  assert.equal(
    request.body,
    '{"to":"bob@example.org","customXml":"<a xmlns=\'urn:x\'>å😀</a>","language":"sv","id":"id-1"}',
  );
});

for (const [label, rest] of [
  ["nothing", []],
  ["undefined", [undefined, undefined, undefined, undefined]],
  ["null", [null, null, null, null]],
  ["empty strings", ["", "", ""]],
]) {
  test(`optional arguments left out as ${label} send only the address`, async () => {
    server.answer(json({ sent: true, id: "x" }));
    await subscribe("bob@example.org", ...rest);
    assert.equal(server.requests[0].body, '{"to":"bob@example.org"}');
  });
}

test("requests have only the headers that a preflight has to allow", async () => {
  server.answer(json({ sent: true, id: "x" }));
  await subscribe("bob@example.org");
  const added = ["accept-encoding", "accept-language", "cache-control", "connection", "content-length"];
  added.push("host", "pragma", "sec-fetch-mode", "user-agent");
  const own = Object.keys(server.requests[0].headers).filter((name) => !added.includes(name));
  assert.deepEqual(own.sort(), ["accept", "authorization", "content-type"]);
});

test("a subscription that the broker did not send is reported in the response, not as an error", async () => {
  server.answer(json({ sent: false, id: "x" }));
  assert.deepEqual(await subscribe("bob@example.org"), { sent: false, id: "x" });
});

for (const [groups, expected] of [
  [undefined, []],
  [null, []],
  [[], []],
  [
    ["A", null, "B", ""],
    ["A", "B"],
  ],
]) {
  test(`Groups ${JSON.stringify(groups)} becomes ${JSON.stringify(expected)}`, async () => {
    server.answer(
      json({ sent: true, id: "x", unknown: 1, RosterItem: { ...ITEM, Groups: groups, more: {} } }),
    );
    const { RosterItem } = await subscribe("bob@example.org");
    assert.deepEqual(RosterItem, { ...ITEM, Groups: expected });
  });
}

for (const [body, part] of /** @type {[unknown, string][]} */ ([
  [[], "it is not an object"],
  [{ id: "x" }, "sent is missing"],
  [{ sent: 1, id: "x" }, "sent is not a boolean"],
  [{ sent: true, id: 7 }, "id is not a string"],
  [{ sent: true, id: "x", RosterItem: {} }, "RosterItem.bareJid is missing"],
  [{ sent: true, id: "x", RosterItem: { ...ITEM, Groups: "A" } }, "RosterItem.Groups is not an array"],
])) {
  test(`an answer of the wrong shape is refused: ${JSON.stringify(body)}`, async () => {
    server.answer(json(body));
    const error = await rejection(subscribe("bob@example.org"));
    assert.equal(error.code, "bad-response");
    assert.equal(error.status, 200);
    assert.ok(error.message.includes(part), error.message);
  });
}

test("a roster is read a page at a time", async () => {
  server.answer(json({ RosterItems: [{ ...ITEM, Groups: [] }] }), json({ RosterItems: null }));
  const { RosterItems } = await AgentAPI.Xmpp.GetRoster(10, 5);
  assert.deepEqual(RosterItems, [{ ...ITEM, Groups: [] }]);
  assert.deepEqual(await AgentAPI.Xmpp.GetRoster(), { RosterItems: [] });
  assert.deepEqual(
    server.requests.map(({ body }) => body),
    ['{"offset":10,"maxCount":5}', "{}"],
  );
});
