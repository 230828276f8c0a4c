// @ts-check
/** The demo page in Chromium, and somebody with an ordinary XMPP client. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { openDemo } from "../support/demo-page.mjs";
import { launchChromium, program } from "../support/engines/chromium.mjs";
import { eventually } from "./support/deadline.mjs";
import { SERVERS, skipWithout } from "./support/kinds.mjs";
import { startLinkedBroker } from "./support/linked.mjs";
import { connectPerson } from "./support/person.mjs";
import { startServer } from "./support/servers.mjs";

const skip = skipWithout(SERVERS.prosody) || (program() ? false : "Chromium is not installed");

test("alice asks on the demo page, bob accepts in his client, and the page shows it", { skip }, async () => {
  const server = await startServer(SERVERS.prosody);
  /** @type {(() => Promise<unknown>)[]} */
  const ends = [server.end];
  try {
    const broker = await startLinkedBroker(server);
    ends.unshift(broker.stop);
    const bob = await connectPerson(server);
    ends.unshift(bob.stop);
    await bob.becomeAvailable();
    const browser = await launchChromium();
    ends.unshift(() => browser.close());

    const demo = await openDemo(browser, broker.url);
    await demo.logIn();
    await demo.to.fill("bob@localhost");
    await demo.customXml.fill("<nick xmlns='http://jabber.org/protocol/nick'>Älva</nick>");
    await demo.language.fill("sv");
    await demo.id.fill("from-the-page");
    await demo.send();
    await demo.roster.getByRole("row", { name: "bob@localhost" }).waitFor();
    assert.deepEqual(await demo.rosterRows(), [["bob@localhost", "–", "None", "yes", "–"]]);

    const request = await bob.next("presence", { type: "subscribe" });
    const { from, id, "xml:lang": language } = request.attrs;
    assert.deepEqual([from, id, language], ["alice@agents.localhost", "from-the-page", "sv"]);
    assert.equal(request.getChildText("nick"), "Älva");
    await bob.sendPresence("alice@agents.localhost", "subscribed");

    // The page reads the roster when it is loaded.
    await eventually(async () => {
      await demo.page.reload();
      await demo.roster.getByRole("row", { name: "bob@localhost" }).waitFor();
      const [[, , status, isPending]] = await demo.rosterRows();
      return status === "To" && isPending === "no";
    }, "To in the roster of the page");
    assert.deepEqual(demo.complaints, []);
  } finally {
    for (const end of ends) await end();
  }
});
