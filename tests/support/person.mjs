// @ts-check
/** People with an approved identity, at the real broker. */

import assert from "node:assert/strict";
import { clientFor } from "./client.mjs";

const ALGORITHM = /** @type {const} */ (["ed25519", "urn:nf:iot:e2e:1.0"]);

/** How many keys were made. */
let keys = 0;

/**
 * A person with an approved identity, and its key.
 *
 * @param {import("node:test").TestContext} context
 * @param {Awaited<ReturnType<typeof import("./broker.mjs").startBroker>>} broker
 * @param {"alice" | "bob"} name
 * @param {import("neuron-agent-api").Encoding} encoding
 */
export async function personAt(context, broker, name, encoding) {
  const api = clientFor(context, broker.host, { encoding });
  const { password } = broker.accounts[name];
  await api.Account.Login(name, password, 600);
  // The key of an identity can't be replaced.
  keys += 1;
  const keyId = `key ${keys} of ${name}`;
  await api.Crypto.CreateKey(...ALGORITHM, keyId, "key password", password);
  const key = /** @type {const} */ ([...ALGORITHM, keyId, "key password", password]);
  const properties = { FIRST: name, LAST: "Byron", COUNTRY: "GB" };
  const { Identity } = await api.Legal.ApplyId(...key, properties);
  const legalId = Identity.id;
  assert.equal(stateOf(api, Identity), "Created");
  await api.Legal.AddIdAttachment(...key, legalId, "iVBORw0KGgo=", "ProfilePhoto.png", "image/png");
  await api.Legal.ReadyForApproval(...key, legalId);
  const approved = await api.Legal.GetIdentity(legalId);
  assert.equal(stateOf(api, approved.Identity), "Approved");
  return { api, key, legalId };
}

/**
 * The state of an identity or a contract.
 *
 * @param {import("neuron-agent-api").AgentAPI} api
 * @param {import("neuron-agent-api").XmlElement} element
 */
export const stateOf = (api, element) => api.IO.Children(element, "status")[0].state;

/**
 * The elements that were queued for an account, which are taken.
 *
 * @param {import("neuron-agent-api").AgentAPI} api
 */
export async function takeQueued(api) {
  const { Messages } = await api.Xmpp.PopMessages(100);
  return Messages.flatMap(({ Content }) => Content);
}
