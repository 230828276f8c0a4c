import { AgentAPI } from "neuron-agent-api";
import { story } from "../../../story.mjs";

export async function loader({ request }) {
  return Response.json(await story(AgentAPI, new URL(request.url).searchParams.get("host")));
}
