import { AgentAPI } from "neuron-agent-api";
import { Things } from "neuron-agent-api/things";
import { story } from "./story.mjs";

export default {
  async fetch(request) {
    const host = new URL(request.url).searchParams.get("host");
    return Response.json(await story(AgentAPI, Things, host));
  },
};
