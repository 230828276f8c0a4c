// How a program in TypeScript uses the entry for tests. What must not compile says so.

import { createAgentAPI } from "neuron-agent-api";
import type { Fault, FaultFunction, FaultName, ReceivedRequest, TestBroker } from "neuron-agent-api/testing";
import { createTestBroker } from "neuron-agent-api/testing";

const onPut: FaultFunction = ({ method }) => (method === "PUT" ? "reset" : undefined);

export const broker: TestBroker = createTestBroker({
  accounts: { alice: "pw", bob: { password: "pw", legalId: "1@legal.example.org" } },
  apiKeys: { key: "secret" },
  domain: "example.org",
  clock: Date,
  faults: ["lost", { status: 503, retryAfter: 2, resource: "Xmpp/GetRoster", times: 3 }, onPut],
  seed: 7,
});
export const alone = createTestBroker();
export const none = createTestBroker(null);

export const alice = createAgentAPI({ host: "neuron.example.org", fetch: broker.fetch });
export const name: FaultName = "truncate";
export const fault: Fault = { delayMs: 5 };

export function use(): ReceivedRequest | undefined {
  broker.clock.advance(1000);
  broker.faults.add(name, { fault: "hang", times: Number.POSITIVE_INFINITY }, () => ({
    ...fault,
    status: 502,
  }));
  broker.addAccount("carol", "pw");
  const to: string = broker.requests[0]?.body.to;
  const socket = new broker.WebSocket("wss://neuron.example.org/ClientEventsWS", "ls");
  socket.close();
  broker.reset();
  return broker.requests.find(({ resource, status }) => resource === to && status === 200);
}

// @ts-expect-error: no such fault
broker.faults.add("trunkate");
// @ts-expect-error: no such option
createTestBroker({ account: {} });
// @ts-expect-error: a rule has no name
createTestBroker({ faults: { name: "lost" } });
