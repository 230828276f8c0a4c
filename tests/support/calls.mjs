// @ts-check
/** Every method that sends a request, with valid arguments: a new one is here by its declaration. */

import { readFileSync } from "node:fs";
import { AgentAPI } from "neuron-agent-api";
import { examplesOf } from "../../xtask/declarations.mjs";

/** @type {import("../../xtask/declarations.mjs").Resource[]} */
const RESOURCES = JSON.parse(readFileSync(new URL("../../pkg/resources.json", import.meta.url), "utf8"));

/** @param {import("../../xtask/declarations.mjs").Resource} resource */
function operationOf({ group, name }) {
  return `${group}.${name}`;
}

/** Arguments of each resource: those are many to evaluate. @type {Map<string, unknown[]>} */
const EXAMPLES = new Map(
  RESOURCES.map((resource) => [operationOf(resource), Function(`return [${examplesOf(resource).all}]`)()]),
);

/**
 * What repeating a call would do, as src/wire declares it: `read`, `write`, `stanza` (with a trace on
 * the roster or without), `session`, `consume`, `once`.
 *
 * @typedef {"read" | "write" | "traced" | "stanza" | "session" | "consume" | "once"} Effect
 */

/** What may be among the arguments. */
export const WORDS = Object.freeze({
  contact: "bob@localhost",
  userName: "alice",
  password: "wonderland",
  token: "a.b.c",
  code: "123456",
  apiKey: "demo-key",
  secret: "demo-secret",
  keyPassword: "keypw",
  pin: "1234",
  domain: "other.example",
  text: "Hi",
});

/**
 * @param {Partial<Record<keyof typeof WORDS, string>>} [words]
 * @returns {[method: string, effect: Effect, values: unknown[]][]} without the options, which come
 *   after the last
 */
export function everyCall(words) {
  const { contact, userName, password, token, code, apiKey, secret, keyPassword, pin, domain, text } = {
    ...WORDS,
    ...words,
  };
  const xml = "<a xmlns='urn:x'/>";
  /** @type {[method: string, effect: Effect, values: unknown[]][]} */
  const calls = [
    ["Xmpp.SendTextMessage", "stanza", [contact, text, null, null, null]],
    ["Xmpp.SendFormattedMessage", "stanza", [contact, text, null, null, null]],
    ["Xmpp.SendXmlMessage", "stanza", [contact, xml, null, null, null]],
    ["Xmpp.SendPresenceSubscription", "traced", [contact, xml, null, null]],
    ["Xmpp.SendPresenceUnsubscription", "traced", [contact, null]],
    ["Xmpp.SendSubscriptionAccepted", "traced", [contact, null]],
    ["Xmpp.SendSubscriptionDeclined", "stanza", [contact, null]],
    ["Xmpp.GetRoster", "read", [null, null]],
    ["Xmpp.GetRosterItem", "read", [contact]],
    ["Xmpp.SetRosterItem", "write", [contact, text, ["A"]]],
    ["Xmpp.RemoveRosterItem", "write", [contact]],
    ["Xmpp.PresenceProbe", "read", [contact]],
    ["Xmpp.InformationQuery", "stanza", [`${contact}/x`, "get", xml]],
    ["Xmpp.PopMessages", "consume", [1]],
    ["Xmpp.ClearMessages", "consume", []],
    ["Xmpp.RegisterEventHandler", "write", ["a", "urn:x", "chat", () => {}]],
    ["Xmpp.UnregisterEventHandler", "write", ["a", "urn:x", "chat"]],
    ["Account.DomainInfo", "read", [null]],
    ["Account.Create", "session", ["carol", "carol@example.org", null, password, apiKey, secret, 600, null]],
    ["Account.GetSessionToken", "session", []],
    ["Account.VerifyEMail", "once", ["alice@example.org", code]],
    ["Account.VerifyPhoneNr", "once", ["+46700000000", code]],
    ["Account.ResendVerificationCodes", "once", ["alice@example.org", null, null]],
    ["Account.Login", "session", [userName, password, 600]],
    ["Account.QuickLogin", "session", [600]],
    ["Account.WwwLogin", "session", [userName, password, 600]],
    ["Account.RestartActiveSession", "session", []],
    ["Account.Refresh", "session", [600]],
    ["Account.Logout", "once", []],
    ["Account.Recover", "once", [userName, null, null, "alice@example.org", null]],
    ["Account.AuthenticateJwt", "read", [token]],
    ["Account.Info", "read", []],
    ["Account.Transfer", "once", ["ed448", "urn:x", "key1", keyPassword, password, pin]],
    ["Account.PrepareRemoteQuickLogin", "write", []],
    ["Account.RemoteQuickLogin", "once", [domain, "legal@id", "To test"]],
    ["Account.RemoteReferences", "read", []],
    ["IO.Request", "once", ["/Agent/Account/Info", { password }, null, null]],
  ];
  const listed = calls.map(([method]) => method);
  for (const resource of RESOURCES.filter(({ isExported }) => isExported)) {
    const method = operationOf(resource);
    if (listed.includes(method)) continue;
    const values = EXAMPLES.get(method) ?? [];
    const withSecrets = resource.parameters.map(({ kind, parameter }, index) => {
      if (kind.is !== "password") return withSecret(values[index], pin);
      return parameter === "KeyPassword" ? keyPassword : password;
    });
    calls.push([method, /** @type {Effect} */ (resource.effect), withSecrets]);
  }
  return calls;
}

/**
 * Whether the arguments of a method are the examples of its declaration, which name what a broker need not have.
 * Those of the others, above, fit the accounts of the local broker.
 *
 * @param {string} method
 */
export const hasExamples = (method) => !/^(Account|Xmpp|IO)\./.test(method);

/** What stands for a secret within an example. */
const EXAMPLE_SECRET = "4111111111111111";

/**
 * An example with the secret in it replaced.
 *
 * @param {any} value
 * @param {string} secret
 * @returns {any}
 */
function withSecret(value, secret) {
  if (value === EXAMPLE_SECRET) return secret;
  if (Array.isArray(value)) return value.map((item) => withSecret(item, secret));
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withSecret(inner, secret)]));
}

/** Methods whose response has no properties. */
export const ANSWERED_EMPTY = RESOURCES.filter(
  ({ response, answersBytes }) => response.fields.length === 0 && !answersBytes,
).map(operationOf);

/** Methods whose response is bytes of any kind. */
export const ANSWERED_WITH_BYTES = RESOURCES.filter(({ answersBytes }) => answersBytes).map(operationOf);

/** Methods that need a session. */
export const NEEDING_SESSION = RESOURCES.filter(({ access }) => access === "token").map(operationOf);

/** Methods that answer at once, without the broker. */
export const SYNCHRONOUS = [
  "Account.OnSessionChange",
  "Account.XmlEncode",
  "Xmpp.OnMessage",
  ...Object.keys(AgentAPI.IO)
    .map((name) => `IO.${name}`)
    .filter((method) => method !== "IO.Request"),
];

/** Every method there is, so that a test can show that it forgets none. */
export const allMethods = () =>
  Object.entries(AgentAPI).flatMap(([group, methods]) =>
    Object.keys(methods).map((name) => `${group}.${name}`),
  );

/**
 * Calls a method by its name, with values that need not fit its types.
 *
 * @param {import("neuron-agent-api").AgentAPI} client
 * @param {string} method such as `Xmpp.GetRoster`
 * @param {unknown[]} values
 * @returns {Promise<any>}
 */
export function callOf(client, method, values) {
  const [group, name] = method.split(".");
  return Reflect.get(client, group)[name](...values);
}
