// @ts-check
/** The entry for hosts that compile WebAssembly from bytes: browsers, Node, Deno, Bun. */

import { clients } from "./clients.js";
import { compile } from "./compile.js";

export { AgentApiError } from "./error.js";
export const { AgentAPI, createAgentAPI } = clients(compile);
