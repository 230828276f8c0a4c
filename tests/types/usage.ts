// How a program in TypeScript uses the package. What must not compile says so.

import type { AgentApiErrorCode, PresenceSubscriptionResult, RosterItem } from "neuron-agent-api";
import { AgentAPI, AgentApiError } from "neuron-agent-api";

export async function subscribe(address: string): Promise<string[]> {
  const response: PresenceSubscriptionResult = await AgentAPI.Xmpp.SendPresenceSubscription(address);
  await AgentAPI.Xmpp.SendPresenceSubscription(address, null, undefined, "id", {
    signal: new AbortController().signal,
    timeoutMs: 5000,
  });
  const item: RosterItem | undefined = response.RosterItem;
  if (item?.status === "Both") return item.Groups;
  return [response.id, item?.bareJid ?? ""];
}

export function explain(error: unknown): string {
  if (!AgentApiError.is(error)) return String(error);
  const code: AgentApiErrorCode = error.code;
  const status: number | undefined = error.status;
  return `${code} ${status} ${error.parameter} ${error.operation} ${error.alternatives?.join()}`;
}

export async function misuse(): Promise<void> {
  // @ts-expect-error To is required
  await AgentAPI.Xmpp.SendPresenceSubscription();
  // @ts-expect-error To is a string
  await AgentAPI.Xmpp.SendPresenceSubscription(7);
  // @ts-expect-error no such option
  await AgentAPI.Xmpp.GetRoster(0, 1, { timeout: 1 });
  // @ts-expect-error no such group
  AgentAPI.Xml;
  // @ts-expect-error the namespace is frozen
  AgentAPI.Xmpp = {};
  // @ts-expect-error and so are its methods
  AgentAPI.IO.GetHost = () => "";
  // @ts-expect-error no such code
  const code: AgentApiErrorCode = "teapot";
  // @ts-expect-error errors are made by the library
  new AgentApiError(code);
}
