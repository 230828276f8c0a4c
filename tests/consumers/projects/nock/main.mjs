import { AgentAPI } from "neuron-agent-api";
import nock from "nock";
import { ANSWERS, HOST } from "../double.mjs";
import { story } from "../story.mjs";

nock.disableNetConnect();
const scope = nock(`http://${HOST}`);
for (const [path, answer] of Object.entries(ANSWERS)) scope.post(path).reply(200, answer);
console.log(JSON.stringify(await story(AgentAPI, HOST)));
scope.done();
