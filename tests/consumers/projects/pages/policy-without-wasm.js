import { AgentAPI } from "/node_modules/neuron-agent-api/pkg/index.js";

const error = await AgentAPI.Account.DomainInfo().catch((reason) => reason);
document.body.textContent = JSON.stringify(error);
