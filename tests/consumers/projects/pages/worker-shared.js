import { AgentAPI } from "/node_modules/neuron-agent-api/pkg/index.js";
import { story } from "../story.mjs";

addEventListener("connect", ({ ports: [port] }) => {
  const host = new URLSearchParams(location.search).get("host");
  // No page hears of what fails in here, unless it is told.
  story(AgentAPI, host).then((result) => port.postMessage(result), (error) => port.postMessage(String(error)));
});
