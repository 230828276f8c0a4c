import { createRequire } from "node:module";
import { AgentAPI } from "neuron-agent-api";
import { expect, test } from "vitest";
import { story } from "../story.mjs";

test("the story", async () => {
  const result = await story(AgentAPI, process.env.BROKER);
  expect(result).toEqual({ sent: true, pending: true, roster: ["bob@localhost"] });
});

test("one copy, whether it is imported or required", () => {
  expect(createRequire(import.meta.url)("neuron-agent-api").AgentAPI).toBe(AgentAPI);
});
