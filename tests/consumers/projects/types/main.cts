import agent = require("neuron-agent-api");

const { AgentAPI, AgentApiError } = agent;

export async function subscribe(): Promise<boolean | undefined> {
  try {
    const { RosterItem } = await AgentAPI.Xmpp.SendPresenceSubscription("bob@localhost");
    return RosterItem?.pendingSubscription;
  } catch (error) {
    if (AgentApiError.is(error) && error.code === "not-logged-in") return undefined;
    throw error;
  }
}

// @ts-expect-error An address is a text: where the types are lost, nothing is wrong with a number.
AgentAPI.Xmpp.PresenceProbe(7);
