// @ts-check
/**
 * A classic script that was written for TAG's `Agent.js`, such as their `Agent.Things.js`, after ours: what it
 * finds, what it reads of answers, and how its functions are called by name.
 */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import vm from "node:vm";
import { startBroker } from "../support/broker.mjs";
import { outputWithWebSocket } from "../support/document.mjs";

const source = readFileSync(new URL("../../pkg/agentapi.global.js", import.meta.url), "latin1");

/** @type {Awaited<ReturnType<typeof startBroker>>} */
let broker;
before(async () => {
  broker = await startBroker();
});
after(() => broker.stop());

test("it finds plain objects, to which it can add, and the helpers that it calls", () => {
  const page = vm.createContext({ TextDecoder, TextEncoder, btoa });
  vm.runInContext(source, page);
  const find = (/** @type {string} */ code) => vm.runInContext(code, page);
  find(`AgentAPI["Added"] = { Inner: {} };`);
  find(`AgentAPI.Added.Inner.Value = AgentAPI.Account.XmlEncode("<");`);
  assert.equal(find("AgentAPI.Added.Inner.Value"), "&lt;");
  for (const name of ["Account.Base64Encode", "IO.AfterResponse"]) {
    const [group, method] = name.split(".");
    const { configurable, enumerable, writable } =
      Object.getOwnPropertyDescriptor(page.AgentAPI[group], method) ?? {};
    assert.deepEqual([configurable, enumerable, writable], [true, true, true], name);
  }
  assert.equal(find(`AgentAPI.IO.AfterResponse({ secret: "x" })`), undefined);
  const { Base64Encode } = page.AgentAPI.Account;
  for (const length of [0, 1, 2, 3, 32, 200_000]) {
    const bytes = Uint8Array.from({ length }, (_, index) => (index * 89) % 256);
    assert.equal(Base64Encode(bytes), Buffer.from(bytes).toString("base64"), `${length} bytes`);
  }
  assert.equal(Base64Encode([0xfb, 0xff]), "+/8=");
});

const PROGRAM = `
  import "neuron-agent-api/agentapi.global.js";
  const [, host, password] = process.argv;
  const DATA = "urn:nf:iot:sd:1.0";

  AgentAPI["Gauges"] = {
    "Helper": {
      "Ask": async function (Jid, Xml, Language) {
        var Answer = await AgentAPI.Xmpp.InformationQuery(Jid, "get", Xml, Language);
        if (!Answer.ok) throw new Error(Answer.ErrorElement.text.value);
        AgentAPI.IO.AfterResponse(Answer);
        return Answer.Stanza;
      },
    },
    "Progress": {
      "Waiting": {},
      "OnStarted": function (Data) {
        this.Waiting[Data.id].Started = true;
      },
      "OnData": function (Data) {
        var Record = this.Waiting[Data.id];
        var Field = Data.nd.ts.b;
        Field["ts"] = Data.nd.ts.v;
        Record.Field = Field;
        if (!Data.more) Record.Resolve(Record);
      },
    },
    "Read": async function (Jid) {
      var Id = AgentAPI.Account.Base64Encode(crypto.getRandomValues(new Uint8Array(32)));
      var Record = {};
      var Task = new Promise((Resolve) => (Record.Resolve = Resolve));
      this.Progress.Waiting[Id] = Record;
      await AgentAPI.Xmpp.RegisterEventHandler("started", DATA, "", "AgentAPI.Gauges.Progress.OnStarted");
      await AgentAPI.Xmpp.RegisterEventHandler("resp", DATA, "", "AgentAPI.Gauges.Progress.OnData");
      var Node = "<nd id='WaterDetector' src='Cellar'/>";
      var Stanza = await this.Helper.Ask(Jid, "<req xmlns='" + DATA + "' id='" + Id + "' m='true'>" + Node + "</req>", "en");
      if (Stanza.started) AgentAPI.Gauges.Progress.OnStarted(Stanza.started);
      return Task;
    },
  };

  AgentAPI.IO.SetHost(host, false);
  await AgentAPI.Account.Login("alice", password, 600);
  await AgentAPI.Xmpp.SendPresenceSubscription("concentrator@localhost");
  const { jid } = await AgentAPI.Xmpp.PresenceProbe("concentrator@localhost");
  const concentrator = (name, more = "") => "<" + name + " xmlns='urn:nf:iot:concentrator:1.0'" + more + "/>";
  const { Helper } = AgentAPI.Gauges;
  const capabilities = (await Helper.Ask(jid, concentrator("getCapabilities"), null)).strings.value;
  const { dataSource } = (await Helper.Ask(jid, concentrator("getRootDataSources"), "sv")).dataSources;
  const held = await Helper.Ask(jid, concentrator("containsNode", " id='Meter' src='House'"));
  const refused = await Helper.Ask(jid, concentrator("getNode", " id='x'")).catch((error) => error.message);
  const { Started, Field } = await AgentAPI.Gauges.Read(jid);
  const { n, v, ts } = Field;
  console.log(JSON.stringify({
    jid,
    capability: capabilities[0].value,
    source: dataSource.src,
    held: held.bool.value,
    refused,
    field: [Started, n, v, ts.length],
  }));
  await AgentAPI.Account.Logout();
`;

test("its functions ask a device, and get what the device sends later", async () => {
  const output = await outputWithWebSocket(PROGRAM, broker.host, broker.accounts.alice.password);
  assert.deepEqual(JSON.parse(output), {
    jid: "concentrator@localhost/sensors",
    capability: "getCapabilities",
    source: "House",
    held: "true",
    refused: "The concentrator has no such node or data source.",
    field: [true, "Water", "false", "2026-11-26T12:00:00.000Z".length],
  });
});
