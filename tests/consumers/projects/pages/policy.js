import { AgentAPI } from "/node_modules/neuron-agent-api/pkg/index.js";
import { story } from "../story.mjs";

const host = new URLSearchParams(location.search).get("host");
document.body.textContent = JSON.stringify(await story(AgentAPI, host));
