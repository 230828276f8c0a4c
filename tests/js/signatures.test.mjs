// @ts-check
/**
 * What the passwords sign, resource by resource: the table of the contract written down here once more, and
 * the signatures made by Node's own cryptography.
 */

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { createAgentAPI } from "neuron-agent-api";

const DESCRIPTION = JSON.parse(await readFile(new URL("../../docs/openapi.json", import.meta.url), "utf8"));

const HOST = "neuron.example";
const KEY = { localName: "ed448", namespace: "urn:nf:iot:e2e:1.0", id: "key1", password: "nyckel:å" };
const KEY_ARGUMENTS = [KEY.localName, KEY.namespace, KEY.id, KEY.password, "lösenord"];
const S1 = ["alice", HOST, KEY.localName, KEY.namespace, KEY.id].join(":");
const KEY_SIGNATURE = hmac(KEY.password, S1);

/**
 * Arguments behind those of the key, and what is signed behind the key's signature: a name stands for a
 * property of the body.
 *
 * @type {Record<string, [group: string, values: unknown[], signed: (body: Record<string, any>) => unknown[]]>}
 */
const ROWS = {
  ApplyId: [
    "Legal",
    [
      new Map([
        ["10", "ten"],
        ["FIRST", "Åsa"],
        ["2", "two"],
      ]),
    ],
    ({ nonce }) => [nonce, "10", "ten", "FIRST", "Åsa", "2", "two"],
  ],
  AddIdAttachment: [
    "Legal",
    ["id@x", "SGk=", "Photo.png", "image/png"],
    ({ nonce }) => [nonce, "SGk=", "Photo.png", "image/png", "id@x"],
  ],
  ReadyForApproval: ["Legal", ["id@x"], ({ nonce }) => [nonce, "id@x"]],
  SignContract: [
    "Legal",
    ["contract@x", "id@x", "Lender"],
    ({ nonce }) => [nonce, "id@x", "contract@x", "Lender"],
  ],
  SignData: ["Legal", ["id@x", "SGk="], () => ["SGk=", "id@x"]],
  PetitionId: ["Legal", ["id@x", "other@x", "p1", "To: see"], () => ["p1", "To: see", "id@x", "other@x"]],
  PetitionPeerReview: ["Legal", ["id@x", "other@x", "p1", "Why"], () => ["p1", "Why", "id@x", "other@x"]],
  PetitionSignature: [
    "Legal",
    ["id@x", "other@x", "p1", "Why", "SGk="],
    () => ["p1", "Why", "id@x", "other@x", "SGk="],
  ],
  Transfer: ["Account", ["1234"], ({ nonce }) => [nonce, "1234"]],
  "Transfer without PIN": ["Account", [], ({ nonce }) => [nonce]],
};

/**
 * @param {string} key
 * @param {string} text
 */
function hmac(key, text) {
  return createHmac("sha256", key).update(text).digest("base64");
}

/** @typedef {{ input?: string, ifGiven?: true, pairs?: string, of?: string }} Part */

/**
 * What a part of a signature is, by the description for other languages alone.
 *
 * @param {Part} part
 * @param {Record<string, any>} inputs
 * @returns {string[]}
 */
function textsOf({ input, ifGiven, pairs, of }, inputs) {
  if (pairs) return inputs[pairs].flatMap(Object.values);
  if (of) return [of === "host" ? HOST : "alice"];
  return ifGiven && !(String(input) in inputs) ? [] : [inputs[String(input)]];
}

/** Logs in, and gives the bodies of the requests after it. */
async function client(status = 400) {
  /** @type {Record<string, any>[]} */
  const bodies = [];
  const api = createAgentAPI({
    host: HOST,
    store: "memory",
    fetch: async (url, init) => {
      if (`${url}`.endsWith("/Login")) {
        return Response.json({ jwt: "a.b.c", expires: Math.floor(Date.now() / 1000) + 3600 });
      }
      bodies.push(JSON.parse(`${init?.body}`));
      return new Response("no", { status });
    },
  });
  await api.Account.Login("alice", "lösenord", 3600);
  return { api, bodies };
}

for (const [row, [group, values, signed]] of Object.entries(ROWS)) {
  const [method] = row.split(" ");
  test(`${group}.${row} is signed as the contract says`, async () => {
    const { api, bodies } = await client();
    const call = Reflect.get(Reflect.get(api, group), method);
    await assert.rejects(call(...KEY_ARGUMENTS, ...values), { code: "bad-request" });
    const [body] = bodies;
    assert.equal(body.keyId, KEY.id);
    assert.equal(body.keySignature, KEY_SIGNATURE);
    const message = [S1, KEY_SIGNATURE, ...signed(body)].join(":");
    assert.equal(body.requestSignature, hmac("lösenord", message));
    const properties = DESCRIPTION.components.schemas[`${group}${method}Request`].properties;
    const inputs = { ...body, localName: KEY.localName, namespace: KEY.namespace, keyId: KEY.id };
    for (const name of ["keySignature", "requestSignature"]) {
      const { key, parts } = properties[name]["x-signature"];
      const described = parts.flatMap((/** @type {Part} */ part) => textsOf(part, inputs)).join(":");
      const password = key === "keyPassword" ? KEY.password : "lösenord";
      assert.equal(body[name], hmac(password, described), `${name}, as docs/openapi.json describes it`);
    }
    // Neither password, nor what only the signature covers, is sent.
    const sent = JSON.stringify(body);
    for (const secret of [KEY.password, "lösenord", KEY.localName, KEY.namespace]) {
      assert.ok(!sent.includes(secret), secret);
    }
  });
}

test("Crypto.CreateKey is signed as the contract says, and tells the algorithm", async () => {
  const { api, bodies } = await client();
  const made = api.Crypto.CreateKey(KEY.localName, KEY.namespace, KEY.id, KEY.password, "lösenord");
  await assert.rejects(made, { code: "bad-request" });
  const [body] = bodies;
  assert.deepEqual([body.localName, body.namespace, body.id], [KEY.localName, KEY.namespace, KEY.id]);
  assert.equal(body.keySignature, KEY_SIGNATURE);
  assert.equal(body.requestSignature, hmac("lösenord", [S1, KEY_SIGNATURE, body.nonce].join(":")));
  assert.ok(!JSON.stringify(body).includes(KEY.password));
});

test("every attempt has a nonce of its own", async () => {
  const { api, bodies } = await client(503);
  await assert.rejects(api.Legal.ReadyForApproval(...KEY_PARAMETERS, "id@x"), { code: "unavailable" });
  assert.ok(bodies.length > 1, "it is sent again");
  assert.equal(new Set(bodies.map(({ nonce }) => nonce)).size, bodies.length);
  assert.equal(new Set(bodies.map(({ requestSignature }) => requestSignature)).size, bodies.length);
});

const KEY_PARAMETERS = /** @type {[string, string, string, string, string]} */ (KEY_ARGUMENTS);
