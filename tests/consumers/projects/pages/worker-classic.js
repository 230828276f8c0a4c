importScripts("/node_modules/neuron-agent-api/pkg/agentapi.global.js", "../story.js");

story(AgentAPI, new URLSearchParams(location.search).get("host")).then((result) => postMessage(result));
