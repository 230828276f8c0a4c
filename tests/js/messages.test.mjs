// @ts-check
/** `OnMessage`, which takes messages out of the queue, and what helps to read them. */

import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { afterEach, beforeEach, describe, test } from "node:test";
import { createAgentAPI } from "neuron-agent-api";
import { WebSocket as PackageWebSocket } from "ws";
import { startBroker } from "../support/broker.mjs";
import { clientFor, pause, until } from "../support/client.mjs";
import { json, startRecorder, text } from "../support/recorder.mjs";
import { rejection, thrown } from "../support/rejection.mjs";

/** So long that a test would notice that it waited. */
const NEVER = 600_000;

/** @type {import("../support/recorder.mjs").Recorder} */
let server;
/** @type {import("neuron-agent-api").AgentAPIClient} */
let client;
const { reportError } = globalThis;
/** @type {unknown[]} */
let reported;

beforeEach(async () => {
  reported = [];
  globalThis.reportError = (error) => reported.push(error);
  // One for each test: a request that was under way when a test ended would take the next one's answer.
  server = await startRecorder();
  client = createAgentAPI({ host: server.host, secure: false });
});
afterEach(() => {
  client.dispose();
  globalThis.reportError = reportError;
  return server.stop();
});

async function logIn() {
  server.answer(json({ jwt: "the.token", expires: 0 }));
  await client.Account.Login("alice", "pw", 600);
  server.requests.length = 0;
}

const message = (/** @type {string} */ id, type = "chat") => ({
  id,
  from: "bob@example.org/phone",
  to: "alice@example.org",
  type,
  timestamp: 1_700_000_000,
  Content: [{ __name: "body", __ns: "jabber:client", value: `this is ${id}` }],
});

/** Answers each request for messages with the next of these, and then with none. */
function queue(/** @type {object[]} */ ...messages) {
  const waiting = [...messages];
  server.always((response, request) => {
    assert.deepEqual([request.path, request.body], ["/Agent/Xmpp/PopMessages", '{"maxCount":1}']);
    json({ Messages: waiting.splice(0, 1) })(response);
  });
  return waiting;
}

describe("OnMessage", () => {
  test("hands over each message, whole, in its order and one at a time", async () => {
    await logIn();
    queue(message("1", "subscribe"), message("2"), message("3"));
    /** @type {string[]} */
    const log = [];
    const stop = client.Xmpp.OnMessage(
      async ({ id, type, from, Content }) => {
        log.push(`${id} ${type} ${from} ${client.IO.Text(Content, "body")}`);
        await pause(20);
        log.push(`${id} is done`);
      },
      { everyMs: NEVER },
    );
    await until(() => log.length === 6);
    stop();
    assert.deepEqual(log, [
      "1 subscribe bob@example.org/phone this is 1",
      "1 is done",
      "2 chat bob@example.org/phone this is 2",
      "2 is done",
      "3 chat bob@example.org/phone this is 3",
      "3 is done",
    ]);
  });

  test("looks again after the time that was asked for, until it is stopped", async () => {
    await logIn();
    const waiting = queue();
    /** @type {unknown[]} */
    const ids = [];
    const stop = client.Xmpp.OnMessage(({ id }) => ids.push(id), { everyMs: 5 });
    await until(() => server.requests.length >= 3);
    waiting.push(message("late"));
    await until(() => ids.length === 1);
    stop();
    await pause(30);
    const { length } = server.requests;
    await pause(30);
    assert.equal(server.requests.length, length);
    assert.deepEqual(ids, ["late"]);
  });

  test("goes on after a listener that throws or rejects, and reports it", async () => {
    await logIn();
    queue(message("1"), message("2"), message("3"));
    /** @type {unknown[]} */
    const ids = [];
    client.Xmpp.OnMessage(
      ({ id }) => {
        ids.push(id);
        if (id === "1") throw new Error("thrown");
        return id === "2" ? Promise.reject(new Error("rejected")) : undefined;
      },
      { everyMs: NEVER },
    );
    await until(() => ids.length === 3);
    assert.deepEqual(ids, ["1", "2", "3"]);
    assert.deepEqual(reported.map(String), ["Error: thrown", "Error: rejected"]);
  });

  test("gives each message to every listener, and takes each out once", async () => {
    await logIn();
    queue(message("1"), message("2"));
    /** @type {string[]} */
    const log = [];
    const listener = (/** @type {{ id?: string }} */ { id }) => log.push(`${id}`);
    client.Xmpp.OnMessage(listener, { everyMs: NEVER });
    client.Xmpp.OnMessage(listener, { everyMs: NEVER });
    await until(() => log.length === 3 || log.length === 4);
    await pause(20);
    // The first may have been on its way when the second listener came.
    assert.deepEqual(log.slice(-2), ["2", "2"]);
    assert.equal(server.requests.length, 3);
  });

  test("hands over the message that was on its way when it was stopped, and takes no other", async () => {
    await logIn();
    /** @type {() => void} */
    let respond = () => {};
    server.answer((response) => {
      respond = () => json({ Messages: [message("1")] })(response);
    });
    /** @type {unknown[]} */
    const ids = [];
    const stop = client.Xmpp.OnMessage(({ id }) => ids.push(id), { everyMs: NEVER });
    await until(() => server.requests.length === 1);
    stop();
    respond();
    await until(() => ids.length === 1);
    await pause(20);
    assert.deepEqual(ids, ["1"]);
    assert.equal(server.requests.length, 1);
  });

  test("hands over a message to those who listen when it comes, not to those who have stopped", async () => {
    await logIn();
    /** @type {() => void} */
    let respond = () => {};
    server.answer((response) => {
      respond = () => json({ Messages: [message("1")] })(response);
    });
    server.always(json({ Messages: [] }));
    /** @type {string[]} */
    const log = [];
    const stop = client.Xmpp.OnMessage(({ id }) => log.push(`stopped ${id}`), { everyMs: NEVER });
    await until(() => server.requests.length === 1);
    stop();
    client.Xmpp.OnMessage(({ id }) => log.push(`new ${id}`), { everyMs: NEVER });
    respond();
    await until(() => server.requests.length === 2);
    assert.deepEqual(log, ["new 1"]);
  });

  test("can be stopped by its own listener, and begun again", async () => {
    await logIn();
    queue(message("1"), message("2"));
    const first = await new Promise((resolve) => {
      const stop = client.Xmpp.OnMessage(
        ({ id }) => {
          stop();
          resolve(id);
        },
        { everyMs: NEVER },
      );
    });
    const second = await new Promise((resolve) => client.Xmpp.OnMessage(({ id }) => resolve(id)));
    assert.deepEqual([first, second], ["1", "2"]);
  });

  test("waits for no listener that has been stopped", async () => {
    await logIn();
    queue(message("1"), message("2"));
    let isWaiting = false;
    const stop = client.Xmpp.OnMessage(
      () => {
        isWaiting = true;
        return new Promise(() => {});
      },
      { everyMs: NEVER },
    );
    await until(() => isWaiting);
    stop();
    const next = await new Promise((resolve) => client.Xmpp.OnMessage(({ id }) => resolve(id)));
    assert.equal(next, "2");
  });

  test("sends nothing without a session, and looks when one begins", async () => {
    /** @type {unknown[]} */
    const ids = [];
    client.Xmpp.OnMessage(({ id }) => ids.push(id), { everyMs: NEVER });
    await pause(20);
    assert.equal(server.requests.length, 0);
    server.answer(json({ jwt: "the.token", expires: 0 }));
    server.always((response, { path }) =>
      json(path.endsWith("PopMessages") ? { Messages: ids.length ? [] : [message("1")] } : {})(response),
    );
    await client.Account.Login("alice", "pw", 600);
    await until(() => ids.length === 1);
    assert.deepEqual(reported, []);
  });

  test("reports a failure, and tries again after a longer pause", async () => {
    await logIn();
    server.answer(text("no", 400), text("no", 400), text("no", 400), json({ Messages: [message("1")] }));
    server.always(json({ Messages: [] }));
    /** @type {unknown[]} */
    const ids = [];
    const begin = performance.now();
    client.Xmpp.OnMessage(({ id }) => ids.push(id), { everyMs: 10 });
    await until(() => ids.length === 1);
    // 20, 40 and 80 ms; timers may be a little early.
    assert.ok(performance.now() - begin >= 130);
    assert.deepEqual(
      reported.map((error) => /** @type {{ code: string }} */ (error).code),
      ["bad-request", "bad-request", "bad-request"],
    );
  });

  test("waits when a broker asks for more time than a timer can", async () => {
    await logIn();
    // A hundred days.
    server.always(text("no", 429, "text/plain", { "Retry-After": "8640000" }));
    client.Xmpp.OnMessage(() => {}, { everyMs: 1 });
    await until(() => reported.length > 0);
    await pause(50);
    assert.equal(server.requests.length, 1);
  });

  test("waits as long as a broker asks, whatever is pushed, but not after it is stopped", async () => {
    await logIn();
    server.answer(text("no", 429, "text/plain", { "Retry-After": "600" }));
    server.always(json({ jwt: "the.token", expires: 0 }));
    const stop = client.Xmpp.OnMessage(() => {}, { everyMs: 1 });
    await until(() => reported.length > 0);
    await client.Account.Login("alice", "pw", 600);
    await pause(30);
    assert.deepEqual(
      server.requests.map(({ path }) => path.split("/").at(-1)),
      ["PopMessages", "Login"],
    );
    stop();
    queue(message("1"));
    await new Promise((resolve) => client.Xmpp.OnMessage(resolve));
  });

  test("tells a function of the caller's of failures, which may throw", async () => {
    await logIn();
    server.answer(text("no", 400), json({ Messages: [message("1")] }));
    server.always(json({ Messages: [] }));
    /** @type {string[]} */
    const log = [];
    client.Xmpp.OnMessage(({ id }) => log.push(`${id}`), {
      everyMs: 1,
      onError(error) {
        log.push(error.code);
        throw new Error("thrown");
      },
    });
    await until(() => log.length === 2);
    assert.deepEqual(log, ["bad-request", "1"]);
    assert.deepEqual(reported.map(String), ["Error: thrown"]);
  });

  test("looks at once when something is pushed", async () => {
    /** @type {EventTarget[]} */
    const sockets = [];
    class Socket extends EventTarget {
      constructor() {
        super();
        sockets.push(this);
        queueMicrotask(() => this.dispatchEvent(new Event("open")));
      }
      send() {}
      close() {}
    }
    client.dispose();
    client = createAgentAPI({ host: server.host, secure: false, WebSocket: Socket });
    await logIn();
    server.answer(json({}));
    await client.Xmpp.RegisterEventHandler("alert", "urn:x", null, () => {});
    const waiting = queue();
    /** @type {unknown[]} */
    const ids = [];
    client.Xmpp.OnMessage(({ id }) => ids.push(id), { everyMs: NEVER });
    await until(() => server.requests.length === 2);
    await pause(10);
    waiting.push(message("1"));
    sockets[0].dispatchEvent(Object.assign(new Event("message"), { data: "{}" }));
    await until(() => ids.length === 1);
  });

  test("looks once more if something is pushed, or a session begins, during a look", async () => {
    /** @type {(() => void)[]} */
    const respond = [];
    const waiting = [message("1")];
    server.always((response, { path }) => {
      if (!path.endsWith("PopMessages")) return json({ jwt: "the.token", expires: 0 })(response);
      // The first look finds nothing, and takes its time.
      if (respond.length) return json({ Messages: waiting.splice(0, 1) })(response);
      respond.push(() => json({ Messages: [] })(response));
    });
    await client.Account.Login("alice", "pw", 600);
    /** @type {unknown[]} */
    const ids = [];
    client.Xmpp.OnMessage(({ id }) => ids.push(id), { everyMs: NEVER });
    await until(() => respond.length === 1);
    await client.Account.Login("alice", "pw", 600);
    respond[0]();
    await until(() => ids.length === 1);
  });

  test("ends with its client", async () => {
    await logIn();
    queue();
    client.Xmpp.OnMessage(() => assert.fail("there is no message"), { everyMs: 5 });
    await until(() => server.requests.length === 2);
    client.dispose();
    await pause(20);
    const { length } = server.requests;
    await pause(30);
    assert.equal(server.requests.length, length);
    assert.deepEqual(reported, []);
    assert.equal(thrown(() => client.Xmpp.OnMessage(() => {})).code, "disposed");
  });

  test("runs its listener in the asynchronous context of the call", async () => {
    await logIn();
    queue(message("1"));
    const context = new AsyncLocalStorage();
    const found = await new Promise((resolve) =>
      context.run("mine", () => client.Xmpp.OnMessage(() => resolve(context.getStore()))),
    );
    assert.equal(found, "mine");
  });

  test("refuses what is no listener, and options that it does not know", () => {
    const { OnMessage } = client.Xmpp;
    for (const [parameter, ...args] of /** @type {[string, ...any[]][]} */ ([
      ["Listener"],
      ["Listener", "Page.OnMessage"],
      ["Options", () => {}, 5000],
      ["Options", () => {}, { every: 5000 }],
      ["Options.everyMs", () => {}, { everyMs: 0 }],
      ["Options.everyMs", () => {}, { everyMs: "5000" }],
      ["Options.onError", () => {}, { onError: "Page.OnError" }],
    ])) {
      const error = thrown(() => Reflect.apply(OnMessage, undefined, args));
      assert.deepEqual([error.code, error.parameter], ["invalid-argument", parameter], String(args));
    }
    OnMessage(() => {}, null)();
    OnMessage(() => {}, { everyMs: null })();
  });
});

test("a program ends when it no longer listens", async () => {
  const { execFile } = await import("node:child_process");
  const { promisify } = await import("node:util");
  const program = `
    import { createAgentAPI } from "neuron-agent-api";
    const client = createAgentAPI({ host: "neuron.example.org" });
    const stop = client.Xmpp.OnMessage(() => {});
    setTimeout(stop, 50);`;
  await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program], {
    timeout: 20_000,
  });
});

describe("Text", () => {
  const body = { __name: "body", __ns: "jabber:client", value: "Hi" };
  for (const [what, from, name, expected] of /** @type {[string, any, string, string | undefined][]} */ ([
    ["the first of a list", [{ __name: "x", __ns: "" }, body, { ...body, value: "Ho" }], "body", "Hi"],
    ["a child", { __name: "a", __ns: "", body }, "body", "Hi"],
    [
      "the first of several children",
      { __name: "a", __ns: "", body: [body, { ...body, value: "Ho" }] },
      "body",
      "Hi",
    ],
    ["an attribute", { __name: "a", __ns: "", level: "3" }, "level", "3"],
    [
      "a text beside a child named value",
      [{ ...body, value: { __name: "value", __ns: "" }, __value: "Hi" }],
      "body",
      "Hi",
    ],
    ["an empty text", [{ ...body, value: "" }], "body", ""],
    ["an element without a text", [{ __name: "body", __ns: "" }], "body", undefined],
    ["a child named value alone", [{ ...body, value: { __name: "value", __ns: "" } }], "body", undefined],
    ["a name that is not there", [body], "subject", undefined],
    ["a name that every object has", { __name: "a", __ns: "" }, "constructor", undefined],
    ["nothing", undefined, "body", undefined],
    ["null in a list", [null, body], "body", "Hi"],
  ])) {
    test(`is that of ${what}`, () => {
      assert.equal(client.IO.Text(from, name), expected);
    });
  }

  test("needs a name", () => {
    const error = thrown(() => client.IO.Text([body], /** @type {any} */ (undefined)));
    assert.deepEqual([error.code, error.parameter], ["invalid-argument", "LocalName"]);
  });
});

test("a bare JID is an address without its resource", () => {
  const { BareJid } = client.IO;
  assert.equal(BareJid("bob@example.org/phone"), "bob@example.org");
  assert.equal(BareJid("bob@example.org"), "bob@example.org");
  // The resource may have what looks like the rest of an address (RFC 7622 §3.4).
  assert.equal(BareJid("bob@example.org/a/b@c"), "bob@example.org");
  // Whether it is one is not its business.
  assert.equal(BareJid("b_o_b@my_host/phone"), "b_o_b@my_host");
  assert.equal(thrown(() => BareJid(/** @type {any} */ (null))).parameter, "Jid");
});

test("a text is escaped for XML where XML is made", () => {
  const text = `<a b="c">&'`;
  assert.equal(client.IO.XmlEncode(text), client.Account.XmlEncode(text));
  assert.equal(client.IO.XmlEncode("<&>"), "&lt;&amp;&gt;");
});

test("events are pushed by way of the package ws, where the host has no WebSocket", async (context) => {
  const broker = await startBroker();
  context.after(() => broker.stop());
  const { password } = broker.accounts.alice;
  const alice = clientFor(context, broker.host, { WebSocket: PackageWebSocket });
  await alice.Account.Login("alice", password, 600);
  /** @type {Promise<import("neuron-agent-api").XmlElement>} */
  const pushed = new Promise((resolve) => {
    alice.Xmpp.RegisterEventHandler("alert", "urn:example", null, resolve).then(() =>
      alice.Xmpp.SendXmlMessage("alice@localhost", "<alert xmlns='urn:example' level='3'/>"),
    );
  });
  assert.equal((await pushed).level, "3");
  await alice.Account.Logout();
});

test("a socket's class is one, or left out", async () => {
  for (const WebSocket of [null, "ws", {}]) {
    const error = thrown(() => createAgentAPI({ WebSocket: /** @type {any} */ (WebSocket) }));
    assert.deepEqual([error.code, error.parameter], ["invalid-argument", "Options.WebSocket"]);
  }
  const error = await rejection(client.Xmpp.PopMessages());
  assert.equal(error.code, "not-logged-in");
});
