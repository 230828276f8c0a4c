import required from "./required.cjs";
import { AgentAPI } from "neuron-agent-api";
import { story } from "../story.mjs";

const isOneCopy = required.AgentAPI === AgentAPI;
console.log(JSON.stringify({ ...(await story(AgentAPI, process.argv[2])), isOneCopy }));
