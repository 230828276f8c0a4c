// A sensor whose data comes in messages, so there has to be a WebSocket.
export async function story(AgentAPI, Things, host) {
  const JID = "concentrator@localhost";
  AgentAPI.IO.SetHost(host, false);
  await AgentAPI.Account.Login("alice", "wonderland", 60);
  await AgentAPI.Xmpp.SendPresenceSubscription(JID);
  const meter = { JID, Momentary: true, History: true, NodeId: "Meter", SourceId: "House" };
  const values = [];
  for await (const { name, value } of Things.Sensor.ReadConcentratorNode(meter)) values.push([name, value]);
  return { values };
}
