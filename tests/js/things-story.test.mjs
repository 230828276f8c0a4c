// @ts-check
/** A sensor read through a subscription, with the real broker and its simulated concentrator. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createThings } from "neuron-agent-api/things";
import { startBroker } from "../support/broker.mjs";
import { clientFor } from "../support/client.mjs";
import { outputWithWebSocket } from "../support/document.mjs";
import { rejection } from "../support/rejection.mjs";

const JID = "concentrator@localhost";
const EVERYTHING = {
  ...{ JID, Momentary: true, Peak: true, Status: true, Computed: true, Identity: true, History: true },
};
const METER = { ...EVERYTHING, NodeId: "Meter", SourceId: "House" };

/** @type {Awaited<ReturnType<typeof startBroker>>} */
let broker;
before(async () => {
  broker = await startBroker();
});
after(() => broker.stop());

/**
 * A session, and what is polled beside the messages of readouts.
 *
 * @param {import("node:test").TestContext} context
 * @param {"alice" | "bob"} name
 * @param {import("neuron-agent-api").ClientOptions} [options]
 */
async function logIn(context, name, options) {
  const client = clientFor(context, broker.host, options);
  await client.Account.Login(name, broker.accounts[name].password, 600);
  /** @type {string[]} */
  const others = [];
  const things = createThings(client, { onMessage: ({ type }) => others.push(type) });
  return { client, things, others };
}

for (const encoding of /** @type {const} */ (["json", "xml"])) {
  test(`alice subscribes, looks around, and reads every sensor, in ${encoding}`, async (context) => {
    const { client, things, others } = await logIn(context, "alice", { encoding });
    const { Concentrator, Sensor } = things;
    const asked = await client.Xmpp.SendPresenceSubscription(JID);
    assert.equal(asked.RosterItem?.status, "To", "it accepts by itself");

    const capabilities = await Concentrator.GetCapabilities(JID);
    assert.equal(Object.keys(capabilities).length, 8);
    assert.equal(capabilities.getChildNodes, true);
    const sourcesOf = async (/** @type {Promise<{ src: string }[]>} */ sources) =>
      (await sources).map(({ src }) => src);
    assert.deepEqual(await sourcesOf(Concentrator.GetAllDataSources(JID, "en")), ["House", "Cellar"]);
    assert.deepEqual(await sourcesOf(Concentrator.GetRootDataSources(JID, "en")), ["House"]);
    assert.deepEqual(await sourcesOf(Concentrator.GetChildDataSources(JID, "en", "House")), ["Cellar"]);
    assert.deepEqual(await sourcesOf(Concentrator.GetChildDataSources(JID, "en", "Cellar")), []);

    const idsOf = async (/** @type {Promise<{ id: string }[]>} */ nodes) => (await nodes).map(({ id }) => id);
    const source = { JID, SourceId: "House" };
    assert.deepEqual(await idsOf(Concentrator.GetRootNodes(source)), ["Climate", "Meter"]);
    assert.deepEqual(await idsOf(Concentrator.GetRootNodes({ JID, SourceId: "Cellar" })), ["WaterDetector"]);
    const climate = { ...source, NodeId: "Climate" };
    assert.deepEqual(await idsOf(Concentrator.GetChildNodes(climate)), ["Thermometer", "Hygrometer"]);
    assert.equal(await Concentrator.ContainsNode({ ...source, NodeId: "Meter" }), true);
    assert.equal(await Concentrator.ContainsNode({ JID, NodeId: "Meter" }), false);
    const node = await Concentrator.GetNode({ ...source, NodeId: "Thermometer", Parameters: true });
    assert.deepEqual(
      [node.displayName, node.isReadable, node.hasChildren, node.parentId],
      ["Thermometer in the hall", true, false, "Climate"],
    );
    assert.deepEqual(
      node.Parameters.map(({ id, value }) => [id, value]),
      [
        ["Place", "Hall"],
        ["Interval", 60],
        ["Enabled", true],
      ],
    );
    const detector = { JID, NodeId: "WaterDetector", SourceId: "Cellar" };
    const { state, Messages } = await Concentrator.GetNode({ ...detector, Messages: true });
    assert.deepEqual([state, Messages.map(({ text }) => text)], ["WarningUnsigned", ["The battery is low."]]);

    const thermometer = { ...EVERYTHING, NodeId: "Thermometer", SourceId: "House" };
    const { Fields, Errors, jid } = await Sensor.ReadConcentratorNode(thermometer);
    assert.deepEqual([jid, Errors], ["concentrator@localhost/sensors", []]);
    assert.deepEqual(
      Fields.map((field) => [field.name, field.text, field.type === "quantity" && field.unit]),
      [
        ["Temperature", "21.50", "°C"],
        ["Serial number", "T-1001", false],
        ["Temperature, Max", "24.00", "°C"],
      ],
    );
    assert.deepEqual(Fields[0].node, { id: "Thermometer", src: "House" });
    assert.deepEqual([Fields[0].categories, Fields[0].quality], [["momentary"], ["automatic readout"]]);

    /** @type {string[]} */
    const states = [];
    const readout = Sensor.ReadConcentratorNode(METER, { onProgress: ({ state }) => states.push(state) });
    const names = [];
    for await (const { name, value } of readout) names.push(`${name} ${value}`);
    assert.deepEqual(names, [
      "Power 1.2",
      "Pulses 9007199254740993",
      "Energy 1021.4",
      "Energy 1020.1",
      "Energy 1018.9",
    ]);
    assert.deepEqual(states, ["queued", "started", "reading", "reading", "reading", "reading", "done"]);

    const hygrometer = await Sensor.ReadConcentratorNode({
      ...METER,
      NodeId: "Hygrometer",
      Fields: ["Humidity"],
    });
    assert.deepEqual(
      hygrometer.Fields.map(({ name, value }) => [name, value]),
      [["Humidity", 42]],
    );
    const water = await Sensor.ReadConcentratorNode({ ...EVERYTHING, ...detector });
    assert.equal(water.Fields.length, 2);
    assert.deepEqual(
      water.Errors.map(({ text, node }) => [text, node?.id]),
      [["The humidity of the wall can't be measured.", "WaterDetector"]],
    );
    const itself = await Sensor.ReadStandaloneDevice(EVERYTHING);
    assert.deepEqual(
      itself.Fields.map(({ name, value, node }) => [name, value, node]),
      [["Model", "Simulated concentrator", undefined]],
    );

    const unknown = await rejection(Sensor.ReadConcentratorNode({ ...METER, NodeId: "Nobody" }));
    assert.deepEqual([unknown.code, Reflect.get(unknown, "condition")], ["not-found", "item-not-found"]);
    const group = await rejection(Sensor.ReadConcentratorNode({ ...METER, NodeId: "Climate" }));
    assert.equal(group.code, "not-implemented");
    assert.deepEqual(others, ["subscribed"], "what was in the queue before is not lost");

    await client.Xmpp.RemoveRosterItem(JID);
  });
}

test("bob, who has no subscription, finds it unavailable, and is forbidden to ask", async (context) => {
  const { things } = await logIn(context, "bob");
  assert.equal((await rejection(things.Sensor.ReadConcentratorNode(METER))).code, "unavailable");
  const other = await logIn(context, "bob");
  await other.client.Xmpp.RemoveRosterItem(JID);
  const full = { ...METER, JID: "concentrator@localhost/sensors" };
  assert.equal((await rejection(other.things.Sensor.ReadConcentratorNode(full))).code, "forbidden");
});

const PROGRAM = `
  import { AgentAPI } from "neuron-agent-api";
  import { Things } from "neuron-agent-api/things";
  const [, host, password] = process.argv;
  AgentAPI.IO.SetHost(host, false);
  await AgentAPI.Account.Login("alice", password, 600);
  await AgentAPI.Xmpp.SendPresenceSubscription("${JID}");
  const node = { JID: "${JID}", Momentary: true, History: true, NodeId: "Meter", SourceId: "House" };
  const readouts = await Promise.all([1, 2].map(() => Things.Sensor.ReadConcentratorNode(node)));
  const { Messages } = await AgentAPI.Xmpp.PopMessages();
  console.log(readouts.map(({ Fields }) => Fields.length).join(), Messages.map(({ type }) => type).join());
`;

test("with a WebSocket messages are pushed, and a program ends after its readouts", async () => {
  const { password } = broker.accounts.alice;
  const output = await outputWithWebSocket(PROGRAM, broker.host, password);
  assert.equal(output, "4,4 subscribed\n");
});
