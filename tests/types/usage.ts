// How a program in TypeScript uses the package. What must not compile says so.

import type {
  AgentApiErrorCode,
  PresenceSubscriptionResult,
  RosterItem,
  TokenElement,
  TokenNote,
  XmlElement,
} from "neuron-agent-api";
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

export async function ownTokens(): Promise<TokenElement[]> {
  const { Children } = AgentAPI.IO;
  const { Tokens } = await AgentAPI.Tokens.GetTokens(0, 20, false);
  const tokens: TokenElement[] = Children(Tokens, "token");
  const [reference] = Children(Tokens, "ref");
  const { Token } = await AgentAPI.Tokens.GetToken(reference?.id ?? "1@tokens.example.org");
  const price: string = `${Token.value} ${Token.currency}`;
  // @ts-expect-error an attribute is a text
  const amount: number = Token.value;
  const { Events } = await AgentAPI.Tokens.GetTokenEvents(Token.id);
  const notes: TokenNote[] = Children(Events, "noteText");
  const { Note } = await AgentAPI.Tokens.AddTextNote(Token.id, price, false);
  const { CurrentState } = await AgentAPI.StateMachines.GetCurrentState(Token.id);
  const variables: (string | undefined)[] = Children(CurrentState, "variable").map(({ name }) => name);
  // What no type knows is any element.
  const others: XmlElement[] = Children(Events, "somethingElse");
  console.log(
    amount,
    [...notes, Note].map(({ timestamp }) => timestamp),
    CurrentState.state,
    variables,
    others,
  );
  const namespace = "https://paiwise.tagroot.io/Schema/NeuroFeatures.xsd";
  await AgentAPI.Xmpp.RegisterEventHandler("tokenAdded", namespace, "normal", ({ token }) => {
    const name: string | undefined = token?.friendlyName;
    console.log(name);
  });
  return tokens;
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
