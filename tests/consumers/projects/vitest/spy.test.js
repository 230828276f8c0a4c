import { AgentAPI } from "neuron-agent-api";
import { expect, test, vi } from "vitest";
import { story } from "../story.mjs";

test("a spy", async () => {
  await story(AgentAPI, process.env.BROKER);
  const spy = vi.spyOn(AgentAPI.Xmpp, "GetRoster").mockResolvedValue({ RosterItems: [] });
  expect(await AgentAPI.Xmpp.GetRoster()).toEqual({ RosterItems: [] });
  spy.mockRestore();
  const { RosterItems } = await AgentAPI.Xmpp.GetRoster();
  expect(RosterItems).toHaveLength(1);
});

test("a signal of the page", async () => {
  const controller = new AbortController();
  controller.abort();
  const call = AgentAPI.Xmpp.GetRoster(null, null, { signal: controller.signal });
  await expect(call).rejects.toMatchObject({ code: "aborted" });
});
