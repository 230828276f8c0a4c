// @ts-check
/** A whole conversation of two accounts with the real broker, in JSON, in XML, and mixed. */

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startAgent } from "../support/agent.mjs";
import { startBroker } from "../support/broker.mjs";

const ALICE = "alice@localhost";
const BOB = "bob@localhost";
const NICK = "<nick xmlns='http://jabber.org/protocol/nick'>Älva &amp; co</nick>";

/** @typedef {import("../support/agent.mjs").Agent} Agent */

/**
 * @param {import("neuron-agent-api").Encoding[]} encodings alice's and bob's
 * @param {(alice: Agent, bob: Agent) => Promise<void>} play
 */
async function withAgents(encodings, play) {
  const broker = await startBroker();
  const [alice, bob] = await Promise.all([startAgent(broker.host), startAgent(broker.host)]);
  try {
    for (const [agent, name, encoding] of /** @type {const} */ ([
      [alice, "alice", encodings[0]],
      [bob, "bob", encodings[1]],
    ])) {
      await agent.IO.SetEncoding(encoding);
      await agent.Account.Login(name, broker.accounts[name].password, 600);
    }
    await play(alice, bob);
  } finally {
    await Promise.all([alice.stop(), bob.stop()]);
    await broker.stop();
  }
}

const item = async (/** @type {Agent} */ agent, /** @type {string} */ contact) => {
  const { RosterItems } = await agent.Xmpp.GetRoster();
  const found = RosterItems.find(({ bareJid }) => bareJid === contact);
  return found && [found.status, found.pendingSubscription];
};

/** @typedef {import("neuron-agent-api").XmlElement} XmlElement */

/** The element of that name. @type {(elements: XmlElement[], name: string) => XmlElement} */
const named = (elements, name) =>
  elements.find(({ __name }) => __name === name) ?? assert.fail(`there is no ${name}`);

for (const [label, ...encodings] of /** @type {const} */ ([
  ["JSON", "json", "json"],
  ["XML", "xml", "xml"],
  ["both encodings", "json", "xml"],
])) {
  describe(`in ${label}`, () => {
    test("alice subscribes, bob accepts, they exchange messages, and unsubscribe", () =>
      withAgents(encodings, async (alice, bob) => {
        const asked = await alice.Xmpp.SendPresenceSubscription(BOB, NICK, "sv", "sub-1");
        assert.deepEqual([asked.sent, asked.id], [true, "sub-1"]);
        assert.deepEqual(asked.RosterItem, {
          bareJid: BOB,
          pendingSubscription: true,
          status: "None",
          name: "",
          Groups: [],
        });

        const {
          Messages: [request, ...others],
        } = await bob.Xmpp.PopMessages(10);
        assert.deepEqual(others, []);
        assert.equal(request.type, "subscribe");
        assert.deepEqual([request.from, request.to, request.id, request.lang], [ALICE, BOB, "sub-1", "sv"]);
        assert.match(request.timestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
        const nick = named(request.Content, "nick");
        assert.deepEqual([nick.__ns, nick.value], ["http://jabber.org/protocol/nick", "Älva & co"]);
        assert.ok(named(request.Content, "legalId").id, "alice's Legal ID is in the request");

        const accepted = await bob.Xmpp.SendSubscriptionAccepted(ALICE, "acc-1");
        assert.deepEqual([accepted.sent, accepted.id, accepted.RosterItem?.status], [true, "acc-1", "From"]);
        assert.deepEqual(await item(alice, BOB), ["To", false]);
        assert.deepEqual(await item(bob, ALICE), ["From", false]);
        const answers = (await alice.Xmpp.PopMessages(10)).Messages.map(({ type }) => type);
        assert.ok(answers.includes("subscribed"), answers.join());

        const { jid, type, received, Stanza } = await alice.Xmpp.PresenceProbe(BOB);
        assert.ok(jid.startsWith(`${BOB}/`), jid);
        assert.equal(type, "");
        assert.match(received, /Z$/);
        assert.equal(Stanza.__name, "presence");

        const pong = await alice.Xmpp.InformationQuery(jid, "get", "<ping xmlns='urn:xmpp:ping'/>");
        assert.equal(pong.ok, true);
        const unknown = await alice.Xmpp.InformationQuery(jid, "get", "<what xmlns='urn:what'/>");
        assert.equal(unknown.ok, false);
        assert.ok(unknown.ErrorElement?.__name);

        await alice.Xmpp.SendTextMessage(BOB, 'Hej <du> & "jag"\n😀', "Ämne", "sv", "m-1");
        await alice.Xmpp.SendFormattedMessage(BOB, "**Hej**");
        await alice.Xmpp.SendXmlMessage(BOB, "<alert xmlns='urn:example' level='3'><to/><to/></alert>");
        const { Messages } = await bob.Xmpp.PopMessages();
        const [text, formatted, xml] = Messages.filter(({ from }) => from.startsWith(ALICE));
        assert.deepEqual([text.id, text.lang, text.type], ["m-1", "sv", "chat"]);
        assert.equal(named(text.Content, "body").value, 'Hej <du> & "jag"\n😀');
        assert.equal(named(text.Content, "subject").value, "Ämne");
        assert.ok(formatted.Content.length >= 3, "text, HTML and Markdown");
        const alert = named(xml.Content, "alert");
        assert.deepEqual([alert.level, alert.to?.length], ["3", 2]);
        assert.deepEqual(await bob.Xmpp.PopMessages(), { Messages: [] }, "popped once");

        await bob.Xmpp.SendTextMessage(ALICE, "Hi");
        const {
          Messages: [hi],
        } = await alice.Xmpp.PopMessages();
        assert.deepEqual([hi.from.split("/")[0], named(hi.Content, "body").value], [BOB, "Hi"]);
        await bob.Xmpp.SendTextMessage(ALICE, "Hi again");
        assert.deepEqual(await alice.Xmpp.ClearMessages(), { count: 1 });

        const set = await alice.Xmpp.SetRosterItem(BOB, "Bob & co", ["Friends", "<A>"]);
        assert.deepEqual([set.name, set.Groups, set.status], ["Bob & co", ["Friends", "<A>"], "To"]);
        assert.deepEqual(await alice.Xmpp.GetRosterItem(BOB), set);

        await alice.Xmpp.SendPresenceUnsubscription(BOB);
        assert.deepEqual(await item(alice, BOB), ["None", false]);
        assert.deepEqual(await item(bob, ALICE), ["None", false]);

        await alice.Xmpp.RemoveRosterItem(BOB);
        assert.equal(await item(alice, BOB), undefined);
        await assert.rejects(alice.Xmpp.GetRosterItem(BOB), { code: "not-found" });
      }));

    test("alice subscribes, bob declines", () =>
      withAgents(encodings, async (alice, bob) => {
        await alice.Xmpp.SendPresenceSubscription(BOB);
        const declined = await bob.Xmpp.SendSubscriptionDeclined(ALICE);
        assert.equal(declined.sent, true);
        assert.deepEqual(await item(alice, BOB), ["None", false]);
        const types = (await alice.Xmpp.PopMessages()).Messages.map(({ type }) => type);
        assert.deepEqual(types, ["unsubscribed"]);
      }));

    test("both ask at once, and both accept", () =>
      withAgents(encodings, async (alice, bob) => {
        await Promise.all([
          alice.Xmpp.SendPresenceSubscription(BOB),
          bob.Xmpp.SendPresenceSubscription(ALICE),
        ]);
        assert.deepEqual(await item(alice, BOB), ["None", true]);
        assert.deepEqual(await item(bob, ALICE), ["None", true]);
        await Promise.all([
          alice.Xmpp.SendSubscriptionAccepted(BOB),
          bob.Xmpp.SendSubscriptionAccepted(ALICE),
        ]);
        assert.deepEqual(await item(alice, BOB), ["Both", false]);
        assert.deepEqual(await item(bob, ALICE), ["Both", false]);
      }));
  });
}

describe("with the broker", () => {
  /** @type {Awaited<ReturnType<typeof startBroker>>} */
  let broker;
  /** @type {Agent} */
  let agent;
  before(async () => {
    broker = await startBroker();
    agent = await startAgent(broker.host);
  });
  after(async () => {
    await agent.stop();
    await broker.stop();
  });

  test("a wrong password is refused, and the right one is accepted", async () => {
    await assert.rejects(agent.Account.Login("alice", "wrong", 600), { code: "unauthorized", status: 401 });
    const before = Date.now();
    const { jwt, expires } = await agent.Account.Login("alice", broker.accounts.alice.password, 600);
    assert.match(jwt, /^[\w-]+\.[\w-]+\.[\w-]+$/);
    const end = Date.parse(String(expires)) - 600_000;
    assert.ok(end >= before - 1000 && end <= Date.now() + 1000, "to the second");
  });

  test("a session is refreshed, described and ended", async () => {
    await agent.Account.Refresh(60);
    const { userName, created } = await agent.Account.Info();
    assert.equal(userName, "alice");
    assert.ok(Date.parse(created) > 0);
    assert.deepEqual(await agent.Account.Logout(), {});
    await assert.rejects(agent.Account.Info(), { code: "not-logged-in" });
  });

  test("the broker authenticates its own tokens", async () => {
    const { jwt } = await agent.Account.Login("alice", broker.accounts.alice.password, 600);
    const { subject, algorithm, claims } = await agent.Account.AuthenticateJwt(jwt);
    assert.deepEqual([subject, algorithm], ["alice", "HS256"]);
    assert.equal(Reflect.get(Object(claims), "sub"), "alice");
    await assert.rejects(agent.Account.AuthenticateJwt("a.b.c"));
  });

  test("a method that the broker does not implement is refused as such", async () => {
    await assert.rejects(agent.Account.PrepareRemoteQuickLogin(), { code: "not-implemented" });
  });
});
