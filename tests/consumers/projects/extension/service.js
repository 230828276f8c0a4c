import { AgentAPI } from "neuron-agent-api";
import { story } from "../story.mjs";

chrome.runtime.onMessage.addListener((host, sender, answer) => {
  // No page hears of what fails in here, unless it is told.
  story(AgentAPI, host).then(answer, (error) => answer(String(error)));
  // The answer comes later.
  return true;
});
