// @ts-check
/** The WebSocket of the test broker, over which it pushes messages to clients. */

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { createAgentAPI } from "neuron-agent-api";
import { createTestBroker } from "neuron-agent-api/testing";
import { until } from "../support/client.mjs";

const real = globalThis.WebSocket;
after(() => void Object.assign(globalThis, { WebSocket: real }));

/** A broker whose WebSocket is the global one, and two clients that have logged in. */
async function start(/** @type {{ after: (end: () => void) => void }} */ context) {
  const broker = createTestBroker({ accounts: { alice: "pw", bob: "pw" } });
  Object.assign(globalThis, { WebSocket: broker.WebSocket });
  const clients = ["alice", "bob"].map((name) => {
    const client = createAgentAPI({ host: "neuron.example.org", fetch: broker.fetch });
    context.after(() => client.dispose());
    return { name, client };
  });
  for (const { name, client } of clients) await client.Account.Login(name, "pw", 3600);
  const [{ client: alice }, { client: bob }] = clients;
  return { broker, alice, bob };
}

/** @typedef {import("neuron-agent-api").AgentAPI} AgentAPI */

/** Has bob hear of alerts. @param {AgentAPI} bob */
async function listen(bob) {
  /** @type {unknown[]} */
  const heard = [];
  await bob.Xmpp.RegisterEventHandler("alert", "urn:x", null, (alert) => heard.push(alert.level));
  return heard;
}

const alert = (/** @type {AgentAPI} */ from, /** @type {number} */ level) =>
  from.Xmpp.SendXmlMessage("bob@localhost", `<alert xmlns="urn:x" level="${level}"/>`);

test("messages are pushed", async (context) => {
  const { alice, bob } = await start(context);
  const heard = await listen(bob);
  await alert(alice, 1);
  await alert(alice, 2);
  await until(() => heard.length === 2, "two alerts");
  assert.deepEqual(heard, ["1", "2"]);
  await bob.Account.Logout();
});

test("the library opens another socket when one breaks, and no event is lost", async (context) => {
  const { broker, alice, bob } = await start(context);
  const heard = await listen(bob);
  broker.closeSockets();
  await alert(alice, 3);
  await until(() => heard.length === 1, "the alert");
  assert.deepEqual(heard, ["3"]);
});

test("it has the states, the events and the errors of a WebSocket", async () => {
  const { WebSocket } = createTestBroker();
  const url = "wss://neuron.example.org/ClientEventsWS";
  /** @param {ConstructorParameters<typeof WebSocket>} args */
  const open = async (...args) => {
    const socket = new WebSocket(...args);
    /** @type {string[]} */
    const events = [];
    for (const type of ["open", "message", "error", "close"]) {
      socket.addEventListener(type, (/** @type {any} */ event) => {
        events.push([type, event.data && JSON.parse(event.data).type, event.code].filter(Boolean).join(" "));
      });
    }
    assert.equal(socket.readyState, 0);
    assert.throws(() => socket.send("{}"), { name: "InvalidStateError" });
    await until(() => socket.readyState !== 0);
    return { socket, events };
  };
  const { socket, events } = await open(url, "ls");
  assert.deepEqual([socket.readyState, socket.protocol, socket.url], [1, "ls", url]);
  socket.send(JSON.stringify({ cmd: "Register", tabId: "t", location: "https://app.example/" }));
  await until(() => events.length === 2);
  socket.onclose = () => events.push("onclose");
  socket.close();
  await until(() => socket.readyState === 3);
  assert.deepEqual(events, ["open", "message CheckServerInstance", "close 1000", "onclose"]);
  for (const args of /** @type {ConstructorParameters<typeof WebSocket>[]} */ ([
    [url],
    [url, ["other"]],
    ["https://neuron.example.org/elsewhere", "ls"],
  ])) {
    assert.deepEqual((await open(...args)).events, ["error", "close 1006"]);
  }
  const wrong = await open(url, "ls");
  wrong.socket.send("no JSON");
  await until(() => wrong.socket.readyState === 3);
  assert.deepEqual(wrong.events, ["open", "close 1005"]);
  assert.throws(() => new WebSocket("ftp://x/", "ls"), { name: "SyntaxError" });
});
