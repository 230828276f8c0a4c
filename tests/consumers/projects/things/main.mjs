import process from "node:process";
import { AgentAPI } from "neuron-agent-api";
import { Things } from "neuron-agent-api/things";
import { story } from "./story.mjs";

console.log(JSON.stringify(await story(AgentAPI, Things, process.argv.at(-1))));
