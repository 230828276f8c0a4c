import { AgentAPI } from "neuron-agent-api";
import { story } from "../../../story.mjs";

export const prerender = false;

export async function GET({ url }) {
  return Response.json(await story(AgentAPI, url.searchParams.get("host")));
}
