// A client that ends with its block.

import { createAgentAPI } from "neuron-agent-api";

export async function count(): Promise<number> {
  using client = createAgentAPI({ host: "neuron.example.org" });
  const { RosterItems } = await client.Xmpp.GetRoster();
  return RosterItems.length;
}
