import { AgentAPI } from "neuron-agent-api";
import { MockAgent, setGlobalDispatcher } from "undici";
import { ANSWERS, HOST } from "../double.mjs";
import { story } from "../story.mjs";

const agent = new MockAgent();
agent.disableNetConnect();
setGlobalDispatcher(agent);
const pool = agent.get(`http://${HOST}`);
for (const [path, answer] of Object.entries(ANSWERS)) {
  pool.intercept({ path, method: "POST" }).reply(200, answer, { headers: { "content-type": "application/json" } });
}
console.log(JSON.stringify(await story(AgentAPI, HOST)));
agent.assertNoPendingInterceptors();
