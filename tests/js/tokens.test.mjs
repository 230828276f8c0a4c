// @ts-check
/** Tokens that contracts create at the real broker, with their notes, events and state machines. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { startBroker } from "../support/broker.mjs";
import { personAt, stateOf, takeQueued } from "../support/person.mjs";

/** @typedef {Awaited<ReturnType<typeof personAt>>} Person */

/** @typedef {import("neuron-agent-api").XmlElement} XmlElement */

/** @type {Awaited<ReturnType<typeof startBroker>>} */
let broker;
before(async () => {
  broker = await startBroker();
});
after(() => broker.stop());

const TEMPLATE = "book-token@legal.localhost";

/**
 * Registers a book, which becomes a token of this person.
 *
 * @param {Person} person
 * @param {"CreatorAndParts" | "Public"} visibility
 */
async function register({ api, key, legalId }, visibility) {
  const { currency, commission, trustProvider } = await api.Tokens.GetCreationAttributes();
  const { Contract } = await api.Legal.CreateContract(
    TEMPLATE,
    visibility,
    [
      { role: "Owner", legalId },
      { role: "TrustProvider", legalId: trustProvider },
    ],
    {
      Title: "Moby-Dick",
      Value: 10,
      Currency: currency,
      CommissionPercent: commission,
      Expires: "2100-01-01",
    },
  );
  const signed = await api.Legal.SignContract(...key, Contract.id, legalId, "Owner");
  assert.equal(stateOf(api, signed.Contract), "Signed");
  const { Tokens } = await api.Tokens.GetContractTokens(Contract.id);
  const [reference] = api.IO.Children(Tokens, "ref");
  return { contractId: Contract.id, tokenId: String(reference.id) };
}

for (const encoding of /** @type {const} */ (["json", "xml"])) {
  describe(`in ${encoding}`, () => {
    test("a book becomes a token when its owner has signed", async (context) => {
      const alice = await personAt(context, broker, "alice", encoding);
      const { api } = alice;
      await takeQueued(api);
      const { contractId, tokenId } = await register(alice, "Public");
      const names = (await takeQueued(api)).map(({ __name }) => __name);
      assert.equal(names.at(-1), "tokenAdded");
      const { Token } = await api.Tokens.GetToken(tokenId);
      for (const [name, value] of Object.entries({
        id: tokenId,
        friendlyName: "Moby-Dick",
        category: "Book",
        value: "10",
        currency: "SEK",
        owner: alice.legalId,
        ownerJid: "alice@localhost",
        creationContract: contractId,
        expires: "2100-01-01T00:00:00.000Z",
      })) {
        assert.equal(Token[name], value, name);
      }
      const { report } = await api.Tokens.GetDescription(tokenId, "Html");
      assert.match(report, /^<p>A <em>book<\/em>\./);
    });

    test("tokens are listed in pages, as references or as a whole", async (context) => {
      const bob = await personAt(context, broker, "bob", encoding);
      const { api } = bob;
      const ids = [await register(bob, "Public"), await register(bob, "Public")].map(
        ({ tokenId }) => tokenId,
      );
      const references = api.IO.Children((await api.Tokens.GetTokens()).Tokens, "ref");
      const offset = references.length - 2;
      assert.deepEqual(
        references.slice(offset).map(({ id }) => id),
        ids,
      );
      const { Tokens } = await api.Tokens.GetTokens(offset, 1, false);
      const whole = api.IO.Children(Tokens, "token");
      assert.deepEqual(
        whole.map(({ id, friendlyName }) => [id, friendlyName]),
        [[ids[0], "Moby-Dick"]],
      );
    });

    test("notes drive the state machine, and are read back as events", async (context) => {
      const alice = await personAt(context, broker, "alice", encoding);
      const bob = await personAt(context, broker, "bob", encoding);
      const { tokenId } = await register(alice, "Public");
      const { api } = alice;
      const stateNow = async () => (await bob.api.StateMachines.GetCurrentState(tokenId)).CurrentState;
      assert.equal((await stateNow()).state, "AtHome");
      await takeQueued(api);

      const { Note } = await api.Tokens.AddTextNote(tokenId, "Bob <asked> for it.", true);
      assert.deepEqual([Note.__name, Note.value, Note.personal], ["noteText", "Bob <asked> for it.", "true"]);
      assert.equal((await stateNow()).state, "AtHome");
      await api.Tokens.AddXmlNote(tokenId, "<lent xmlns='urn:example:book' to='bob'/>", false);
      assert.equal((await stateNow()).state, "Lent");
      await api.Tokens.AddXmlNote(tokenId, "<lost xmlns='urn:example:book'/>", false);
      const lost = await stateNow();
      assert.deepEqual([lost.machineId, lost.state, lost.ended], [tokenId, "Lost", "true"]);
      const [readable] = api.IO.Children(lost, "variable");
      assert.deepEqual([readable.name, readable.value], ["Readable", "false"]);
      const told = await takeQueued(api);
      assert.deepEqual(
        told.map(({ __name }) => __name),
        ["newState", "newState", "variablesUpdated"],
      );
      assert.deepEqual(
        told.slice(0, 2).map(({ state }) => state),
        ["Lent", ""],
      );

      const { Events } = await bob.api.Tokens.GetTokenEvents(tokenId);
      const count = (/** @type {string} */ kind) => api.IO.Children(Events, kind).length;
      assert.deepEqual(["created", "noteText", "noteXml"].map(count), [1, 1, 2]);
      const [lent] = api.IO.Children(Events, "noteXml");
      assert.equal(api.IO.Children(lent, "lent")[0].to, "bob");

      const { report } = await bob.api.StateMachines.CreateReport(tokenId, "History", "Text");
      assert.match(report, /AtHome[^]*Lent[^]*Lost/);
    });

    test("only its owner adds notes, and the contract decides who reads a token", async (context) => {
      const alice = await personAt(context, broker, "alice", encoding);
      const bob = await personAt(context, broker, "bob", encoding);
      const shown = await register(alice, "Public");
      const hidden = await register(alice, "CreatorAndParts");
      await assert.rejects(bob.api.Tokens.AddTextNote(shown.tokenId, "Mine!", false), { code: "forbidden" });
      assert.ok((await bob.api.Tokens.GetToken(shown.tokenId)).Token);
      for (const read of [
        () => bob.api.Tokens.GetToken(hidden.tokenId),
        () => bob.api.Tokens.GetTokenEvents(hidden.tokenId),
        () => bob.api.Tokens.GetContractTokens(hidden.contractId),
        () => bob.api.StateMachines.GetCurrentState(hidden.tokenId),
      ]) {
        await assert.rejects(read, { code: "forbidden" });
      }
      await assert.rejects(bob.api.Tokens.GetToken("x"), { code: "not-found" });
    });
  });
}

test("the types name what this broker answers and pushes", async (context) => {
  const types = await readFile(new URL("../../pkg/index.d.ts", import.meta.url), "utf8");
  /** The properties of an interface, its bases included. @type {(name: string) => string[]} */
  const propertiesOf = (name) => {
    const found = new RegExp(`export interface ${name} (?:extends (\\w+) )?\\{([^]*?)\\n\\}`).exec(types);
    const [, base, body] = found ?? assert.fail(name);
    const own = [...body.matchAll(/^ {2}(\w+)\??:/gm)].map(([, property]) => property);
    return base ? [...propertiesOf(base), ...own] : own;
  };
  const assertTyped = (/** @type {XmlElement} */ element, /** @type {string} */ name) => {
    const known = [...propertiesOf(name), "xmlns"];
    const unknown = Object.keys(element).filter((key) => !known.includes(key));
    assert.deepEqual(unknown, [], name);
  };
  const alice = await personAt(context, broker, "alice", "json");
  const { api } = alice;
  await takeQueued(api);
  const { contractId, tokenId } = await register(alice, "Public");
  const added = (await takeQueued(api)).find(({ __name }) => __name === "tokenAdded") ?? assert.fail();
  assertTyped(added, "TokenMessage");
  assert.ok(propertiesOf("PushedMessages").includes(added.__name));
  const [pushed] = api.IO.Children(added, "token");
  const { Token } = await api.Tokens.GetToken(tokenId);
  for (const token of [pushed, Token]) assertTyped(token, "TokenElement");
  const { Tokens } = await api.Tokens.GetContractTokens(contractId);
  assertTyped(Tokens, "TokenList");
  assertTyped(api.IO.Children(Tokens, "ref")[0], "TokenReference");
  const { Note } = await api.Tokens.AddTextNote(tokenId, "A note.", true);
  assertTyped(Note, "TokenNote");
  const { Events } = await api.Tokens.GetTokenEvents(tokenId);
  assertTyped(Events, "TokenEvents");
  assertTyped(api.IO.Children(Events, "created")[0], "TokenOwnerEvent");
  const { CurrentState } = await api.StateMachines.GetCurrentState(tokenId);
  assertTyped(CurrentState, "MachineState");
  assertTyped(api.IO.Children(CurrentState, "variable")[0], "MachineVariable");
});

test("what this broker can't write is refused with a sentence", async (context) => {
  const alice = await personAt(context, broker, "alice", "json");
  const { tokenId } = await register(alice, "Public");
  for (const ask of [
    () => alice.api.Tokens.GetDescription(tokenId, "Xaml"),
    () => alice.api.StateMachines.CreateReport(tokenId, "StateDiagram", "Markdown"),
  ]) {
    await assert.rejects(ask, { code: "not-implemented", message: /This broker writes no report/ });
  }
});
