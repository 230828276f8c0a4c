const { AgentAPI } = require("neuron-agent-api");
require("../story.js");

test("the story", async () => {
  expect(document.defaultView).toBe(window);
  const result = await story(AgentAPI, process.env.BROKER);
  expect(result).toEqual({ sent: true, pending: true, roster: ["bob@localhost"] });
});

test("a spy", async () => {
  const spy = jest.spyOn(AgentAPI.Xmpp, "GetRoster").mockResolvedValue({ RosterItems: [] });
  expect(await AgentAPI.Xmpp.GetRoster()).toEqual({ RosterItems: [] });
  spy.mockRestore();
  const { RosterItems } = await AgentAPI.Xmpp.GetRoster();
  expect(RosterItems).toHaveLength(1);
});
