import script from "neuron-agent-api/agentapi.global.js?url";
import module from "neuron-agent-api/agentapi.wasm?url";
import { show } from "../../url.mjs";

show(script, module);
