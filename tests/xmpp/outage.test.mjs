// @ts-check
/** The XMPP server is stopped and started in the middle, or comes later than the broker. */

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { pause } from "../support/client.mjs";
import { eventually } from "./support/deadline.mjs";
import { SERVERS, skipWithout } from "./support/kinds.mjs";
import { logIn, startLinkedBroker, startUnlinkedBroker } from "./support/linked.mjs";
import { connectPerson } from "./support/person.mjs";
import { startServer } from "./support/servers.mjs";

const ALICE = "alice@agents.localhost";
const BOB = "bob@localhost";

for (const kind of Object.values(SERVERS)) {
  describe(`with ${kind.title}`, { skip: skipWithout(kind) }, () => {
    /** @type {import("./support/servers.mjs").XmppServer} */
    let server;
    /** @type {import("./support/linked.mjs").LinkedBroker | undefined} */
    let broker;
    /** @type {import("./support/person.mjs").Person | undefined} */
    let bob;

    before(async () => {
      server = await startServer(kind);
    });
    beforeEach(() => {
      broker = bob = undefined;
    });
    afterEach(async () => {
      await bob?.stop();
      await broker?.stop();
    });
    after(() => server.end());

    const once = kind.mayRepeat ? "at least once" : "once";
    test(`what is sent while it stops, is down and starts arrives ${once}, in order`, async (context) => {
      broker = await startLinkedBroker(server);
      const { links, linked } = broker;
      const person = await connectPerson(server);
      bob = person;
      await person.becomeAvailable();
      const alice = await logIn(context, broker);

      let count = 0;
      /** Sends one number after the other, until the work is done. @param {() => Promise<unknown>} work */
      async function sendDuring(work) {
        let isDone = false;
        const working = work().finally(() => (isDone = true));
        do {
          count += 1;
          const { sent } = await alice.Xmpp.SendTextMessage(BOB, `number ${count}`);
          assert.equal(sent, true);
          await pause(2);
        } while (!isDone);
        await working;
      }
      const arrived = () => person.received("message", { from: /^alice@/ });
      const numberOf = (/** @type {import("./support/person.mjs").Element} */ stanza) =>
        Number(stanza.getChildText("body")?.replace("number ", ""));
      const numbers = () => arrived().map(numberOf);
      const expected = () => Array.from({ length: count }, (_, index) => index + 1);

      await sendDuring(() => eventually(() => numbers().length > 0, "the first number"));
      await sendDuring(() => server.stop());
      await sendDuring(() => pause(100));
      await sendDuring(() => server.start());
      await sendDuring(() => linked(2));
      await sendDuring(() => eventually(person.isOnline, "bob online"));
      // Only then, because ejabberd may deliver what it is about to store after what comes next.
      await handleAll(alice);
      await person.becomeAvailable();
      await eventually(
        () => numbers().includes(count),
        () => `number ${count} for bob, who has got:\n${numbers().join()}`,
      );
      /** @type {Set<string | undefined>} */
      const ids = new Set();
      const first = arrived().filter(({ attrs: { id } }) => !ids.has(id) && ids.add(id));
      assert.deepEqual(kind.mayRepeat ? first.map(numberOf) : numbers(), expected());
      assert.equal(links(), 2);
    });

    test("what is sent before it is there arrives when it is", async (context) => {
      await server.stop();
      broker = await startUnlinkedBroker(server);
      const alice = await logIn(context, broker);
      const asked = await alice.Xmpp.SendPresenceSubscription(BOB);
      assert.deepEqual([asked.sent, asked.RosterItem?.pendingSubscription], [true, true]);
      for (const number of [1, 2, 3]) await alice.Xmpp.SendTextMessage(BOB, `early ${number}`);
      assert.equal(broker.links(), 0);

      await server.start();
      await broker.linked();
      await handleAll(alice);
      bob = await connectPerson(server);
      await bob.becomeAvailable();
      await bob.next("presence", { type: "subscribe", from: ALICE });
      for (const number of [1, 2, 3]) {
        const message = await bob.next("message", { from: /^alice@/ });
        assert.equal(message.getChildText("body"), `early ${number}`);
      }
    });
  });
}

/**
 * Waits until the server has handled what was sent, which it does in order.
 *
 * @param {import("./support/linked.mjs").Member} member
 */
async function handleAll(member) {
  const what = "<what xmlns='urn:what'/>";
  const { errorType } = await member.Xmpp.InformationQuery("nobody@localhost", "get", what);
  assert.equal(errorType, "cancel", "it is the server that responds");
}
