import { http, HttpResponse } from "msw";
import { setupServer } from "msw/node";
import { AgentAPI } from "neuron-agent-api";
import { ANSWERS, HOST } from "../double.mjs";
import { story } from "../story.mjs";

const server = setupServer(
  ...Object.entries(ANSWERS).map(([path, answer]) =>
    http.post(`http://${HOST}${path}`, () => HttpResponse.json(answer)),
  ),
);
server.listen({ onUnhandledRequest: "error" });
console.log(JSON.stringify(await story(AgentAPI, HOST)));
server.close();
