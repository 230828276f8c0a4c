// How a program in TypeScript uses the package. What must not compile says so.

import type { AgentApiErrorCode, PresenceSubscriptionResult, RosterItem, XmlElement } from "neuron-agent-api";
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

export async function byNames(password: string): Promise<string | undefined> {
  await AgentAPI.Account.Create(
    { UserName: "a", EMail: "a@b.c", Password: password, ApiKey: "k", Secret: "s", Seconds: 60 },
    { timeoutMs: 5000 },
  );
  const { Identity } = await AgentAPI.Legal.ApplyId({
    LocalName: "ed25519",
    Namespace: "urn:nf:iot:e2e:1.0",
    KeyId: "key",
    KeyPassword: password,
    AccountPassword: password,
    Properties: { FIRST: "Alice" },
  });
  return Identity.id;
}

export async function onPetition(): Promise<void> {
  const namespace = "urn:nf:iot:leg:id:1.0";
  // In another namespace it is something else.
  await AgentAPI.Xmpp.RegisterEventHandler(
    "identity",
    "urn:example",
    null,
    (data: XmlElement) => data.__name,
  );
  // @ts-expect-error and need not have the property
  await AgentAPI.Xmpp.RegisterEventHandler("identity", "urn:example", null, ({ id }) => id.length);
  await AgentAPI.Xmpp.RegisterEventHandler("petitionIdentityMsg", namespace, "normal", (petition) => {
    const words: string[] = [petition.from, petition.purpose, petition.identity.id];
    // @ts-expect-error a petition has no such attribute
    const no: string = petition.contractId;
    console.log(words, no);
  });
  const handler = (data: XmlElement) => console.log(data.__name);
  await AgentAPI.Xmpp.RegisterEventHandler("identity", namespace, "normal", handler);
  await AgentAPI.Xmpp.RegisterEventHandler("alert", "urn:example", null, handler);
  await AgentAPI.Xmpp.RegisterEventHandler(null, namespace, null, "Page.OnMessage");
  await AgentAPI.Xmpp.RegisterEventHandler("identity", namespace, null, "Page.OnIdentity");
}

export async function digestOf(url: string): Promise<ArrayBuffer> {
  const { Content } = await AgentAPI.Storage.Download(url);
  new Blob([Content]);
  new Response(Content);
  return crypto.subtle.digest("SHA-256", Content);
}

export async function misuse(): Promise<void> {
  // @ts-expect-error To is required
  await AgentAPI.Xmpp.SendPresenceSubscription();
  // @ts-expect-error To is a string
  await AgentAPI.Xmpp.SendPresenceSubscription(7);
  // @ts-expect-error no such parameter
  await AgentAPI.Xmpp.SendTextMessage({ To: "a@b.c", Message: "", to: "" });
  // @ts-expect-error one is missing
  await AgentAPI.Xmpp.SendTextMessage({ To: "a@b.c" });
  // @ts-expect-error by names only from five parameters on
  await AgentAPI.Xmpp.SendPresenceSubscription({ To: "a@b.c" });
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
