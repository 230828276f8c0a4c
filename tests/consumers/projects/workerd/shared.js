import { createAgentAPI } from "neuron-agent-api";

let client;

export default {
  async fetch(request) {
    const host = new URL(request.url).searchParams.get("host");
    client ??= createAgentAPI({ host, secure: false, maxInFlight: 1 });
    const { domain } = await client.Account.DomainInfo();
    return Response.json(domain);
  },
};
