// @ts-check
/** Pushed messages, over a double of the host's WebSocket. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, afterEach, before, beforeEach, test } from "node:test";
import vm from "node:vm";
import { AgentAPI } from "neuron-agent-api";
import { json, startRecorder } from "../support/recorder.mjs";
import { rejection, wrong } from "../support/rejection.mjs";

const { Account, IO, Xmpp } = AgentAPI;

/** Sockets in the order they were opened. @type {Socket[]} */
let sockets;
class Socket extends EventTarget {
  /** @type {any[]} */
  sent = [];
  /**
   * @param {string} url
   * @param {string} protocol
   */
  constructor(url, protocol) {
    super();
    this.url = url;
    this.protocol = protocol;
    sockets.push(this);
    queueMicrotask(() => this.dispatchEvent(new Event("open")));
  }
  /** @param {string} text */
  send(text) {
    this.sent.push(JSON.parse(text));
  }
  /** @param {object} frame */
  push(frame) {
    this.dispatchEvent(Object.assign(new Event("message"), { data: JSON.stringify(frame) }));
  }
  close() {
    queueMicrotask(() => this.dispatchEvent(new Event("close")));
  }
}

const real = { WebSocket: globalThis.WebSocket, reportError: globalThis.reportError };
/** @type {import("../support/recorder.mjs").Recorder} */
let server;
before(async () => {
  server = await startRecorder();
  IO.SetHost(server.host, false);
});
after(() => server.stop());
beforeEach(async () => {
  sockets = [];
  Object.assign(globalThis, { WebSocket: Socket });
  server.reset();
  server.answer(json({ jwt: "t", expires: 0 }));
  await Account.Login("alice", "pw", 600);
  server.reset();
});
afterEach(async () => {
  server.answer(json({}));
  // With the session its handlers end, and with them the socket.
  await Account.Logout();
  Object.assign(globalThis, real);
  Reflect.deleteProperty(globalThis, "TabID");
});

const settle = () => new Promise((resolve) => setTimeout(resolve, 10));

test("a function gets the messages that it was registered for", async () => {
  /** @type {unknown[]} */
  const heard = [];
  server.answer(json({}));
  await Xmpp.RegisterEventHandler("alert", "urn:x", null, (data) => heard.push(data));
  const [socket] = sockets;
  assert.equal(socket.url, `ws://${server.host}/ClientEventsWS`);
  assert.equal(socket.protocol, "ls");
  const [{ cmd, tabId, location }] = socket.sent;
  assert.equal(cmd, "Register");
  assert.match(tabId, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  assert.equal(location, `http://${server.host}/`);
  const { function: name, ...rest } = JSON.parse(server.requests[0].body);
  assert.deepEqual(rest, { localName: "alert", namespace: "urn:x", tabId });
  assert.match(name, /^[A-Za-z0-9.]+$/);

  const data = { __name: "alert", __ns: "urn:x", level: "3" };
  socket.push({ type: "CheckServerInstance", data: "1" });
  socket.push({ type: name, data });
  socket.push({ type: "globalThis.process.exit", data: 1 });
  await settle();
  assert.deepEqual(heard, [data]);
});

test("a lost socket is opened again and the handlers registered again", async () => {
  server.answer(json({}));
  await Xmpp.RegisterEventHandler("alert", "urn:x", "chat", () => {});
  server.answer(json({}));
  sockets[0].close();
  for (let tries = 0; sockets.length < 2 && tries < 200; tries += 1) await settle();
  await settle();
  assert.equal(sockets.length, 2);
  assert.deepEqual(sockets[1].sent, sockets[0].sent.slice(0, 1));
  assert.equal(server.requests[1].body, server.requests[0].body);
});

test("the last handler closes the socket", async () => {
  server.answer(json({}), json({}));
  await Xmpp.RegisterEventHandler("alert", "urn:x", null, () => {});
  await Xmpp.UnregisterEventHandler("alert", "urn:x", null);
  assert.equal(JSON.parse(server.requests[1].body).function, "");
  assert.deepEqual(sockets[0].sent.at(-1), { cmd: "Unregister" });
});

test("a function name is resolved when a message comes, and is called on its object", async () => {
  server.answer(json({}));
  await Xmpp.RegisterEventHandler("alert", "urn:x", null, "Page.OnAlert");
  const Page = {
    /** @type {unknown[]} */
    heard: [],
    OnAlert(/** @type {unknown} */ data) {
      this.heard.push(data);
    },
  };
  Object.assign(globalThis, { Page });
  sockets[0].push({ type: "Page.OnAlert", data: 7 });
  await settle();
  assert.deepEqual(Page.heard, [7]);
  Reflect.deleteProperty(globalThis, "Page");
});

test("a function name is registered for the tab of the page's own script, without another socket", async () => {
  Object.assign(globalThis, { TabID: "tab-of-events-js" });
  server.answer(json({}));
  await Xmpp.RegisterEventHandler("alert", "urn:x", "", "Page.OnAlert");
  assert.deepEqual(sockets, []);
  assert.deepEqual(JSON.parse(server.requests[0].body), {
    localName: "alert",
    namespace: "urn:x",
    function: "Page.OnAlert",
    tabId: "tab-of-events-js",
  });
});

test("a handler that throws is reported, and other handlers are still called", async () => {
  /** @type {unknown[]} */
  const reported = [];
  globalThis.reportError = (error) => reported.push(error.message);
  /** @type {unknown[]} */
  const heard = [];
  server.answer(json({}), json({}));
  await Xmpp.RegisterEventHandler("a", "urn:x", null, () => {
    throw new Error("mine");
  });
  await Xmpp.RegisterEventHandler("b", "urn:x", null, (data) => heard.push(data));
  const [first, second] = server.requests.map(({ body }) => JSON.parse(body).function);
  sockets[0].push({ type: first, data: 1 });
  sockets[0].push({ type: second, data: 2 });
  await settle();
  assert.deepEqual([heard, reported], [[2], ["mine"]]);
});

for (const name of [undefined, null, 7, {}, "", "a b", "a..b", "alert(1)", "a-b"]) {
  test(`Function must not be ${JSON.stringify(name)}`, async () => {
    const error = await rejection(Xmpp.RegisterEventHandler("a", "b", "c", wrong(name)));
    assert.deepEqual([error.code, error.parameter], ["invalid-argument", "Function"]);
  });
}

test("without a WebSocket the error names the alternatives", async () => {
  Reflect.deleteProperty(globalThis, "WebSocket");
  const error = await rejection(Xmpp.RegisterEventHandler("a", "b", "c", () => {}));
  assert.equal(error.code, "unsupported");
  assert.match(error.message, /option WebSocket, or use AgentAPI\.Xmpp\.OnMessage\./);
});

test("a script written for TAG's `Agent.js` finds the methods that it uses, and can add a group", () => {
  const script = readFileSync(new URL("../../pkg/agentapi.global.js", import.meta.url), "utf8");
  const context = vm.createContext({});
  vm.runInContext(script, context);
  const used = vm.runInContext(
    `AgentAPI["Things"] = { "Sensor": {} };
    [AgentAPI.Things, AgentAPI.Xmpp.PresenceProbe, AgentAPI.Xmpp.InformationQuery,
     AgentAPI.Xmpp.RegisterEventHandler, AgentAPI.Account.XmlEncode, AgentAPI.IO.Log].map((x) => typeof x).join();`,
    context,
  );
  assert.equal(used, "object,function,function,function,function,function");
});

test("the fourth argument that Agent.Things.js gives to a query is ignored", async () => {
  server.answer(json({ ok: false, errorCode: 503, errorText: "no" }));
  const answer = await Xmpp.InformationQuery("bob@x/y", "get", "<a/>", wrong("sv"));
  assert.deepEqual(answer, { ok: false, errorCode: 503, errorText: "no" });
});

const TRANSACTION = { id: "t1", state: "Created", started: 1, serviceId: "s", serviceProvider: "p" };

for (const [form, call] of /** @type {[string, (heard: (event: unknown) => void) => Promise<unknown>][]} */ ([
  ["in its place", (heard) => AgentAPI.Wallet.GetTransactionInformation("t1", null, heard)],
  [
    "by its name",
    (FunctionName) =>
      AgentAPI.Wallet.InitiateBuyEDaler({
        ServiceId: "s",
        ServiceProvider: "p",
        Amount: 1,
        Currency: "SEK",
        FunctionName,
      }),
  ],
])) {
  test(`a function of a transaction, ${form}, hears of it`, async () => {
    server.answer(json(TRANSACTION));
    /** @type {unknown[]} */
    const heard = [];
    await call((event) => heard.push(event));
    const { tabId, functionName } = JSON.parse(server.requests[0].body);
    assert.equal(tabId, sockets[0].sent[0].tabId);
    sockets[0].push({ type: functionName, data: { state: "Committed" } });
    sockets[0].push({ type: "other", data: {} });
    await settle();
    assert.deepEqual(heard, [{ state: "Committed" }]);
  });
}

test("a name of a function of a transaction needs its tab, and a tab its function", async () => {
  const ask = (/** @type {any[]} */ ...args) => AgentAPI.Wallet.GetTransactionInformation("t1", ...args);
  const tab = "3f1f1a0e-7d5b-4a43-9a53-0a5f4b5c6d7e";
  for (const [args, parameter, part] of /** @type {[any[], string, string][]} */ ([
    [[null, "Page.OnPayment"], "TabId", "is missing; FunctionName needs it"],
    [[tab], "FunctionName", "is missing; TabId needs it"],
  ])) {
    const error = await rejection(ask(...args));
    assert.deepEqual([error.code, error.parameter], ["invalid-argument", parameter]);
    assert.ok(error.message.includes(part), error.message);
  }
  assert.deepEqual(server.requests, []);
});

test("a handler that fails later is reported, and ends no program", async () => {
  /** @type {unknown[]} */
  const reported = [];
  Object.assign(globalThis, { reportError: (/** @type {unknown} */ error) => reported.push(error) });
  server.answer(json({}));
  const failure = new Error("later");
  await Xmpp.RegisterEventHandler("alert", "urn:x", null, async () => {
    throw failure;
  });
  const { function: name } = JSON.parse(server.requests[0].body);
  sockets[0].push({ type: name, data: 1 });
  await settle();
  assert.deepEqual(reported, [failure]);
});

test("a function of a transaction is a function or a name, and has no tab of the page's", async () => {
  const ask = (/** @type {any[]} */ ...args) => AgentAPI.Wallet.GetTransactionInformation("t1", ...args);
  for (const [parameter, part, ...args] of /** @type {[string, string, ...unknown[]][]} */ ([
    ["FunctionName", "must be a function, or the dotted name of one, not a number", null, 7],
    ["FunctionName", "must be a function, or the dotted name of one, not a boolean", null, true],
    ["TabId", "must be a string, not a function", () => {}, () => {}],
    ["TabId", "must be left out with a function", "3f1f1a0e-7d5b-4a43-9a53-0a5f4b5c6d7e", () => {}],
  ])) {
    const error = await rejection(ask(...args));
    assert.deepEqual([error.code, error.parameter], ["invalid-argument", parameter]);
    assert.ok(error.message.includes(part), error.message);
  }
  assert.deepEqual([server.requests, sockets], [[], []]);
});
