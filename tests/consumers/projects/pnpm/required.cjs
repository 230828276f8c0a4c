module.exports = require("neuron-agent-api");
