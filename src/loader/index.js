// @ts-check
/** The entry for every host that may compile WebAssembly from bytes: browsers, Node, Deno, Bun. */

import { compile } from "./compile.js";
import { lazy } from "./lazy.js";

export { AgentApiError } from "./error.js";
export const AgentAPI = lazy(compile);
