import { AgentAPI } from "neuron-agent-api";
import { story } from "../story.mjs";

console.log(JSON.stringify(await story(AgentAPI, process.argv[2])));
