// story.mjs for those that know no modules: a global, for classic scripts and CommonJS alike.
globalThis.story = async (AgentAPI, host) => {
  AgentAPI.IO.SetHost(host, false);
  await AgentAPI.Account.Login("alice", "wonderland", 60);
  const { sent, RosterItem } = await AgentAPI.Xmpp.SendPresenceSubscription("bob@localhost");
  const { RosterItems } = await AgentAPI.Xmpp.GetRoster();
  const roster = RosterItems.map(({ bareJid }) => bareJid);
  return { sent, pending: RosterItem.pendingSubscription, roster };
};
