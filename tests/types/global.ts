// What the classic script adds, for a page that loads it by itself.

import "neuron-agent-api/agentapi.global.js";

export const host: string = AgentAPI.IO.GetHost();
export const isOurs = (error: unknown): boolean => AgentApiError.is(error);
export const client = createAgentAPI({ host });
// @ts-expect-error no such group
AgentAPI.Xml;
