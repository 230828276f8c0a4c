const { AgentAPI } = require("neuron-agent-api");
require("../story.js");

story(AgentAPI, process.argv[2]).then((result) => console.log(JSON.stringify(result)));
