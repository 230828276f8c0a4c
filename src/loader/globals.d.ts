/** What the classic script `agentapi.global.js` adds to the page. */

import type * as neuron from "./index.js";

declare global {
  var AgentAPI: typeof neuron.AgentAPI;
  var AgentApiError: typeof neuron.AgentApiError;
  var createAgentAPI: typeof neuron.createAgentAPI;
}
