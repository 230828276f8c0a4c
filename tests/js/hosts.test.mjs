// @ts-check
/** Every form of a host is normalized to that of a URL. */

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { createAgentAPI } from "neuron-agent-api";
import { fetchDouble } from "../support/fetch-double.mjs";
import { rejection } from "../support/rejection.mjs";
import { storeOf } from "../support/stores.mjs";

const GRANT = { jwt: "the.token", expires: 0 };

/**
 * A client, and the requests that it sent.
 *
 * @param {import("node:test").TestContext} context
 * @param {import("neuron-agent-api").ClientOptions} options
 */
function clientOf(context, options) {
  /** @type {{ url: string, headers: Record<string, string>, body: any }[]} */
  const calls = [];
  const fetch = fetchDouble(async (url, { headers, body }) => {
    calls.push({ url, headers, body: body && JSON.parse(body) });
    return Response.json(GRANT);
  });
  const client = createAgentAPI({ fetch, ...options });
  context.after(() => client.dispose());
  return { ...client, calls };
}

for (const [given, secure, host] of /** @type {[string, boolean, string][]} */ ([
  ["[0:0:0:0:0:0:0:1]:8080", false, "[::1]:8080"],
  ["[2001:DB8:0:0:1:0:0:1]:443", true, "[2001:db8::1:0:0:1]"],
  ["[2001:db8:0:1:1:1:1:1]", true, "[2001:db8:0:1:1:1:1:1]"],
  ["[::ffff:127.0.0.1]", true, "[::ffff:7f00:1]"],
  ["Neuron.Example.ORG:443", true, "neuron.example.org"],
  ["LOCALHOST:80", false, "localhost"],
  ["localhost:80", true, "localhost:80"],
  ["localhost.:8080", false, "localhost.:8080"],
  ["neuron.example.org.", true, "neuron.example.org."],
  ["bücher.example", true, "xn--bcher-kva.example"],
  ["BÜCHER.example:8443", true, "xn--bcher-kva.example:8443"],
  ["xn--bcher-kva.example", true, "xn--bcher-kva.example"],
  ["例え.テスト", true, "xn--r8jz45g.xn--zckzah"],
  ["my_box:1", true, "my_box:1"],
  ["127.0.0.1:08080", false, "127.0.0.1:8080"],
])) {
  test(`${given} is signed, sent to, compared and kept as ${host}`, async (context) => {
    const map = new Map();
    const { IO, Account, calls } = clientOf(context, { host: given, secure, store: storeOf(map) });
    const url = `${secure ? "https" : "http"}://${host}`;
    assert.deepEqual([IO.GetHost(), IO.GetBaseURL()], [host, url]);
    await Account.Login("alice", "pw", 600);
    const [{ url: address, body }] = calls;
    assert.equal(new URL(address).host, host);
    const message = `alice:${host}:${body.nonce}`;
    assert.equal(body.signature, createHmac("sha256", "pw").update(message).digest("base64"));
    assert.equal(map.get(`AgentAPI@${host}.Broker`), url);
    // However it is written, it is the broker that the token is for.
    IO.SetHost(host, secure);
    await IO.Request(`${url}/x`);
    await IO.Request(`${secure ? "https" : "http"}://${given}/x`);
    for (const { headers } of calls.slice(1)) assert.equal(headers.Authorization, "Bearer the.token");
    assert.deepEqual(
      calls.slice(1).map(({ url }) => url),
      [`${url}/x`, `${url}/x`],
    );
  });
}

test("a client finds the session of another client that wrote the host in another form", async (context) => {
  const map = new Map();
  const store = storeOf(map);
  await clientOf(context, { host: "[0:0::1]:8080", secure: false, store }).Account.Login("alice", "pw", 600);
  const { IO, calls } = clientOf(context, { host: "[::1]:8080", secure: false, store });
  await IO.Request("/x");
  assert.equal(calls[0].headers.Authorization, "Bearer the.token");
});

for (const host of [
  "https://a.b",
  "a.b/c",
  "a@b",
  "u:p@a",
  "a b",
  "a.b:0",
  "a.b:65536",
  "a.b:+1",
  "a.b:1:2",
  "a.b?c",
  "a.b#c",
  "a.b\\c",
  "a.b\n",
  "\ta.b",
  "a..b",
  ".a",
  ".",
  "a..",
  "256.0.0.1",
  "[::1",
  "::1",
  "[x]",
  "[::1]x",
  "[::1%25eth0]",
  "a%2eb",
  "a.b:8080/",
  'a"b',
  "a,b",
  "a;b",
  "a*b",
  "\u00ad",
  "a".repeat(64),
  `${"a.".repeat(130)}b`,
  "xn--\u00fc",
]) {
  test(`${JSON.stringify(host.slice(0, 30))} is refused as a host`, async (context) => {
    const { IO, Account, calls } = clientOf(context, { host: "neuron.example" });
    assert.throws(() => IO.SetHost(host), { code: "invalid-argument", parameter: "Host" });
    assert.throws(() => createAgentAPI({ host }), { code: "invalid-argument", parameter: "Options.host" });
    const error = await rejection(Account.RemoteQuickLogin(host, "legal@id", "To test"));
    assert.deepEqual([error.code, error.parameter], ["invalid-argument", "Domain"]);
    assert.equal(calls.length, 0);
  });
}

test("plain http goes to this machine, in whatever form, and to no other", async (context) => {
  for (const [host, code] of [
    ["[0:0:0:0:0:0:0:1]:8080", undefined],
    ["LOCALHOST.:8080", undefined],
    ["broker.localhost.", undefined],
    ["127.1:8080", undefined],
    ["[::2]", "insecure-host"],
    ["127.0.0.1.example", "insecure-host"],
    ["localhost.example", "insecure-host"],
    ["0.0.0.0", "insecure-host"],
  ]) {
    const { IO } = clientOf(context, { host, secure: false });
    const outcome = await IO.Request("/x").then(
      () => undefined,
      (error) => error.code,
    );
    assert.equal(outcome, code, host);
  }
});
