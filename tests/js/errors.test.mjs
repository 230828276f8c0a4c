// @ts-check
/** The properties of an error, and that it can be posted to another thread. */

import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, beforeEach, test } from "node:test";
import vm from "node:vm";
import { Worker } from "node:worker_threads";
import esbuild from "esbuild";
import { AgentApiError } from "neuron-agent-api";
import { clientFor, logIn, until } from "../support/client.mjs";
import { startRecorder, text } from "../support/recorder.mjs";
import { rejection, wrong } from "../support/rejection.mjs";

const BOB = "bob@example.org";
const require = createRequire(import.meta.url);
const script = readFileSync(new URL("../../pkg/agentapi.global.js", import.meta.url), "latin1");

/** @type {import("../support/recorder.mjs").Recorder} */
let server;
before(async () => {
  server = await startRecorder();
});
after(() => server.stop());
beforeEach(() => server.reset());

/** @typedef {import("../support/recorder.mjs").Answer} Answer */

/** @type {Answer} */
const gone = (response) => void response.destroy();
const hang = () => {};
const busy = (/** @type {string | undefined} */ after = undefined) =>
  text("busy", 503, "text/plain", after === undefined ? {} : { "Retry-After": after });

/**
 * @typedef {"read" | "write" | "message" | "subscription" | "consume" | "once" | "get" | "post" | "login"} Call
 * @typedef {import("neuron-agent-api").AgentAPI} AgentAPI
 */

/** @type {Record<Call, (client: AgentAPI, options?: import("neuron-agent-api").CallOptions) => Promise<unknown>>} */
const CALLS = {
  read: ({ Xmpp }, options) => Xmpp.GetRoster(0, 1, options),
  write: ({ Xmpp }, options) => Xmpp.SetRosterItem(BOB, "", null, options),
  message: ({ Xmpp }, options) => Xmpp.SendTextMessage(BOB, "Hi", null, null, null, options),
  subscription: ({ Xmpp }, options) => Xmpp.SendPresenceSubscription(BOB, null, null, null, options),
  consume: ({ Xmpp }, options) => Xmpp.PopMessages(1, options),
  once: ({ Account }, options) => Account.VerifyEMail("a@b", 123456, options),
  get: ({ IO }, options) => IO.Request("/x", null, null, null, options),
  post: ({ IO }, options) => IO.Request("/x", {}, null, null, options),
  login: ({ Account }, options) => Account.Login("alice", "pw", 60, options),
};

/**
 * What each call reports after answers that are all the same: its code, the number of its attempts, and
 * whether it may have been carried out.
 *
 * @typedef {[call: Call, label: string, answer: Answer, code: string, attempts: number, isAmbiguous: boolean]} Row
 */
const TABLE = /** @type {Row[]} */ ([
  // The broker is sure that it did nothing.
  ...Object.keys(CALLS).map((call) => [call, "400", text("no", 400), "bad-request", 1, false]),
  ...["read", "write", "message", "consume", "once", "get", "post"].map((call) => [
    call,
    "503",
    busy(),
    "unavailable",
    4,
    false,
  ]),
  ["subscription", "503", busy(), "unavailable", 4, false],
  ["login", "503", busy(), "unavailable", 1, false],
  // If the broker failed itself, or the connection was cut, the outcome is unknown.
  ...Object.keys(CALLS).map((call) => {
    // One more session does no harm.
    const isHarmless = ["read", "get", "login"].includes(call);
    return [call, "500", text("oops", 500), "server-error", 1, !isHarmless];
  }),
  ["read", "a cut", gone, "network", 4, false],
  ["get", "a cut", gone, "network", 4, false],
  ["write", "a cut", gone, "network", 4, true],
  ["login", "a cut", gone, "network", 2, false],
  ...["message", "consume", "once", "post"].map((call) => [call, "a cut", gone, "network", 1, true]),
  // The look at the roster fails too.
  ["subscription", "a cut", gone, "network", 1, true],
  ...["message", "consume", "once", "post"].map((call) => [
    call,
    "a proxy's 502",
    text("", 502),
    "server-error",
    1,
    true,
  ]),
  ["read", "a proxy's 502", text("", 502), "server-error", 4, false],
  // An answer that is not understood is one.
  ...["message", "consume", "once"].map((call) => [
    call,
    "nonsense",
    text("<html>", 200),
    "bad-response",
    1,
    true,
  ]),
  ["read", "nonsense", text("<html>", 200), "bad-response", 1, false],
]);

for (const [call, label, answer, code, attempts, ambiguous] of TABLE) {
  test(`${call}: ${label} is ${code} after ${attempts}${ambiguous ? ", ambiguous" : ""}`, async (context) => {
    const client = clientFor(context, server.host);
    server.always(answer);
    const error = await rejection(CALLS[call](client));
    assert.deepEqual(
      [error.code, error.attempts, error.ambiguous, error.retryAfterMs],
      [code, attempts, ambiguous || undefined, undefined],
    );
    assert.equal(
      error.message.includes("may have been processed; check before retrying"),
      ambiguous,
      error.message,
    );
    assert.equal("ambiguous" in error, ambiguous, "a property that is there means something");
  });
}

test("an error says which host gave no response, and nothing else of the address", async (context) => {
  const nobody = await startRecorder();
  await nobody.stop();
  const client = clientFor(context, server.host);
  const url = `http://${nobody.host}/path?token=s3cret`;
  const { message } = await rejection(client.IO.Request(url, {}, null, null, { timeoutMs: 1000 }));
  assert.ok(message.startsWith(`IO.Request: no response from ${nobody.host}: `), message);
  assert.doesNotMatch(message, /path|s3cret/);
});

test("a call that was not sent is neither ambiguous nor an attempt", async (context) => {
  const nobody = await startRecorder();
  await nobody.stop();
  const client = clientFor(context, nobody.host);
  const refused = await rejection(CALLS.message(client));
  // It is certain that nothing left, so even a message is tried again.
  assert.deepEqual([refused.code, refused.attempts, refused.ambiguous], ["network", 4, undefined]);
  const invalid = await rejection(client.Xmpp.SendTextMessage("no address", "Hi"));
  assert.deepEqual([invalid.code, invalid.attempts, invalid.ambiguous], ["invalid-argument", 0, undefined]);
});

for (const [call, ambiguous] of /** @type {const} */ ([
  ["read", undefined],
  ["message", true],
  ["login", undefined],
])) {
  test(`a pending ${call} that is aborted or times out is ${ambiguous ? "" : "not "}ambiguous`, async (context) => {
    const client = clientFor(context, server.host);
    server.always(hang);
    const controller = new AbortController();
    const aborted = rejection(CALLS[call](client, { signal: controller.signal }));
    await until(() => server.requests.length === 1);
    controller.abort();
    const late = rejection(CALLS[call](client, { timeoutMs: 30 }));
    for (const error of [await aborted, await late]) {
      assert.deepEqual([error.attempts, error.ambiguous], [1, ambiguous], error.code);
    }
  });
}

for (const [header, ms] of /** @type {[string, number | undefined][]} */ ([
  ["0", 0],
  ["120", 120_000],
  ["Fri, 31 Dec 1999 23:59:59 GMT", 0],
  ["31 Dec 2999", undefined],
  ["-1", undefined],
])) {
  test(`Retry-After: ${header} is retryAfterMs ${ms}`, async (context) => {
    const client = clientFor(context, server.host);
    server.always(busy(header));
    const error = await rejection(CALLS.read(client));
    assert.equal(error.retryAfterMs, ms);
    // More than a minute is not waited for.
    assert.equal(error.attempts, (ms ?? 0) > 60_000 ? 1 : 4);
  });
}

test("an error with all properties can be posted to a worker and back", async (context) => {
  const client = clientFor(context, server.host);
  await logIn(client, server);
  server.always(text("Try again in 5 minutes.", 429, "text/plain", { "X-AlternativeName1": "alice1" }));
  const before = Date.now();
  const error = await rejection(CALLS.login(client));
  const retryAt = Date.parse(String(error.retryAt)) - 300_000;
  assert.ok(retryAt >= before - 1000 && retryAt <= Date.now() + 1000, `to the second: ${error.retryAt}`);
  const more = await rejection(client.Xmpp.GetRoster(wrong("x")));
  server.always(gone);
  const unsure = await rejection(CALLS.message(client));

  const worker = new Worker(
    `import { AgentApiError } from "neuron-agent-api";
     import { parentPort } from "node:worker_threads";
     parentPort.on("message", (json) => {
       const error = AgentApiError.fromJSON(json);
       if (!AgentApiError.is(error)) throw new Error("it is none");
       parentPort.postMessage({ json: error.toJSON(), shown: String(error), properties: { ...error } });
     });`,
    // A worker from a text has no folder of its own to find the package from.
    { eval: true, execArgv: ["--input-type=module"] },
  );
  context.after(() => worker.terminate());
  for (const original of [error, more, unsure]) {
    worker.postMessage(original.toJSON());
    const [{ json: back, shown, properties }] = await once(worker, "message");
    const copy = AgentApiError.fromJSON(back);
    assert.ok(copy instanceof AgentApiError && copy instanceof Error && AgentApiError.is(copy));
    const { cause, ...own } = original;
    assert.deepEqual({ ...copy }, own);
    assert.deepEqual(properties, own);
    assert.deepEqual(back, original.toJSON());
    for (const name of /** @type {const} */ (["name", "message", "statusCode", "statusMessage"])) {
      assert.equal(copy[name], original[name]);
    }
    assert.equal(shown, String(original));
    assert.ok(copy.stack?.includes(copy.message));
  }
  assert.deepEqual(Object.keys(error.toJSON()), [
    "name",
    "message",
    "code",
    "operation",
    "status",
    "statusText",
    "alternatives",
    "attempts",
    "retryAfterMs",
    "retryAt",
  ]);
  assert.equal(error.retryAfterMs, 300_000);
  assert.equal(more.toJSON().parameter, "Offset");
  assert.equal(unsure.toJSON().ambiguous, true);
  assert.ok(unsure.cause instanceof Error, "which stays at home");
});

test("a clone of the error itself has lost its code, and a clone of its JSON has not", async () => {
  const error = AgentApiError.fromJSON({
    message: "Xmpp.GetRoster: no",
    code: "forbidden",
    operation: "Xmpp.GetRoster",
  });
  const clone = structuredClone(error);
  assert.deepEqual([clone.message, clone.code, AgentApiError.is(clone)], [error.message, undefined, false]);
  const { code, operation } = AgentApiError.fromJSON(structuredClone(error.toJSON()));
  assert.deepEqual([code, operation], ["forbidden", "Xmpp.GetRoster"]);
});

test("its JSON has no other properties", async () => {
  const error = AgentApiError.fromJSON({
    name: "Evil",
    message: "m",
    code: "network",
    operation: "x",
    attempts: 1,
    stack: "s3cret",
    cause: "s3cret",
    toString: "s3cret",
    __proto__: { polluted: true },
    token: "s3cret",
  });
  assert.equal(error.name, "AgentApiError");
  assert.deepEqual(Object.keys(error).sort(), ["attempts", "code", "operation"]);
  Object.assign(error, { token: "s3cret" });
  assert.ok(!JSON.stringify(error).includes("s3cret"));
  assert.ok(!error.stack?.includes("s3cret"));
  assert.equal(error.cause, undefined);
});

test("it is recognised across the ESM and the CommonJS copy and another realm, where it has its name", async (context) => {
  const commonJs = require("../../pkg/index.cjs");
  const realm = vm.createContext({ TextDecoder, TextEncoder, queueMicrotask });
  vm.runInContext(script, realm);
  const client = clientFor(context, server.host);
  server.always(text("no", 403));
  const ours = await rejection(client.Xmpp.GetRoster());
  /** @type {unknown[]} */
  const theirs = [];
  for (const copy of [commonJs, realm]) {
    try {
      copy.AgentAPI.IO.SetHost("a b");
    } catch (error) {
      theirs.push(error);
    }
  }
  assert.equal(theirs.length, 2);
  const classes = [AgentApiError, commonJs.AgentApiError, realm.AgentApiError];
  assert.equal(new Set(classes).size, 3, "the copies share a class: nothing is tested");
  for (const { is, fromJSON } of classes.map((each) => ({
    is: each.is,
    fromJSON: each.fromJSON.bind(each),
  }))) {
    for (const error of [ours, ...theirs]) {
      assert.ok(is(error));
      assert.equal(/** @type {Error} */ (error).name, "AgentApiError");
      assert.ok(is(fromJSON(JSON.parse(JSON.stringify(error)))));
    }
    for (const other of [ours.toJSON(), "AgentApiError", () => {}, 7, new Error("x"), Object.create(null)]) {
      assert.equal(is(other), false);
    }
  }
});

test("a program's test can make one, which is whole", () => {
  const error = new AgentApiError({ code: "network", message: "offline", ambiguous: true });
  assert.ok(AgentApiError.is(error) && error instanceof Error);
  assert.deepEqual(error.toJSON(), {
    name: "AgentApiError",
    message: "offline",
    code: "network",
    operation: "",
    attempts: 0,
    ambiguous: true,
  });
  const cause = new TypeError("fetch failed");
  assert.equal(new AgentApiError({ code: "network", message: "offline", cause }).cause, cause);
  // What has more properties than an error is made of, such as a serialised one, does as well.
  const more = /** @type {any} */ ({ ...error.toJSON(), statusCode: 1 });
  assert.deepEqual(new AgentApiError(more).toJSON(), error.toJSON());
});

for (const [label, details] of /** @type {[string, any][]} */ ([
  ["nothing", undefined],
  ["no message", { code: "network" }],
  ["no code", { message: "offline" }],
  ["a code that is no text", { code: 1, message: "offline" }],
  ["the message alone", "offline"],
])) {
  test(`none is made of ${label}`, () => {
    assert.throws(
      () => new AgentApiError(details),
      (error) => {
        assert.ok(AgentApiError.is(error));
        const { code, operation, parameter, message } = error;
        assert.deepEqual([code, operation, parameter], ["invalid-argument", "AgentApiError", "Details"]);
        assert.equal(message, "AgentApiError: Details must have the texts code and message.");
        return true;
      },
    );
  });
}

test("what another version serialised is a whole error, its code kept", () => {
  const error = AgentApiError.fromJSON({ message: "m", code: "of-a-newer-version", more: 1 });
  assert.deepEqual([error.code, error.operation, error.attempts], ["of-a-newer-version", "", 0]);
  assert.equal("more" in error, false);
});

test("its name survives a minifier", async () => {
  const { outputFiles } = await esbuild.build({
    stdin: {
      contents: `export { AgentApiError } from "neuron-agent-api";`,
      resolveDir: import.meta.dirname,
    },
    bundle: true,
    minify: true,
    format: "cjs",
    platform: "neutral",
    mainFields: ["module"],
    write: false,
  });
  const module = { exports: /** @type {Partial<typeof import("neuron-agent-api")>} */ ({}) };
  new Function("module", "exports", outputFiles[0].text)(module, module.exports);
  const Minified = module.exports.AgentApiError;
  assert.ok(Minified);
  const error = Minified.fromJSON({ message: "m", code: "network" });
  assert.equal(Minified.name, "AgentApiError");
  assert.equal(error.name, "AgentApiError");
  assert.equal(JSON.parse(JSON.stringify(error)).name, "AgentApiError");
  assert.match(String(error.stack), /^AgentApiError: m/);
  assert.ok(AgentApiError.is(error));
});

for (const [
  label,
  end,
] of /** @type {[string, (response: import("node:http").ServerResponse) => void][]} */ ([
  ["cut off", (response) => response.destroy()],
  ["never there", () => {}],
])) {
  test(`an error response whose body is ${label} keeps its code`, async (context) => {
    const client = clientFor(context, server.host, { attemptMs: 5000 });
    await logIn(client, server);
    /** @type {unknown[]} */
    const events = [];
    client.Account.OnSessionChange(({ type }) => events.push(type));
    server.always((response) => {
      response.writeHead(401, { "Content-Length": "100" });
      response.write("no");
      setTimeout(() => end(response), 20);
    });
    const { code, attempts } = await rejection(client.Xmpp.GetRoster());
    assert.deepEqual([code, attempts], ["unauthorized", 1]);
    assert.deepEqual(events, ["lost"]);
    const login = await rejection(client.Account.Login("alice", "wrong", 600));
    assert.deepEqual([login.code, login.attempts], ["unauthorized", 1]);
    assert.equal(server.requests.length, 3);
  });
}

test("a refused request of a megabyte is searched for its secrets in time", {
  timeout: 60_000,
}, async (context) => {
  const client = clientFor(context, server.host);
  server.always(text("x".repeat(500), 400));
  const error = await rejection(client.IO.Request("/x", { book: "a secret of mine ".repeat(60_000) }));
  assert.equal(error.code, "bad-request");
});
