// A program whose types know neither a browser nor Node.

import type { Signal } from "neuron-agent-api";
import { AgentAPI, createAgentAPI } from "neuron-agent-api";
import { createThings } from "neuron-agent-api/things";

export async function read(signal: Signal): Promise<number> {
  const client = createAgentAPI({ fetch: async (url, options) => ({ url, options }) });
  client.dispose();
  const { RosterItems } = await AgentAPI.Xmpp.GetRoster(0, 10, { signal });
  return RosterItems.length;
}

export async function readSensor(signal: Signal): Promise<number> {
  const { Fields } = await createThings(AgentAPI).Sensor.ReadStandaloneDevice(
    { JID: "a@b", Peak: true },
    { signal },
  );
  return Fields.length;
}
