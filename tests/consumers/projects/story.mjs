// What every consumer does, so that the only thing to look at in a project is how it gets the package.
export async function story(AgentAPI, host) {
  AgentAPI.IO.SetHost(host, false);
  await AgentAPI.Account.Login("alice", "wonderland", 60);
  const { sent, RosterItem } = await AgentAPI.Xmpp.SendPresenceSubscription("bob@localhost");
  const { RosterItems } = await AgentAPI.Xmpp.GetRoster();
  const roster = RosterItems.map(({ bareJid }) => bareJid);
  return { sent, pending: RosterItem.pendingSubscription, roster };
}
