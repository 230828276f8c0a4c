// @ts-check
/**
 * The main story stanza by stanza: what the broker and Prosody, and what Prosody and an ordinary client
 * say to each other. `UPDATE_TRANSCRIPT=1` writes `docs/transcript.md`, which has to be the same each time.
 */

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { SERVERS, skipWithout } from "./support/kinds.mjs";
import { logIn, startLinkedBroker } from "./support/linked.mjs";
import { connectPerson, xml } from "./support/person.mjs";
import { startServer } from "./support/servers.mjs";
import { stanzaReader, startTap } from "./support/tap.mjs";

const FILE = "docs/transcript.md";
const ALICE = "alice@agents.localhost";
const BOB = "bob@localhost";
const BOB_ON_PHONE = "bob@localhost/phone";
const REQUEST = "<hälsning xmlns='urn:example:hälsning'>Får jag se när du är här?</hälsning>";

/** A query after which all stanzas before it have arrived. It is not in the transcript. */
const BARRIER = "urn:example:barrier";

const INTRODUCTION = `# A subscription, stanza by stanza

Alice uses the Agent API; her broker is the component \`agents.localhost\` of Prosody. Bob uses an ordinary XMPP
client, at an account of Prosody's. A test plays the story, keeps what goes over both connections, and fails if
it is not what is written here; \`UPDATE_TRANSCRIPT=1 node --test tests/xmpp/transcript.test.mjs\` writes it.

The stanzas are as they were on the wire, but for the order of attributes, which Prosody changes from run to
run, and for what differs each time: dates are always the same, alice's session is called \`session-1\`, then
\`session-2\`, and ids that nobody has chosen \`id-1\` and so on. Left out are the logins, bob's roster query,
and the queries with which the broker asks whether its stanzas have been handled.
`;

/** Who says it to whom, in the order in which what alice or bob begins passes, and its answer. */
const HOPS = {
  "alice to bob": /** @type {const} */ ([
    ["link", "toServer", "The broker to Prosody"],
    ["phone", "fromServer", "Prosody to bob's client"],
  ]),
  "bob to alice": /** @type {const} */ ([
    ["phone", "toServer", "Bob's client to Prosody"],
    ["link", "fromServer", "Prosody to the broker"],
  ]),
};

test("the transcript is what the connections carry", {
  skip: skipWithout(SERVERS.prosody),
}, async (context) => {
  const server = await startServer(SERVERS.prosody);
  /** @type {(() => Promise<unknown>)[]} */
  const ends = [server.end];
  try {
    const taps = { link: await startTap(server.componentPort), phone: await startTap(server.clientPort) };
    ends.unshift(taps.link.stop, taps.phone.stop);
    const broker = await startLinkedBroker({ componentPort: taps.link.port });
    ends.unshift(broker.stop);
    const bob = await connectPerson({ clientPort: taps.phone.port });
    ends.unshift(bob.stop);
    const alice = await logIn(context, broker);

    /** Each is called by a fixed word. @type {Map<string, string>} */
    const names = new Map();
    /** @type {Set<string>} */
    const barriers = new Set();
    let text = INTRODUCTION;
    forget();

    /** Forgets what has passed. */
    function forget() {
      for (const { stanzas } of Object.values(taps)) stanzas.toServer.length = stanzas.fromServer.length = 0;
    }

    /**
     * Plays a scene, and writes down what passes until everything has arrived.
     *
     * @param {"Alice" | "Bob"} who begins
     * @param {string} title
     * @param {string} sentence
     * @param {() => Promise<unknown>} play
     */
    async function scene(who, title, sentence, play) {
      await play();
      // What the first one finds may make the broker say more.
      for (const _ of [1, 2]) {
        await alice.Xmpp.InformationQuery(BOB_ON_PHONE, "get", `<barrier xmlns='${BARRIER}'/>`);
      }
      text += `\n## ${who} ${title}\n\n${sentence}\n`;
      const [there, back] = Object.values(HOPS);
      for (const [connection, direction, hop] of who === "Alice"
        ? [...there, ...back]
        : [...back, ...there]) {
        const stanzas = taps[connection].stanzas[direction].map(inOrder);
        for (const stanza of stanzas.filter((stanza) => stanza.includes(BARRIER))) barriers.add(idOf(stanza));
        const said = stanzas.filter((stanza) => !isOurs(stanza)).map((stanza) => named(stanza));
        if (said.length > 0) text += `\n${hop}:\n\n\`\`\`xml\n${said.join("\n")}\n\`\`\`\n`;
      }
      forget();
    }

    /** @param {string} stanza */
    const isOurs = (stanza) => barriers.has(idOf(stanza)) || idOf(stanza).startsWith("link-mark-");

    /**
     * With fixed words for what is random.
     *
     * @param {string} stanza
     */
    function named(stanza) {
      /** @type {(kind: string, found: string) => string} */
      const nameOf = (kind, found) => {
        const known = [...names.values()].filter((name) => name.startsWith(kind)).length;
        if (!names.has(found)) names.set(found, `${kind}-${known + 1}`);
        return names.get(found) ?? "";
      };
      return stanza
        .replaceAll(/(?<=\bstamp=")[^"]+/g, "2026-11-26T12:00:00Z")
        .replaceAll(/(?<=alice@agents\.localhost\/)[^"]+/g, (found) => nameOf("session", found))
        .replace(/(?<=^<\w+ [^>]*\bid=")[^"]+/, (id) =>
          /^(request|message|query|answer)-/.test(id) ? id : nameOf("id", id),
        );
    }

    await scene("Bob", "comes online", "His client says that it is available.", bob.becomeAvailable);

    await scene(
      "Alice",
      "asks",
      `Her program calls \`Xmpp.SendPresenceSubscription("${BOB}", CustomXml, "sv", "request-1")\`. The broker adds her Legal ID.`,
      async () => {
        await alice.Xmpp.SendPresenceSubscription(BOB, REQUEST, "sv", "request-1");
        await bob.next("presence", { type: "subscribe" });
      },
    );
    assert.deepEqual(await alice.item(BOB), ["None", true]);

    await scene(
      "Bob",
      "accepts",
      "His server vouches for him, and says that he is available. From now on alice's roster has him with the status `To`.",
      async () => {
        await bob.sendPresence(ALICE, "subscribed", "answer-1");
        await alice.becomes(BOB, "To");
      },
    );

    await scene(
      "Alice",
      "looks whether he is there",
      `\`Xmpp.PresenceProbe("${BOB}")\` finds \`${BOB_ON_PHONE}\`.`,
      async () => assert.equal((await alice.Xmpp.PresenceProbe(BOB)).jid, BOB_ON_PHONE),
    );

    await scene("Alice", "writes", "`Xmpp.SendTextMessage`, with a subject and a language.", async () => {
      await alice.Xmpp.SendTextMessage(BOB_ON_PHONE, "Hej & välkommen!", "Ämne", "sv", "message-1");
    });

    await scene("Bob", "answers", "`Xmpp.PopMessages` has it.", async () => {
      const { attrs } = await bob.next("message", { id: "message-1" });
      const reply = xml("body", {}, "Tack <3");
      await bob.send(
        xml("message", { to: attrs.from, type: "chat", id: "message-2", "xml:lang": "sv" }, reply),
      );
      await alice.next({ id: "message-2" });
    });

    await scene("Alice", "asks his client", "`Xmpp.InformationQuery`, for its version.", () =>
      alice.Xmpp.InformationQuery(BOB_ON_PHONE, "get", "<query xmlns='jabber:iq:version'/>"),
    );

    await scene("Bob", "asks too", "With an acceptance come the sessions of alice.", async () => {
      await bob.sendPresence(ALICE, "subscribe", "request-2");
      await alice.next({ type: "subscribe", id: "request-2" });
      await alice.Xmpp.SendSubscriptionAccepted(BOB, "answer-2");
    });
    const { attrs } = await bob.next("presence", { type: undefined, from: /^alice@/ });
    const session = String(attrs.from);

    await scene(
      "Bob",
      "asks her session",
      "The broker answers in its name, because a program has no connection.",
      async () => {
        const ask = (/** @type {string} */ id, /** @type {string} */ name, /** @type {string} */ xmlns) =>
          bob.send(xml("iq", { to: session, type: "get", id }, xml(name, { xmlns })));
        await ask("query-1", "ping", "urn:xmpp:ping");
        await ask("query-2", "query", "http://jabber.org/protocol/disco#info");
        await ask("query-3", "other", "urn:example:other");
        await bob.next("iq", { id: "query-3" });
      },
    );

    await scene(
      "Alice",
      "leaves and comes back",
      "`Account.Logout`, then `Account.Login`: a session ends, another begins.",
      async () => {
        await alice.Account.Logout();
        await alice.Account.Login("alice", broker.accounts.alice.password, 3600);
        await bob.next("presence", { type: undefined, from: /^alice@/ });
      },
    );

    await scene(
      "Alice",
      "no longer wants to see bob",
      `\`Xmpp.SendPresenceUnsubscription("${BOB}")\`.`,
      async () => {
        await alice.Xmpp.SendPresenceUnsubscription(BOB, "request-3");
        await bob.next("presence", { type: "unsubscribe", id: "request-3" });
      },
    );
    assert.deepEqual(await alice.item(BOB), ["From", false]);

    if (process.env.UPDATE_TRANSCRIPT) await writeFile(FILE, text);
    const advice = `${FILE} is not what happens; UPDATE_TRANSCRIPT=1 node --test tests/xmpp/transcript.test.mjs`;
    assert.equal(text, await readFile(FILE, "utf8"), advice);
  } finally {
    for (const end of ends) await end();
  }
});

const ORDER = ["from", "to", "id", "type", "xml:lang"];

/**
 * A stanza with its attributes in one order.
 *
 * @param {string} stanza
 */
function inOrder(stanza) {
  return stanza.replaceAll(/<([^\s/>]+)((?:\s+[^\s=]+=(?:"[^"]*"|'[^']*'))+)/g, (_, name, text) => {
    const attributes = [...text.matchAll(/([^\s=]+)=(?:"([^"]*)"|'([^']*)')/g)].map(
      ([, key, double, single]) => /** @type {const} */ ([key, double ?? single.replaceAll('"', "&quot;")]),
    );
    const rank = (/** @type {string} */ key) => (ORDER.indexOf(key) + 1 || ORDER.length + 1) - 1;
    attributes.sort(([one], [other]) => rank(one) - rank(other) || (one < other ? -1 : 1));
    return [`<${name}`, ...attributes.map(([key, value]) => `${key}="${value}"`)].join(" ");
  });
}

/** @param {string} stanza */
const idOf = (stanza) => /^<\w+ [^>]*\bid="([^"]*)"/.exec(stanza)?.[1] ?? "";

test("stanzas are found wherever a stream is cut", () => {
  const stanzas = [
    "<presence/>",
    "<message to='a>b'><body>&lt;iq/&gt;</body><x xmlns='urn:x'><iq/></x></message>",
    "<iq id=\"</iq>\" type='get'></iq>",
  ];
  const header = "<?xml version='1.0'?><stream:stream xmlns='jabber:client'>";
  const stream = `${header}<success/>${header}${stanzas.join(" ")}</stream:stream>`;
  for (let length = 1; length <= stream.length; length += 1) {
    /** @type {string[]} */
    const found = [];
    const read = stanzaReader((stanza) => found.push(stanza));
    for (let at = 0; at < stream.length; at += length) read(stream.slice(at, at + length));
    assert.deepEqual(found, stanzas);
  }
});
