const { AgentAPI } = require("neuron-agent-api");
require("../story.js");

test("the story", async () => {
  process.stdout.write(JSON.stringify(await story(AgentAPI, process.env.BROKER)));
});
