// How a CommonJS program in TypeScript uses the package.

import agent = require("neuron-agent-api");

export const sent: Promise<boolean> = agent.AgentAPI.Xmpp.SendPresenceSubscription("bob@example.org").then(
  (response) => response.sent,
);
