// @ts-check
/** `IO.Request`: any resource, under the same rules as the other methods. */

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { AgentAPI } from "neuron-agent-api";
import { json, startRecorder, text } from "../support/recorder.mjs";
import { rejection, wrong } from "../support/rejection.mjs";

const { IO, Account } = AgentAPI;

/** @type {import("../support/recorder.mjs").Recorder} */
let server;
before(async () => {
  server = await startRecorder();
  IO.SetHost(server.host, false);
  server.answer(json({ jwt: "the.token", expires: 0 }));
  await Account.Login("alice", "pw", 600);
});
after(() => server.stop());
beforeEach(() => server.reset());

test("a payload is sent as JSON, and the answer is returned as it is", async () => {
  const answer = { a: [1, null, { b: 1.5 }], date: 1_700_000_000 };
  server.answer(json(answer));
  assert.deepEqual(await IO.Request("/Agent/Legal/GetIdentities", { offset: 0 }, true, "sv"), answer);
  const [{ method, path, headers, body }] = server.requests;
  assert.deepEqual([method, path, body], ["POST", "/Agent/Legal/GetIdentities", '{"offset":0}']);
  assert.equal(headers["content-type"], "application/json");
  assert.equal(headers["accept-language"], "sv");
  assert.equal(headers.authorization, "Bearer the.token");
});

test("any JSON is returned as it is", async () => {
  const nested = (/** @type {number} */ depth) => "[".repeat(depth) + "]".repeat(depth);
  for (const body of [
    "null",
    "true",
    '""',
    '"a;b\\u0000\\n"',
    '"\u00e5\ud83d\ude00;\u265a"',
    "0",
    "-0",
    "-1",
    "0.1",
    "-1.5e-7",
    "5e-324",
    "1.7976931348623157e308",
    "9007199254740993",
    "123456789012345680000",
    "[]",
    "{}",
    '[[],{},"",null,[false,{"":[0]}]]',
    '{"b":1,"a":{"\ud83d\ude00":"x","1":2},"toString":"s","length":3,"constructor":null}',
    nested(200),
  ]) {
    server.answer(text(body, 200));
    assert.deepEqual(await IO.Request("/Agent/x", {}), JSON.parse(body), body);
  }
  for (const body of [nested(201), nested(100_000), "{", "1 2", "NaN"]) {
    server.answer(text(body, 200));
    const error = await rejection(IO.Request("/Agent/x", {}));
    assert.deepEqual([error.code, error.status], ["bad-response", 200], body.slice(0, 20));
  }
});

test("a __proto__ property is left out, and an unpaired surrogate is replaced", async () => {
  server.answer(text('{"__proto__":{"a":1},"b":"\\ud83d"}', 200));
  const answer = /** @type {Record<string, unknown>} */ (await IO.Request("/Agent/x", {}));
  assert.deepEqual(Object.keys(answer), ["b"]);
  assert.equal(answer.b, "\ufffd");
  assert.equal(answer.a, undefined);
});

test("without a payload it is a GET, and an empty answer is null", async () => {
  server.answer(text("", 204));
  assert.equal(await IO.Request("/Agent/Storage/Content/x.png"), null);
  assert.equal(server.requests[0].method, "GET");
  assert.equal(server.requests[0].headers["content-type"], undefined);
});

test("a form is sent unchanged", async () => {
  const form = new FormData();
  form.set("Content", new Blob(["hello"]), "hello.txt");
  server.answer(json({ uploaded: true }));
  assert.deepEqual(await IO.Request("/Agent/Storage/Content", form), { uploaded: true });
  const [{ headers, body }] = server.requests;
  assert.match(String(headers["content-type"]), /^multipart\/form-data; boundary=/);
  assert.match(body, /filename="hello.txt"/);
});

test("no token is sent to another origin", async () => {
  const other = await startRecorder();
  other.answer(json({}));
  await IO.Request(`http://${other.host}/x`, {});
  assert.equal(other.requests[0].headers.authorization, undefined);
  await other.stop();
  server.answer(json({}));
  await IO.Request(`http://${server.host}/x`, {});
  assert.equal(server.requests[0].headers.authorization, "Bearer the.token");
});

for (const resource of ["", "Agent/x", "ftp://a/b", "https://u:p@a/", "/a b", "/a\r\nX: y", 7, null]) {
  test(`Resource must not be ${JSON.stringify(resource)}`, async () => {
    const error = await rejection(IO.Request(wrong(resource), {}));
    assert.deepEqual([error.code, error.parameter], ["invalid-argument", "Resource"]);
    assert.deepEqual(server.requests, []);
  });
}

test("what can't be JSON is refused", async () => {
  const circular = {};
  circular.self = circular;
  for (const payload of [circular, { big: 1n }, () => {}]) {
    const error = await rejection(IO.Request("/x", payload));
    assert.deepEqual([error.code, error.parameter], ["invalid-argument", "Payload"]);
  }
});

test("it fails as every other call does", async () => {
  server.answer(text("no", 403), text("<html>", 200), () => {});
  assert.equal((await rejection(IO.Request("/x", {}))).code, "forbidden");
  assert.equal((await rejection(IO.Request("/x", {}))).code, "bad-response");
  assert.equal((await rejection(IO.Request("/x", {}, false, null, { timeoutMs: 20 }))).code, "timeout");
});
