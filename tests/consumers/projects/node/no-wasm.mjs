// As on React Native's Hermes. Imported late, because an import that is written first runs first.
delete globalThis.WebAssembly;
const { AgentAPI } = await import("neuron-agent-api");

const error = await AgentAPI.Account.DomainInfo().catch((reason) => reason);
console.log(JSON.stringify(error));
