// @ts-check
/** The test broker answers as the real local broker does: the same status, headers and body. */

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, before, test } from "node:test";
import { createTestBroker } from "neuron-agent-api/testing";
import { startBroker } from "../support/broker.mjs";

const JSON_TYPE = { "content-type": "application/json" };
const XML = { "content-type": "text/xml", accept: "text/xml" };
const XMLNS = 'xmlns="https://waher.se/Schema/BrokerAgent.xsd"';

/** @typedef {{ path: string, method?: string, headers?: Record<string, string>, body?: BodyInit, token?: string }} Trial */

/** Requests of alice's, one after the other. @type {Trial[]} */
const TRIALS = [
  { path: "Xmpp/SendTextMessage", body: '{"to":"bob@localhost","message":"Hello","id":"m1"}' },
  { path: "Xmpp/SendPresenceSubscription", body: '{"to":"bob@localhost","id":"s1","language":"sv"}' },
  { path: "Xmpp/GetRoster", body: "{}" },
  { path: "Xmpp/GetRoster", headers: XML, body: `<GetRoster ${XMLNS}/>` },
  { path: "Xmpp/GetRosterItem", body: '{"bareJid":"bob@localhost"}' },
  { path: "Xmpp/GetRosterItem", body: '{"bareJid":"nobody@localhost"}' },
  { path: "Xmpp/PopMessages", body: '{"maxCount":10}' },
  { path: "Xmpp/PopMessages", body: '{"maxCount":0}' },
  {
    path: "Xmpp/InformationQuery",
    body: '{"to":"localhost","type":"get","content":"<ping xmlns=\'urn:xmpp:ping\'/>"}',
  },
  { path: "Account/DomainInfo", headers: { ...JSON_TYPE, "accept-language": "sv, en;q=0.5" }, method: "GET" },
  { path: "Account/DomainInfo", body: "{}" },
  { path: "Account/AuthenticateJwt", body: '{"token":"a.b.c"}' },
  { path: "Account/CreateWebForm", body: "{}" },
  { path: "Crypto/GetAlgorithms", body: "{}" },
  { path: "Wallet/GetBalance", body: "{}" },
  { path: "Storage/SavePrivateXml", body: '{"xml":"<a xmlns=\'urn:x\'/>"}' },
  { path: "Storage/LoadPrivateXml", body: '{"localName":"a","namespace":"urn:x"}' },
  { path: "Storage/Content/a.txt", method: "PUT", headers: { "content-type": "text/plain" }, body: "hello" },
  { path: "Storage/Content/a.txt", method: "GET", headers: {} },
  { path: "Storage/Content/a.txt", method: "HEAD", headers: {} },
  { path: "Storage/Content/none.txt", method: "GET", headers: {} },
  { path: "Storage/Content/a/%2e%2e/b", method: "GET", headers: {} },
  { path: "Storage/Content/a.txt", method: "DELETE", headers: {} },
  // What the Agent API does not want.
  { path: "Nowhere", body: "{}" },
  { path: "Xmpp/GetRoster", method: "GET", headers: {} },
  { path: "Xmpp/GetRoster", method: "OPTIONS", headers: {} },
  { path: "Xmpp/GetRoster", body: "{" },
  { path: "Xmpp/GetRoster", body: '{"unknown":1}' },
  { path: "Xmpp/GetRoster", body: '{"maxCount":"many"}' },
  { path: "Xmpp/GetRoster", headers: { "content-type": "text/plain" }, body: "{}" },
  { path: "Xmpp/GetRoster", headers: { ...JSON_TYPE, accept: "image/png" }, body: "{}" },
  { path: "Xmpp/GetRoster", headers: { ...JSON_TYPE, "content-encoding": "gzip" }, body: "{}" },
  { path: "Xmpp/GetRoster", headers: XML, body: "<a/>" },
  { path: "Xmpp/GetRoster", body: "{}", token: "" },
  { path: "Xmpp/GetRoster", body: "{}", token: "wrong" },
  { path: "Account/Login", body: '{"userName":"alice","nonce":"n","signature":"s","seconds":60}', token: "" },
  { path: "Xmpp/SendXmlMessage", body: `{"to":"bob@localhost","xml":"${"x".repeat(9 * 1024 * 1024)}"}` },
];

/** What differs from broker to broker: ids, times, and what is signed. */
const OWN = [
  [/\b[0-9a-f]{16,}\b/g, "ID"],
  [/"(id|received|created|updated|timestamp)":("[^"]*"|\d+)/g, '"$1":OWN'],
  [/[\w-]{20,}\.[\w-]{20,}\.[\w-]{20,}/g, "TOKEN"],
];

/** Headers that the network adds, and what only a page of another origin needs. */
const IGNORED = ["date", "connection", "keep-alive", "transfer-encoding", "vary", "content-length"];

/** @typedef {(url: string, init: RequestInit) => Promise<Response>} Fetch */

/** @type {Awaited<ReturnType<typeof startBroker>>} */
let local;
before(async () => {
  local = await startBroker("--account", "alice:pw", "--account", "bob:pw", "--api-key", "k:s");
});
after(() => local.stop());

/**
 * @param {Fetch} fetch
 * @param {string} host
 */
async function tokenAt(fetch, host) {
  const nonce = "n".repeat(32);
  const signature = createHmac("sha256", "pw").update(`alice:${host}:${nonce}`).digest("base64");
  const response = await fetch(`http://${host}/Agent/Account/Login`, {
    method: "POST",
    headers: { ...JSON_TYPE, accept: "application/json" },
    body: JSON.stringify({ userName: "alice", nonce, signature, seconds: 600 }),
  });
  const { jwt } = await response.json();
  assert.ok(jwt, `status ${response.status}`);
  return jwt;
}

/**
 * All that the trials are answered.
 *
 * @param {Fetch} fetch
 * @param {string} host
 */
async function answers(fetch, host) {
  const own = await tokenAt(fetch, host);
  const all = [];
  for (const { path, method = "POST", headers = JSON_TYPE, body, token = own } of TRIALS) {
    const authorization = /** @type {Record<string, string>} */ (
      token ? { authorization: `Bearer ${token}` } : {}
    );
    const response = await fetch(`http://${host}/Agent/${path}`, {
      method,
      headers: { ...headers, ...authorization },
      body: method === "GET" ? undefined : body,
    });
    const text = await response.text();
    const heads = [...response.headers].filter(
      ([name]) => !IGNORED.includes(name) && !name.startsWith("access-control-"),
    );
    const shown = OWN.reduce(
      (changed, [what, by]) => changed.replaceAll(what, /** @type {string} */ (by)),
      text,
    );
    all.push({
      request: `${method} ${path}`,
      status: response.status,
      heads: Object.fromEntries(heads),
      shown,
    });
  }
  return all;
}

test("a set of requests is answered by both as one", async () => {
  const broker = createTestBroker({ accounts: { alice: "pw", bob: "pw" }, apiKeys: { k: "s" } });
  const [inProgram, overNetwork] = [
    await answers(/** @type {Fetch} */ (broker.fetch), local.host),
    await answers(fetch, local.host),
  ];
  assert.equal(inProgram.length, TRIALS.length);
  for (const [index, answer] of inProgram.entries()) assert.deepEqual(answer, overNetwork[index]);
  // Neither one status only, nor the same mistake everywhere.
  assert.deepEqual(
    [...new Set(inProgram.map(({ status }) => status))].sort(),
    [200, 204, 400, 401, 404, 405, 406, 413, 415, 501],
  );
});
