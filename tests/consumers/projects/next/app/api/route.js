import { AgentAPI } from "neuron-agent-api";
import { story } from "../../../story.mjs";

export async function GET(request) {
  return Response.json(await story(AgentAPI, request.nextUrl.searchParams.get("host")));
}
