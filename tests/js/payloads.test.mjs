// @ts-check
/**
 * The payloads of `IO.Request`: what `fetch` accepts is sent unchanged, other values as JSON, and
 * values without a JSON form are refused.
 */

import assert from "node:assert/strict";
import { Stream } from "node:stream";
import { after, before, beforeEach, test } from "node:test";
import vm from "node:vm";
import { AgentAPI } from "neuron-agent-api";
import { clientFor } from "../support/client.mjs";
import { fetchDouble } from "../support/fetch-double.mjs";
import { json, startRecorder, text } from "../support/recorder.mjs";
import { rejection, wrong } from "../support/rejection.mjs";

const { IO } = AgentAPI;

/** @type {import("../support/recorder.mjs").Recorder} */
let server;
before(async () => {
  server = await startRecorder();
  IO.SetHost(server.host, false);
});
after(() => server.stop());
beforeEach(() => server.reset());

async function sent(/** @type {unknown} */ payload) {
  server.answer(json(null));
  await IO.Request("/x", wrong(payload));
  const [{ headers, body }] = server.requests;
  return [headers["content-type"], body];
}

/** An object that another realm made, as that of jsdom is. */
const ofAnotherRealm = (/** @type {string} */ source) => vm.runInNewContext(`(${source})`);

const bytes = (/** @type {number[]} */ ...values) => Uint8Array.from(values);

/** Has the name of a class of the web, and nothing else of it. */
const named = (/** @type {string} */ name, of = {}) =>
  Object.defineProperty(of, Symbol.toStringTag, { value: name });

class Search {
  get [Symbol.toStringTag]() {
    return "URLSearchParams";
  }
  toString() {
    return "a=1&b=%C3%A5";
  }
  *values() {
    yield* ["1", "å"];
  }
}

class Message {
  constructor() {
    this.a = 1;
  }
}

class Dated extends Message {
  toJSON() {
    return { a: this.a, at: new Date(0) };
  }
}

const FORM_TYPE = "application/x-www-form-urlencoded;charset=UTF-8";

for (const [label, payload, mediaType, body] of [
  ["URLSearchParams", new URLSearchParams({ a: "1", b: "å b" }), FORM_TYPE, "a=1&b=%C3%A5+b"],
  ["another realm's URLSearchParams", new Search(), FORM_TYPE, "a=1&b=%C3%A5"],
  ["a Blob with a type", new Blob(["<a/>"], { type: "text/xml" }), "text/xml", "<a/>"],
  [
    "a Blob of plain text",
    new Blob(["a"], { type: "text/plain;charset=UTF-8" }),
    "text/plain;charset=utf-8",
    "a",
  ],
  ["a Blob without a type", new Blob(["a"]), undefined, "a"],
  ["an ArrayBuffer", bytes(97, 98).buffer, undefined, "ab"],
  ["another realm's ArrayBuffer", ofAnotherRealm("Uint8Array.from([97, 98]).buffer"), undefined, "ab"],
  ["a typed array", bytes(97, 98, 99).subarray(1), undefined, "bc"],
  ["a typed array of larger numbers", Uint16Array.from([0x6261]), undefined, "ab"],
  ["a DataView", new DataView(bytes(97, 98, 99).buffer, 1, 1), undefined, "b"],
  ["a ReadableStream", new Blob(["a stream"]).stream(), undefined, "a stream"],
  ["a text that is JSON", '{"a":"b"}', "application/json", '{"a":"b"}'],
  ["a text that is JSON, with its layout", " [1,\n2] ", "application/json", " [1,\n2] "],
  ["another text", "a=b", "text/plain;charset=UTF-8", "a=b"],
  ["an object", { a: [1, null, { b: "å" }], c: undefined }, "application/json", '{"a":[1,null,{"b":"å"}]}'],
  [
    "another realm's object",
    ofAnotherRealm("{ a: [1], b: { c: new Date(0) } }"),
    "application/json",
    '{"a":[1],"b":{"c":"1970-01-01T00:00:00.000Z"}}',
  ],
  [
    "an object without a prototype",
    Object.assign(Object.create(null), { a: 1 }),
    "application/json",
    '{"a":1}',
  ],
  ["an array", [1, "a"], "application/json", '[1,"a"]'],
  ["what says how it is written", new Dated(), "application/json", '{"a":1,"at":"1970-01-01T00:00:00.000Z"}'],
  ["a number", 7, "application/json", "7"],
  ["a boolean", false, "application/json", "false"],
]) {
  test(`${label} is sent as ${mediaType ?? "bytes"}`, async () => {
    assert.deepEqual(await sent(payload), [mediaType, body]);
  });
}

const cyclic = { a: { b: /** @type {unknown[]} */ ([]) } };
cyclic.a.b.push(cyclic);
const locked = new Blob(["a"]).stream();
locked.getReader();
/** @type {unknown[]} */
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
  [
    "what throws",
    {
      get a() {
        throw new Error("mine");
      },
    },
  ],
  ["what is written as nothing", { toJSON() {} }],
  ...[new Map(), new Message(), () => {}, Symbol("x"), 1n, Promise.resolve()].flatMap((inner) => [
    [`${typeof inner} in an object`, { a: inner }],
    [`${typeof inner} in an array`, [{}, [inner]]],
  ]),
]) {
  test(`${label} is refused before anything is sent`, async () => {
    const error = await rejection(IO.Request("/x", wrong(payload)));
    assert.deepEqual([error.code, error.parameter], ["invalid-argument", "Payload"]);
    assert.deepEqual(server.requests, []);
  });
}

test("a request is retried if its body can be sent again, and not if it is a stream", async () => {
  const busy = text("busy", 503, "text/plain", { "Retry-After": "0" });
  for (const [payload, requests] of /** @type {[unknown, number][]} */ ([
    [new URLSearchParams("a=b"), 2],
    [new Blob(["a=b"]), 2],
    [new TextEncoder().encode("a=b"), 2],
    [new Blob(["a=b"]).stream(), 1],
  ])) {
    server.reset();
    server.answer(busy, json(1));
    const outcome = await IO.Request("/x", wrong(payload)).catch((error) => error.code);
    assert.equal(outcome, requests === 2 ? 1 : "unavailable");
    assert.deepEqual(
      server.requests.map(({ body }) => body),
      Array(requests).fill("a=b"),
    );
  }
});

test("no error shows the content of a form or a text", async () => {
  const form = new FormData();
  form.set("pin", "correct horse");
  form.set("file", new Blob(["x"]), "x.txt");
  for (const payload of [
    form,
    new URLSearchParams({ pin: "correct horse" }),
    "correct horse",
    '["correct horse"]',
  ]) {
    server.answer(text("no: correct horse", 400));
    const { message } = await rejection(IO.Request("/x", payload));
    assert.match(message, /no: …/);
    assert.doesNotMatch(message, /horse/);
  }
});

test("a body that the host would convert to a string is refused", async (context) => {
  // As an older engine does with streams, and Node with the forms of jsdom.
  /** @type {import("../support/fetch-double.mjs").FetchOptions[]} */
  const calls = [];
  const fetch = fetchDouble(async (_, options) => {
    calls.push(options);
    return Response.json(1);
  });
  const client = clientFor(context, server.host, { fetch });
  const real = globalThis.Request;
  context.after(() => (globalThis.Request = real));
  class OlderRequest extends real {
    /**
     * @param {string} url
     * @param {RequestInit} options
     */
    constructor(url, { body, ...options }) {
      super(url, { ...options, body: String(body) });
    }
  }
  Object.assign(globalThis, { Request: OlderRequest });
  for (const payload of [new FormData(), new Blob(["a"]), new Blob(["a"]).stream()]) {
    assert.equal((await rejection(client.IO.Request("/x", payload))).code, "invalid-argument");
  }
  assert.equal(calls.length, 0);
  Object.assign(globalThis, { Request: undefined });
  const stream = new Blob(["a"]).stream();
  await client.IO.Request("/x", stream);
  assert.deepEqual([calls[0].body, Reflect.get(calls[0], "duplex")], [stream, "half"]);
});
