import { AgentAPI } from "neuron-agent-api";
import { story } from "../story.mjs";

console.log(JSON.stringify(await story(AgentAPI, Bun.argv[2])));
