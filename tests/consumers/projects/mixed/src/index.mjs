// A program that imports the package while something it uses requires it.
import { AgentAPI } from "neuron-agent-api";
import required from "./required.cjs";

console.log(JSON.stringify({ isOneCopy: required.AgentAPI === AgentAPI }));
