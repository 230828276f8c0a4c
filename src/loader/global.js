// @ts-check
/** The entry for a classic `<script>`, and for `importScripts` in a worker. */

import { AgentAPI, AgentApiError, createAgentAPI } from "./index.js";

// Scripts that build on it add groups of their own, as TAG's `Agent.Things.js` does.
Object.assign(globalThis, { AgentAPI, AgentApiError, createAgentAPI });
