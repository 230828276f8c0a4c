import { show } from "../../url.mjs";

const script = new URL("neuron-agent-api/agentapi.global.js", import.meta.url);
const module = new URL("neuron-agent-api/agentapi.wasm", import.meta.url);
show(script, module);
