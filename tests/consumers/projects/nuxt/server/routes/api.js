import { AgentAPI } from "neuron-agent-api";
import { story } from "../../../story.mjs";

export default defineEventHandler((event) => story(AgentAPI, getQuery(event).host));
