// @ts-check
/** The entry for workerd (Cloudflare Workers), which runs only WebAssembly that was deployed. */

import module from "./agentapi.wasm";
import { clients } from "./clients.js";

export { AgentApiError } from "./error.js";
export const { AgentAPI, createAgentAPI } = clients(() => module);
