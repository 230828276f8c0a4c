import { AgentAPI } from "neuron-agent-api";
import { story } from "../../../story.mjs";

export async function load({ url }) {
  return { result: await story(AgentAPI, url.searchParams.get("host")) };
}
