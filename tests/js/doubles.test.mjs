// @ts-check
/**
 * Test doubles of `fetch`, whose responses lack much of what real ones have; and dates of brokers.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createAgentAPI } from "neuron-agent-api";
import { fetchDouble } from "../support/fetch-double.mjs";
import { rejection } from "../support/rejection.mjs";

const INFO = { domain: "neuron.example", useEncryption: true };
const IN_XML =
  '<DomainInfo xmlns="https://waher.se/Schema/BrokerAgent.xsd" domain="neuron.example" useEncryption="true"/>';
const BOM = "\ufeff";

/**
 * @param {import("node:test").TestContext} context
 * @param {...unknown} responses
 */
function clientOf(context, ...responses) {
  let next = 0;
  // The last one again and again.
  const fetch = fetchDouble(async () => responses[Math.min(next++, responses.length - 1)]);
  const client = createAgentAPI({ host: "neuron.example", fetch });
  context.after(() => client.dispose());
  return client;
}

const bytesOf = (/** @type {string} */ value) => new Response(value).body;

for (const [label, response, encoding = "json"] of /** @type {[string, object, "xml"?][]} */ ([
  ["is { ok, status, json }", { ok: true, status: 200, json: async () => INFO }],
  ["gives JSON at once", { ok: true, status: 200, json: () => INFO }],
  ["says ok instead of a status", { ok: true, json: async () => INFO }],
  ["is { ok, text }", { ok: true, text: async () => JSON.stringify(INFO) }],
  ["gives text at once", { status: 200, text: () => JSON.stringify(INFO) }],
  ["has a byte order mark in its text", { status: 200, text: async () => BOM + JSON.stringify(INFO) }],
  ["has a byte order mark in its bytes", { status: 200, body: bytesOf(BOM + JSON.stringify(INFO)) }],
  ["has a byte order mark before XML", { status: 200, text: async () => BOM + IN_XML }, "xml"],
  ["has a byte order mark in the bytes of XML", { status: 200, body: bytesOf(BOM + IN_XML) }, "xml"],
  [
    "has a body of another kind",
    { status: 200, body: { pipe() {} }, text: async () => JSON.stringify(INFO) },
  ],
  ["has no headers", { status: 200, headers: null, json: async () => INFO }],
])) {
  test(`a response that ${label} is understood`, async (context) => {
    const { Account } = clientOf(context, response);
    assert.deepEqual(await Account.DomainInfo(null, { encoding }), INFO);
  });
}

for (const [label, headers] of [
  ["an object", { "retry-after": "120" }],
  ["an object in capitals", { "Content-Type": "text/plain", "Retry-After": "120" }],
  ["a Map", new Map([["Retry-After", "120"]])],
  ["a Map in lower case", new Map([["retry-after", "120"]])],
  ["a list of pairs", [["Retry-After", "120"]]],
  ["Headers", new Headers({ "Retry-After": "120" })],
]) {
  test(`headers are read from ${label}`, async (context) => {
    const { Account } = clientOf(context, { ok: false, status: 503, headers, text: async () => "busy" });
    assert.equal((await rejection(Account.DomainInfo())).retryAfterMs, 120_000);
  });
}

test("a response with neither ok nor a status is a network error", async (context) => {
  const { Account } = clientOf(context, { ok: false, json: async () => INFO });
  assert.equal((await rejection(Account.DomainInfo())).code, "network");
});

for (const [retryAfter, date, ms] of /** @type {[string, string | undefined, number | undefined][]} */ ([
  // RFC 9110 §5.6.7, from a broker whose clock is years behind.
  ["Sun, 06 Nov 1994 08:51:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT", 120_000],
  ["Sunday, 06-Nov-94 08:51:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT", 120_000],
  ["Sun Nov  6 08:51:37 1994", "Sun, 06 Nov 1994 08:49:37 GMT", 120_000],
  ["Wed Nov 16 08:51:37 1994", "Wednesday, 16-Nov-94 08:49:37 GMT", 120_000],
  ["Sun, 06 Nov 1994 08:51:37 GMT", "Sun Nov  6 08:49:37 1994", 120_000],
  // An hour ahead of ours, and the header sent twice.
  ["Wed, 06 Nov 2999 09:51:37 GMT, Wed, 06 Nov 2999 09:51:37 GMT", "Wed, 06 Nov 2999 09:49:37 GMT", 120_000],
  ["Sun, 06 Nov 1994 08:49:36 GMT", "Sun, 06 Nov 1994 08:49:37 GMT", 0],
  ["120 , 120", undefined, 120_000],
  ["4294967296", undefined, 2 ** 32 - 1],
  ["Sun Nov  6 08:51:37 1994", undefined, 0],
  ["1994-11-06T08:51:37Z", "Sun, 06 Nov 1994 08:49:37 GMT", undefined],
  ["6 Nov 1994", "Sun, 06 Nov 1994 08:49:37 GMT", undefined],
])) {
  test(`Retry-After: ${retryAfter} at ${date} is retryAfterMs ${ms}`, async (context) => {
    const headers = { "Retry-After": retryAfter, ...(date && { Date: date }) };
    const { Account } = clientOf(context, new Response("busy", { status: 503, headers }));
    // A login is not tried again, whatever the pause.
    const error = await rejection(Account.Login("alice", "pw", 60));
    assert.equal(error.retryAfterMs, ms);
  });
}

test("an error message has the title and detail of problem details", async (context) => {
  const problem = JSON.stringify({ title: "No credit", detail: "It costs 50.", status: 403 });
  const headers = { "Content-Type": "application/problem+json" };
  const { Account } = clientOf(context, new Response(problem, { status: 403, headers }));
  const { message } = await rejection(Account.DomainInfo());
  assert.match(message, /refused with 403: No credit: It costs 50\./);
  assert.doesNotMatch(message, /[{}"]/);
});
