import { AgentAPI } from "neuron-agent-api";
import { story } from "../../story.mjs";

story(AgentAPI, new URLSearchParams(location.search).get("host")).then((result) => {
  document.body.textContent = JSON.stringify(result);
});
