// @ts-check
/** The story of a legal identity and a contract, with the real broker: each of two people has a client. */

import assert from "node:assert/strict";
import { createPublicKey, verify } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { startBroker } from "../support/broker.mjs";
import { personAt, stateOf, takeQueued } from "../support/person.mjs";

/** @typedef {import("neuron-agent-api").AgentAPI} Client */

/** @type {Awaited<ReturnType<typeof startBroker>>} */
let broker;
before(async () => {
  broker = await startBroker();
});
after(() => broker.stop());

/**
 * @param {import("node:test").TestContext} context
 * @param {"alice" | "bob"} name
 * @param {import("neuron-agent-api").Encoding} encoding
 */
const person = (context, name, encoding) => personAt(context, broker, name, encoding);

/**
 * The names of the elements that were queued for an account, which are taken.
 *
 * @param {Client} api
 */
const queued = async (api) => (await takeQueued(api)).map(({ __name }) => __name);

for (const encoding of /** @type {const} */ (["json", "xml"])) {
  describe(`in ${encoding}`, () => {
    test("alice and bob sign a contract, from their keys to the last signature", async (context) => {
      const alice = await person(context, "alice", encoding);
      const bob = await person(context, "bob", encoding);
      const { Contract: made } = await alice.api.Legal.CreateContract(
        "book-loan@legal.localhost",
        "CreatorAndParts",
        [
          { role: "Lender", legalId: alice.legalId },
          { role: "Borrower", legalId: bob.legalId },
        ],
        { Title: "Moby-Dick", Days: 14 },
      );
      const contractId = made.id;
      await Promise.all([queued(alice.api), queued(bob.api)]);
      const proposed = await alice.api.Legal.SendProposal(
        contractId,
        "Borrower",
        "bob@localhost",
        "Please <sign>.",
      );
      assert.equal(proposed.sent, true);
      assert.deepEqual(await queued(bob.api), ["contractProposal"]);

      const once = await alice.api.Legal.SignContract(...alice.key, contractId, alice.legalId, "Lender");
      assert.equal(stateOf(alice.api, once.Contract), "BeingSigned");
      const twice = await bob.api.Legal.SignContract(...bob.key, contractId, bob.legalId, "Borrower");
      assert.equal(stateOf(bob.api, twice.Contract), "Signed");

      const { Contract } = await alice.api.Legal.GetContract(contractId);
      assert.equal(alice.api.IO.Children(Contract, "signature").length, 2);
      const { Signatures } = await bob.api.Legal.GetSignedContracts();
      assert.ok(
        Signatures.some((signed) => signed.contractId === contractId && signed.legalId === bob.legalId),
      );
      assert.ok((await queued(alice.api)).includes("contractSigned"));
      assert.ok((await alice.api.Legal.GetIdentities()).Identities.length > 0);
    });

    test("a petition reaches the owner, and is answered at once where it was allowed before", async (context) => {
      const alice = await person(context, "alice", encoding);
      const bob = await person(context, "bob", encoding);
      await assert.rejects(bob.api.Legal.GetIdentity(alice.legalId), { code: "forbidden" });
      await Promise.all([queued(alice.api), queued(bob.api)]);
      const ask = (/** @type {string} */ id) =>
        bob.api.Legal.PetitionId(...bob.key, bob.legalId, alice.legalId, id, "To lend a book.");
      await ask("p1");
      assert.deepEqual(await queued(alice.api), ["petitionIdentityMsg"]);
      assert.deepEqual(await queued(bob.api), []);
      await alice.api.Legal.AuthorizeAccessToId(alice.legalId, bob.legalId, true);
      await ask("p2");
      assert.ok((await queued(bob.api)).includes("petitionIdentityResponseMsg"));
      const { Identity } = await bob.api.Legal.GetIdentity(alice.legalId);
      assert.equal(Identity.id, alice.legalId);
    });
  });
}

test("data is signed with the account's key, as Node's own cryptography verifies", async (context) => {
  const { api, key, legalId } = await person(context, "alice", "json");
  const data = Buffer.from("Hello, Åsa");
  const { Signature } = await api.Legal.SignData(...key, legalId, data.toString("base64"));
  const { key: publicKey, Algorithm } = await api.Crypto.GetPublicKey(key[2]);
  assert.equal(Algorithm.localName, "ed25519");
  const jwk = { kty: "OKP", crv: "Ed25519", x: Buffer.from(publicKey, "base64").toString("base64url") };
  const verifier = createPublicKey({ key: jwk, format: "jwk" });
  assert.ok(verify(null, data, verifier, Buffer.from(Signature, "base64")));
});

test("a wrong password of the key or of the account is refused, and the nonce is not used up", async (context) => {
  const { api, key, legalId } = await person(context, "bob", "json");
  const [localName, namespace, keyId, keyPassword, password] = key;
  for (const [wrongKey, wrong] of [
    ["other", password],
    [keyPassword, "other"],
  ]) {
    const signing = api.Legal.SignData(localName, namespace, keyId, wrongKey, wrong, legalId, "SGk=");
    await assert.rejects(signing, { code: "forbidden" });
  }
  assert.ok((await api.Legal.SignData(...key, legalId, "SGk=")).Signature);
});
