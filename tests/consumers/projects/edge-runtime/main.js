import { AgentAPI } from "neuron-agent-api";
import { story } from "../story.mjs";

addEventListener("fetch", (event) => {
  const host = new URL(event.request.url).searchParams.get("host");
  event.respondWith(story(AgentAPI, host).then((result) => Response.json(result)));
});
