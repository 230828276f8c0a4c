/** What `IO.Request` sends: what `fetch` takes as it is, all else as JSON, and nothing as something else. */

import assert from "node:assert/strict";
import { Stream } from "node:stream";
import { after, before, beforeEach, test } from "node:test";
import vm from "node:vm";
import { AgentAPI } from "neuron-agent-api";
import { json, startRecorder, text } from "../support/recorder.mjs";
import { rejection } from "../support/rejection.mjs";
import { clientFor } from "../support/client.mjs";

const { IO } = AgentAPI;

let server;
before(async () => {
  server = await startRecorder();
  IO.SetHost(server.host, false);
});
after(() => server.stop());
beforeEach(() => server.reset());

async function sent(payload) {
  server.answer(json(null));
  await IO.Request("/x", payload);
  const [{ headers, body }] = server.requests;
  return [headers["content-type"], body];
}

/** An object that another realm made, as that of jsdom is. */
const ofAnotherRealm = (source) => vm.runInNewContext(`(${source})`);

const bytes = (...values) => Uint8Array.from(values);

/** Has the name of a class of the web, and nothing else of it. */
const named = (name, of = {}) => Object.defineProperty(of, Symbol.toStringTag, { value: name });

class Search {
  get [Symbol.toStringTag]() { return "URLSearchParams"; }
  toString() { return "a=1&b=%C3%A5"; }
  *values() { yield* ["1", "å"]; }
}

class Message {
  constructor() { this.a = 1; }
}

class Dated extends Message {
  toJSON() { return { a: this.a, at: new Date(0) }; }
}

const FORM_TYPE = "application/x-www-form-urlencoded;charset=UTF-8";

for (const [label, payload, mediaType, body] of [
  ["URLSearchParams", new URLSearchParams({ a: "1", b: "å b" }), FORM_TYPE, "a=1&b=%C3%A5+b"],
  ["another realm's URLSearchParams", new Search(), FORM_TYPE, "a=1&b=%C3%A5"],
  ["a Blob with a type", new Blob(["<a/>"], { type: "text/xml" }), "text/xml", "<a/>"],
  ["a Blob of plain text", new Blob(["a"], { type: "text/plain;charset=UTF-8" }), "text/plain;charset=utf-8", "a"],
  ["a Blob without a type", new Blob(["a"]), undefined, "a"],
  ["an ArrayBuffer", bytes(97, 98).buffer, undefined, "ab"],
  ["another realm's ArrayBuffer", ofAnotherRealm("Uint8Array.from([97, 98]).buffer"), undefined, "ab"],
  ["a typed array", bytes(97, 98, 99).subarray(1), undefined, "bc"],
  ["a typed array of larger numbers", Uint16Array.from([0x6261]), undefined, "ab"],
  ["a DataView", new DataView(bytes(97, 98, 99).buffer, 1, 1), undefined, "b"],
  ["a ReadableStream", new Blob(["a stream"]).stream(), undefined, "a stream"],
  ["a text that is JSON", '{"a":"b"}', "application/json", '{"a":"b"}'],
  ["a text that is JSON, with its layout", ' [1,\n2] ', "application/json", " [1,\n2] "],
  ["another text", "a=b", "text/plain;charset=UTF-8", "a=b"],
  ["an object", { a: [1, null, { b: "å" }], c: undefined }, "application/json", '{"a":[1,null,{"b":"å"}]}'],
  ["another realm's object", ofAnotherRealm('{ a: [1], b: { c: new Date(0) } }'), "application/json", '{"a":[1],"b":{"c":"1970-01-01T00:00:00.000Z"}}'],
  ["an object without a prototype", Object.assign(Object.create(null), { a: 1 }), "application/json", '{"a":1}'],
  ["an array", [1, "a"], "application/json", '[1,"a"]'],
  ["what says how it is written", new Dated(), "application/json", '{"a":1,"at":"1970-01-01T00:00:00.000Z"}'],
  ["a number", 7, "application/json", "7"],
  ["a boolean", false, "application/json", "false"],
]) {
  test(`${label} goes as ${mediaType ?? "bytes"}`, async () => {
    assert.deepEqual(await sent(payload), [mediaType, body]);
  });
}

const cyclic = { a: {} };
cyclic.a.b = [cyclic];
const locked = new Blob(["a"]).stream();
locked.getReader();
let deep = [];
for (let depth = 0; depth < 100_000; depth += 1) deep = [deep];

for (const [label, payload] of [
  ["a Map", new Map([["a", 1]])],
  ["a Set", new Set([1])],
  ["a promise", Promise.resolve({})],
  ["a Node stream", new Stream.Readable({ read() {} })],
  ["the form of a package that is a stream", named("FormData", new Stream())],
  ["what is called a Blob", named("Blob")],
  ["an instance of a class", new Message()],
  ["an error", new Error("x")],
  ["a regular expression", /x/],
  ["a function", () => {}],
  ["a symbol", Symbol("x")],
  ["a bigint", 1n],
  ["what holds itself", cyclic],
  ["what is nested too deeply", deep],
  ["a stream that somebody reads", locked],
  ["what throws", { get a() { throw new Error("mine"); } }],
  ["what is written as nothing", { toJSON() {} }],
  ...[new Map(), new Message(), () => {}, Symbol("x"), 1n, Promise.resolve()].flatMap((inner) => [
    [`${typeof inner} in an object`, { a: inner }],
    [`${typeof inner} in an array`, [{}, [inner]]],
  ]),
]) {
  test(`${label} is refused before anything is sent`, async () => {
    const error = await rejection(IO.Request("/x", payload));
    assert.deepEqual([error.code, error.parameter], ["invalid-argument", "Payload"]);
    assert.deepEqual(server.requests, []);
  });
}

test("what can be sent again is, and a stream is not", async () => {
  const busy = text("busy", 503, "text/plain", { "Retry-After": "0" });
  for (const [payload, requests] of [
    [new URLSearchParams("a=b"), 2],
    [new Blob(["a=b"]), 2],
    [new TextEncoder().encode("a=b"), 2],
    [new Blob(["a=b"]).stream(), 1],
  ]) {
    server.reset();
    server.answer(busy, json(1));
    const outcome = await IO.Request("/x", payload).catch((error) => error.code);
    assert.equal(outcome, requests === 2 ? 1 : "unavailable");
    assert.deepEqual(server.requests.map(({ body }) => body), Array(requests).fill("a=b"));
  }
});

test("no error shows what a form or a text held", async () => {
  const form = new FormData();
  form.set("pin", "correct horse");
  form.set("file", new Blob(["x"]), "x.txt");
  for (const payload of [form, new URLSearchParams({ pin: "correct horse" }), "correct horse", '["correct horse"]']) {
    server.answer(text("no: correct horse", 400));
    const { message } = await rejection(IO.Request("/x", payload));
    assert.match(message, /no: …/);
    assert.doesNotMatch(message, /horse/);
  }
});

test("a host that makes a text of a body is not given it", async (context) => {
  // As an older engine does with streams, and Node with the forms of jsdom.
  const calls = [];
  const client = clientFor(context, server.host, { fetch: async (...call) => (calls.push(call), Response.json(1)) });
  const real = globalThis.Request;
  context.after(() => (globalThis.Request = real));
  globalThis.Request = class extends real {
    constructor(url, { body, ...options }) {
      super(url, { ...options, body: String(body) });
    }
  };
  for (const payload of [new FormData(), new Blob(["a"]), new Blob(["a"]).stream()]) {
    assert.equal((await rejection(client.IO.Request("/x", payload))).code, "invalid-argument");
  }
  assert.equal(calls.length, 0);
  globalThis.Request = undefined;
  const stream = new Blob(["a"]).stream();
  await client.IO.Request("/x", stream);
  assert.deepEqual([calls[0][1].body, calls[0][1].duplex], [stream, "half"]);
});
