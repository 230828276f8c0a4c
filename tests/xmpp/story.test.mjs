// @ts-check
/**
 * An account of the Agent API and people with an ordinary XMPP client, through real XMPP servers: they
 * subscribe, are seen, write and ask, and learn what went wrong. The same with each server and client.
 */

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { CLIENTS } from "./support/clients.mjs";
import { SERVERS, skipWithout } from "./support/kinds.mjs";
import { logIn, startLinkedBroker } from "./support/linked.mjs";
import { connectPersonWith, xml } from "./support/person.mjs";
import { startServer } from "./support/servers.mjs";

const ALICE = "alice@agents.localhost";
const BOB = "bob@localhost";
const BOB_ON_PHONE = "bob@localhost/phone";
const REQUEST =
  "<hälsning xmlns='urn:example:hälsning' ton='vänlig'>Får jag se när du är här? <b>Älva &amp; co</b></hälsning>";

/** Any session of alice's. */
const A_SESSION = /^alice@agents\.localhost\/.+$/;

const pairs = Object.values(SERVERS).flatMap((server) =>
  Object.values(CLIENTS).map((client) => /** @type {const} */ ([server, client])),
);

for (const [kind, client] of pairs) {
  const skip = skipWithout(kind) || skipWithout(client);
  describe(`through ${kind.title}, to ${client.title}`, { skip }, () => {
    /** @type {import("./support/servers.mjs").XmppServer} */
    let server;
    /** @type {import("./support/linked.mjs").LinkedBroker} */
    let broker;
    /** @type {import("./support/person.mjs").Person} */
    let bob;

    before(async () => {
      server = await startServer(kind);
    });
    // Rosters of the server last as long as it, those of the broker as long as that.
    beforeEach(async () => {
      broker = await startLinkedBroker(server);
      bob = await connectPersonWith(client.connect, server);
    });
    afterEach(async () => {
      await forget(bob);
      await bob.stop();
      await broker.stop();
    });
    after(() => server.end());

    test("a request in Swedish, its acceptance, presence, messages and queries both ways, and the end", async (context) => {
      const { attrs, children } = await bob.query("localhost", xml("query", { xmlns: "jabber:iq:version" }));
      assert.equal(attrs.type, "result");
      const [version] = children.filter((child) => typeof child !== "string");
      context.diagnostic(`${version.getChildText("name")} ${version.getChildText("version")}`);

      const alice = await logIn(context, broker);
      await bob.becomeAvailable();
      await bob.next("presence", { from: BOB_ON_PHONE });

      const asked = await alice.Xmpp.SendPresenceSubscription(BOB, REQUEST, "sv", "request-1");
      assert.deepEqual([asked.sent, asked.id], [true, "request-1"]);
      assert.deepEqual([asked.RosterItem?.status, asked.RosterItem?.pendingSubscription], ["None", true]);

      const request = await bob.next("presence", { type: "subscribe" });
      const { from, to, id, type, "xml:lang": language, ...others } = request.attrs;
      assert.deepEqual([from, id, type, language], [ALICE, "request-1", "subscribe", "sv"]);
      // ejabberd names the client that it delivers to.
      assert.match(String(to), /^bob@localhost(\/phone)?$/);
      assert.deepEqual(
        Object.keys(others).filter((name) => !name.startsWith("xmlns")),
        [],
      );
      const greeting = request.getChild("hälsning", "urn:example:hälsning");
      assert.equal(greeting?.attrs.ton, "vänlig");
      assert.equal(greeting?.children[0], "Får jag se när du är här? ");
      assert.equal(greeting?.getChildText("b"), "Älva & co");
      assert.ok(request.getChild("legalId")?.attrs.id, "alice's Legal ID is in the request");
      assert.equal(request.children.length, 2);

      await bob.sendPresence(ALICE, "subscribed");
      await alice.becomes(BOB, "To");
      await alice.next({ type: "subscribed", from: BOB });

      const { jid, type: presence, Stanza } = await alice.Xmpp.PresenceProbe(BOB);
      assert.deepEqual([jid, presence, Stanza.__name], [BOB_ON_PHONE, "", "presence"]);

      await alice.Xmpp.SendTextMessage(BOB_ON_PHONE, 'Hej <du> & "jag"\n😀', "Ämne", "sv", "message-1");
      const message = await bob.next("message", { from: A_SESSION });
      assert.deepEqual(
        [message.attrs.id, message.attrs.type, message.attrs["xml:lang"]],
        ["message-1", "chat", "sv"],
      );
      assert.equal(message.getChildText("body"), 'Hej <du> & "jag"\n😀');
      assert.equal(message.getChildText("subject"), "Ämne");

      const session = String(message.attrs.from);
      await bob.send(
        xml(
          "message",
          { to: session, type: "chat", id: "message-2", "xml:lang": "sv" },
          xml("body", {}, "Tack & hej <3"),
          xml("humör", { xmlns: "urn:example:hälsning" }, "glad"),
        ),
      );
      const reply = await alice.next({ from: BOB_ON_PHONE });
      assert.deepEqual([reply.id, reply.type, reply.lang, reply.to], ["message-2", "chat", "sv", session]);
      // In any order: ejabberd has one of its own.
      const [body, mood] = ["body", "humör"].map((name) =>
        reply.Content.find(({ __name }) => __name === name),
      );
      assert.deepEqual([body?.__ns, body?.value], ["jabber:client", "Tack & hej <3"]);
      assert.deepEqual([mood?.__ns, mood?.value], ["urn:example:hälsning", "glad"]);
      assert.equal(reply.Content.length, 2);

      const pong = await alice.Xmpp.InformationQuery(BOB_ON_PHONE, "get", "<ping xmlns='urn:xmpp:ping'/>");
      assert.equal(pong.ok, true);
      const phone = await alice.Xmpp.InformationQuery(
        BOB_ON_PHONE,
        "get",
        "<query xmlns='jabber:iq:version'/>",
      );
      assert.match(JSON.stringify(phone.Stanza), /A phone/);
      const what = await alice.Xmpp.InformationQuery(BOB_ON_PHONE, "get", "<what xmlns='urn:what'/>");
      assert.deepEqual([what.ok, what.errorType], [false, "cancel"]);

      for (const address of [session, "agents.localhost"]) {
        await bob.query(address, xml("ping", { xmlns: "urn:xmpp:ping" }));
        const disco = xml("query", { xmlns: "http://jabber.org/protocol/disco#info" });
        const features = (await bob.query(address, disco)).getChild("query")?.children ?? [];
        const known = features.filter((child) => typeof child !== "string").map(({ attrs }) => attrs.var);
        assert.ok(known.includes("urn:xmpp:ping"), known.join());
        await assert.rejects(bob.query(address, xml("what", { xmlns: "urn:what" })), {
          condition: "service-unavailable",
        });
      }

      const unsubscribed = await alice.Xmpp.SendPresenceUnsubscription(BOB);
      assert.equal(unsubscribed.sent, true);
      await bob.next("presence", { type: "unsubscribe", from: ALICE });
      assert.deepEqual(await alice.item(BOB), ["None", false]);
    });

    test("who removes a contact from the roster ends both subscriptions", async (context) => {
      const alice = await logIn(context, broker);
      await bob.becomeAvailable();
      await alice.Xmpp.SendPresenceSubscription(BOB);
      await bob.next("presence", { type: "subscribe", from: ALICE });
      await bob.sendPresence(ALICE, "subscribed");
      await alice.becomes(BOB, "To");
      await bob.sendPresence(ALICE, "subscribe");
      await alice.next({ type: "subscribe", from: BOB });
      await alice.Xmpp.SendSubscriptionAccepted(BOB);
      await bob.next("presence", { type: "subscribed", from: ALICE });

      // Prosody then writes in the name of bob's client, not of his account.
      await forget(bob);
      await alice.becomes(BOB, "None");
      await alice.next({ type: "unsubscribe", from: BOB });
      await alice.next({ type: "unsubscribed", from: BOB });
      await bob.next("presence", { type: "unavailable", from: A_SESSION });
    });

    test("a request that is declined is no longer pending", async (context) => {
      const alice = await logIn(context, broker);
      await bob.becomeAvailable();
      await alice.Xmpp.SendPresenceSubscription(BOB);
      await bob.next("presence", { type: "subscribe", from: ALICE });
      await bob.sendPresence(ALICE, "unsubscribed");
      await alice.next({ type: "unsubscribed", from: BOB });
      assert.deepEqual(await alice.item(BOB), ["None", false]);
    });

    test("a request to somebody offline is delivered when they come", async (context) => {
      const alice = await logIn(context, broker);
      await alice.Xmpp.SendPresenceSubscription(BOB, "<nick xmlns='urn:nick'>Alice</nick>");
      await bob.becomeAvailable();
      await bob.next("presence", { type: "subscribe", from: ALICE });
      await bob.sendPresence(ALICE, "subscribed");
      await alice.becomes(BOB, "To");
    });

    test("who does not exist stays silent to a request, as if they had not answered, and refuses a message", async (context) => {
      const alice = await logIn(context, broker);
      await alice.Xmpp.SendPresenceSubscription("nobody@localhost", null, null, "request-1");
      await alice.Xmpp.SendTextMessage("nobody@localhost", "Hello?", null, null, "message-1");
      // The server handles them in order, so what it says of the request has come before.
      const error = await alice.next({ from: "nobody@localhost", type: "error" });
      assert.equal(error.id, "message-1");
      assert.deepEqual(await alice.item("nobody@localhost"), ["None", true]);
    });

    test("a request to a server that does not exist is taken back, with the error", async (context) => {
      const alice = await logIn(context, broker);
      const address = "nobody@no-server.invalid";
      const { sent, RosterItem } = await alice.Xmpp.SendPresenceSubscription(
        address,
        null,
        null,
        "request-1",
      );
      assert.deepEqual([sent, RosterItem?.pendingSubscription], [true, true]);
      const error = await alice.next({ from: address, type: "error" });
      assert.equal(error.id, "request-1");
      const names = error.Content.map(({ __name }) => __name);
      assert.ok(names.includes("error"), names.join());
      assert.deepEqual(await alice.item(address), ["None", false]);

      const asked = await alice.Xmpp.InformationQuery(address, "get", "<ping xmlns='urn:xmpp:ping'/>");
      assert.equal(asked.ok, false);
    });

    test("who has subscribed sees sessions begin and end", async (context) => {
      const alice = await logIn(context, broker);
      await bob.becomeAvailable();
      await bob.sendPresence(ALICE, "subscribe", "request-2");
      const request = await alice.next({ type: "subscribe", from: BOB });
      assert.equal(request.id, "request-2");

      const { sent } = await alice.Xmpp.SendSubscriptionAccepted(BOB);
      assert.equal(sent, true);
      await bob.next("presence", { type: "subscribed", from: ALICE });
      const first = await bob.next("presence", { type: undefined, from: A_SESSION });
      assert.deepEqual(await alice.item(BOB), ["From", false]);

      await alice.Account.Logout();
      await bob.next("presence", { type: "unavailable", from: first.attrs.from });

      await alice.Account.Login("alice", broker.accounts.alice.password, 3600);
      const second = await bob.next("presence", { type: undefined, from: A_SESSION });
      assert.notEqual(second.attrs.from, first.attrs.from);

      await bob.query(String(second.attrs.from), xml("ping", { xmlns: "urn:xmpp:ping" }));
      await assert.rejects(bob.query(String(first.attrs.from), xml("ping", { xmlns: "urn:xmpp:ping" })), {
        condition: "service-unavailable",
      });

      // Whoever stops the broker ends its sessions.
      await broker.stop();
      await bob.next("presence", { type: "unavailable", from: second.attrs.from });
    });
  });
}

/**
 * Removes alice from somebody's roster.
 *
 * @param {import("./support/person.mjs").Person} person
 */
async function forget(person) {
  const item = xml("item", { jid: ALICE, subscription: "remove" });
  await person
    .query(person.bareJid, xml("query", { xmlns: "jabber:iq:roster" }, item), "set")
    .catch(() => {});
}
