import { AgentAPI } from "neuron-agent-api";
import { story } from "../story.mjs";

const host = new URLSearchParams(location.search).get("host");
const inWorker = chrome.runtime.sendMessage(host);
Promise.all([story(AgentAPI, host), inWorker]).then(([content, worker]) => {
  const keptInPage = Object.keys(sessionStorage);
  document.body.textContent = JSON.stringify({ content, worker, keptInPage });
});
