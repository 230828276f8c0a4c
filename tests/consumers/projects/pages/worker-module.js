import { AgentAPI } from "/node_modules/neuron-agent-api/pkg/index.js";
import { story } from "../story.mjs";

postMessage(await story(AgentAPI, new URLSearchParams(location.search).get("host")));
