// How a program in TypeScript uses the entry for things. What must not compile says so.

import { AgentAPI, createAgentAPI } from "neuron-agent-api";
import type { DeviceError, NodeInfo, SensorField, SensorReadout } from "neuron-agent-api/things";
import { createThings, Things } from "neuron-agent-api/things";

export const own = createThings(createAgentAPI(), { onMessage: ({ id }) => console.log(id) });
export const others = createThings(AgentAPI, null);

export async function read(jid: string): Promise<string[]> {
  const nodes: NodeInfo[] = await Things.Concentrator.GetRootNodes(jid, null, false, false, "House");
  const texts = nodes.map(({ id, src = "" }) => `${id} ${src}`);
  const readout = Things.Sensor.ReadConcentratorNode(
    {
      JID: jid,
      Momentary: true,
      NodeId: "1",
      Fields: ["Power"],
      From: new Date(0),
      To: "2026-11-26T12:00:00Z",
    },
    {
      signal: new AbortController().signal,
      onProgress: ({ state, fieldCount }) => console.log(state, fieldCount),
    },
  );
  for await (const field of readout) texts.push(describe(field));
  const { Fields, Errors }: SensorReadout = await readout;
  return [...texts, ...Fields.map(describe), ...Errors.map(({ text }) => text)];
}

export function describe(field: SensorField): string {
  switch (field.type) {
    case "quantity": {
      const value: number = field.value;
      return `${field.name} ${value.toFixed(1)} ${field.unit}`;
    }
    case "boolean":
      return field.value ? "yes" : "no";
    case "unknown":
      return field.problem;
    default:
      return `${field.name} ${field.value} ${field.quality.includes("signed")}`;
  }
}

/** Reads the node of a field again. Functions of the caller may be asynchronous. */
export async function readAgain(jid: string, { node }: SensorField): Promise<SensorReadout | undefined> {
  const save = async (state: string): Promise<void> => console.log(state);
  const given = node && {
    JID: jid,
    Momentary: true,
    NodeId: node.id,
    SourceId: node.src ?? null,
    Partition: node.pt ?? null,
  };
  return given && Things.Sensor.ReadConcentratorNode(given, { onProgress: ({ state }) => save(state) });
}

export const conditionOf = (error: DeviceError): string => `${error.code} ${error.condition}`;

export async function misuse(field: SensorField): Promise<void> {
  // @ts-expect-error JID is required
  await Things.Concentrator.GetCapabilities();
  // @ts-expect-error NodeId is required
  await Things.Sensor.ReadConcentratorNode({ JID: "a@b", Momentary: true });
  // @ts-expect-error Fields are an array
  await Things.Sensor.ReadStandaloneDevice({ JID: "a@b", Momentary: true, Fields: "Power" });
  // @ts-expect-error no such option
  await Things.Concentrator.GetCapabilities({ JID: "a@b" }, { onProgress: () => {} });
  // @ts-expect-error only a quantity has one
  field.unit;
  // @ts-expect-error the namespace is frozen
  Things.Sensor = {};
  // @ts-expect-error no client
  createThings({});
}
