import { json } from "@sveltejs/kit";
import { AgentAPI } from "neuron-agent-api";
import { story } from "../../../../story.mjs";

export async function GET({ url }) {
  return json(await story(AgentAPI, url.searchParams.get("host")));
}
