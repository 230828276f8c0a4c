// @ts-check
/** Two brokers on one XMPP server, whose accounts meet, as in `docs/scaling.md`. */

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { eventually } from "./support/deadline.mjs";
import { SERVERS, skipWithout } from "./support/kinds.mjs";
import { logIn, startLinkedBroker } from "./support/linked.mjs";
import { startServer } from "./support/servers.mjs";

const NICK = "<nick xmlns='http://jabber.org/protocol/nick'>Älva</nick>";

for (const kind of Object.values(SERVERS)) {
  describe(`two brokers on ${kind.title}`, { skip: skipWithout(kind) }, () => {
    /** @type {import("./support/servers.mjs").XmppServer} */
    let server;
    /** @type {import("./support/linked.mjs").LinkedBroker} */
    let agents;
    /** @type {import("./support/linked.mjs").LinkedBroker} */
    let others;

    before(async () => {
      server = await startServer(kind);
    });
    beforeEach(async () => {
      agents = await startLinkedBroker(server, "agents.localhost");
      others = await startLinkedBroker(server, "others.localhost");
    });
    afterEach(async () => {
      await agents.stop();
      await others.stop();
    });
    after(() => server.end());

    test("their accounts subscribe, see each other, write and ask", async (context) => {
      const alice = await logIn(context, agents, "alice");
      const bob = await logIn(context, others, "bob");

      for (const [one, other] of [
        [alice, bob],
        [bob, alice],
      ]) {
        const asked = await one.Xmpp.SendPresenceSubscription(other.bareJid, NICK, "sv", "request-1");
        assert.deepEqual([asked.sent, asked.RosterItem?.pendingSubscription], [true, true]);
        const request = await other.next({ type: "subscribe", from: one.bareJid });
        assert.deepEqual([request.id, request.lang, request.to], ["request-1", "sv", other.bareJid]);
        const nick = request.Content.find(({ __name }) => __name === "nick");
        assert.deepEqual([nick?.__ns, nick?.value], ["http://jabber.org/protocol/nick", "Älva"]);
        await other.Xmpp.SendSubscriptionAccepted(one.bareJid);
        await one.next({ type: "subscribed", from: other.bareJid });
      }
      assert.deepEqual(await alice.item(bob.bareJid), ["Both", false]);
      assert.deepEqual(await bob.item(alice.bareJid), ["Both", false]);

      for (const [one, other] of [
        [alice, bob],
        [bob, alice],
      ]) {
        const { jid } = await one.Xmpp.PresenceProbe(other.bareJid);
        assert.ok(jid.startsWith(`${other.bareJid}/`), jid);
        await one.Xmpp.SendTextMessage(jid, "Hej & välkommen", null, "sv", "message-1");
        const message = await other.next({ id: "message-1" });
        const body = message.Content.find(({ __name }) => __name === "body");
        assert.deepEqual([message.lang, body?.value], ["sv", "Hej & välkommen"]);
        const pong = await one.Xmpp.InformationQuery(jid, "get", "<ping xmlns='urn:xmpp:ping'/>");
        assert.equal(pong.ok, true);
      }
    });

    test("the roster of an account is at its own broker, and outlives the other one", async (context) => {
      const alice = await logIn(context, agents, "alice");
      const bob = await logIn(context, others, "bob");
      await alice.Xmpp.SendPresenceSubscription(bob.bareJid);
      await bob.next({ type: "subscribe", from: alice.bareJid });
      await bob.Xmpp.SendSubscriptionAccepted(alice.bareJid);
      await alice.becomes(bob.bareJid, "To");
      const { jid } = await alice.Xmpp.PresenceProbe(bob.bareJid);

      // A broker that stops ends the sessions of its accounts, and of no others.
      await others.stop();
      await eventually(async () => {
        const presence = await alice.Xmpp.PresenceProbe(bob.bareJid);
        return presence.type === "unavailable";
      }, "the end of bob's session");
      await alice.becomes(bob.bareJid, "To");
      // What a server writes to a connection before it sees its end is lost.
      const error = await eventually(async () => {
        await alice.Xmpp.SendTextMessage(jid, "Are you there?");
        const { Messages } = await alice.Xmpp.PopMessages(100);
        return Messages.find(({ type }) => type === "error");
      }, "the error");
      assert.equal(error.from, jid);
      assert.equal((await alice.Account.Info()).userName, "alice");
    });
  });
}
