import { AgentAPI } from "/node_modules/neuron-agent-api/pkg/index.js";
import { story } from "../story.mjs";

addEventListener("message", (event) => {
  const answer = (data) => event.source.postMessage(data);
  // No page hears of what fails in here, unless it is told.
  event.waitUntil(story(AgentAPI, event.data).then(answer, (error) => answer(String(error))));
});
