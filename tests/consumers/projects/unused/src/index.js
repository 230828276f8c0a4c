import { AgentAPI } from "neuron-agent-api";

console.log("{}");
