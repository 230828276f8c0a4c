// How a CommonJS program in TypeScript uses the package.

import agent = require("neuron-agent-api");

export const sent: Promise<boolean> = agent.AgentAPI.Xmpp.SendPresenceSubscription("bob@example.org").then(
  (response) => response.sent,
);

import things = require("neuron-agent-api/things");

export const capabilities: Promise<Record<string, true>> = things
  .createThings(agent.AgentAPI)
  .Concentrator.GetCapabilities("house@example.org");
