// @ts-check
/** XML instead of JSON: chosen for all calls or for one, and read into the same objects. */

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { AgentAPI } from "neuron-agent-api";
import { json, startRecorder, text } from "../support/recorder.mjs";
import { rejection, wrong } from "../support/rejection.mjs";
import { beginSessionAt } from "../support/stores.mjs";

const { IO, Xmpp } = AgentAPI;
const OPEN = "xmlns='https://waher.se/Schema/BrokerAgent.xsd'";
const xml = (/** @type {string} */ body, status = 200) => text(body, status, "text/xml; charset=utf-8");

/** @type {import("../support/recorder.mjs").Recorder} */
let server;
before(async () => {
  server = await startRecorder();
  beginSessionAt(server.host, false);
});
after(() => server.stop());
beforeEach(() => server.reset());
afterEach(() => IO.SetEncoding("json"));

const STANZA = "<presence xmlns='jabber:client' from='bob@x/pc'><c><![CDATA[1]]></c><c>2</c></presence>";
const PROBE = {
  jid: "bob@x/pc",
  type: "",
  received: "2023-11-14T22:13:20Z",
  Stanza: {
    __name: "presence",
    __ns: "jabber:client",
    xmlns: "jabber:client",
    from: "bob@x/pc",
    c: [
      { __name: "c", __ns: "jabber:client", value: "1" },
      { __name: "c", __ns: "jabber:client", value: "2" },
    ],
  },
};

test("a response in XML is the same object as in JSON", async () => {
  IO.SetEncoding("xml");
  server.answer(
    xml(`<?xml version="1.0"?><!-- x --><ProbeResult ${OPEN} received="2023-11-14T22:13:20.123Z"
      type='' jid="bob@x/pc"><Stanza>${STANZA}</Stanza></ProbeResult>`),
  );
  assert.deepEqual(await Xmpp.PresenceProbe("bob@x"), PROBE);
  assert.equal(server.requests[0].headers.accept, "text/xml");
  assert.equal(server.requests[0].headers["content-type"], "text/xml");
  server.answer(json({ ...PROBE, received: 1_700_000_000 }));
  assert.deepEqual(await Xmpp.PresenceProbe("bob@x", { encoding: "json" }), PROBE);
});

test("older spellings and shapes are read as the documented ones", async () => {
  const { received, Stanza, ...rest } = PROBE;
  server.answer(json({ ...rest, recieved: received, Stanza: STANZA }));
  assert.deepEqual(await Xmpp.PresenceProbe("bob@x"), PROBE);
  const message = { from: "a@x", to: "b@x", type: "chat", timestamp: 0 };
  const body = { __name: "body", __ns: "jabber:client", value: "Hi" };
  for (const [name, Content] of /** @type {[string, unknown][]} */ ([
    ["Messages", [body]],
    ["messages", body],
    ["Messages", "<body xmlns='jabber:client'>Hi</body>"],
  ])) {
    const property = typeof Content === "object" && !Array.isArray(Content) ? "content" : "Content";
    server.answer(json({ [name]: [{ ...message, [property]: Content }] }));
    const { Messages } = await Xmpp.PopMessages();
    const [{ xmlns, ...found }] = Messages[0].Content;
    assert.deepEqual(found, body);
    assert.equal(Messages[0].timestamp, "1970-01-01T00:00:00Z");
  }
});

test("a missing value may be empty, and one unreadable message loses no other", async () => {
  server.answer(json({ userName: "a", created: "1700000000", updated: "", eMailVerified: 1.9 }));
  assert.deepEqual(await AgentAPI.Account.Info(), {
    userName: "a",
    created: "2023-11-14T22:13:20Z",
    eMailVerified: "1970-01-01T00:00:01Z",
  });
  server.answer(json({ ok: true, ErrorElement: "", Stanza: "<iq/>" }));
  const { Stanza, ...rest } = await Xmpp.InformationQuery("bob@x/y", "get", "<a/>");
  assert.deepEqual([rest, Stanza?.__name], [{ ok: true }, "iq"]);
  const message = { from: "", to: "b@x", type: "", timestamp: 0, Content: [] };
  server.answer(json({ Messages: [message, { ...message, from: "a@x" }] }));
  assert.equal((await Xmpp.PopMessages()).Messages.length, 2);
});

test("no property becomes a prototype", async () => {
  const Stanza = JSON.parse('{"__name":"a","__ns":"","__proto__":{"polluted":1}}');
  for (const answer of [
    () => Xmpp.PresenceProbe("bob@x").then((probe) => probe.Stanza),
    () => IO.Request("/x", {}).then((probe) => Reflect.get(Object(probe), "Stanza")),
  ]) {
    server.answer(json({ ...PROBE, Stanza }));
    const found = await answer();
    assert.equal(Object.getPrototypeOf(found), Object.prototype);
    assert.equal(found.polluted, undefined);
  }
});

test("messages in XML are read, each with its content", async () => {
  server.answer(
    xml(`<MessagesResult ${OPEN}><Message id="1" from="a@x" to="b@x" type="chat" timestamp="1970-01-01T00:00:00Z"
      ><body xmlns="jabber:client">Hi</body><x xmlns="urn:x"/></Message
      ><Message from="a@x" to="b@x" lang="sv" type="normal" timestamp="1970-01-01T00:00:01Z"/></MessagesResult>`),
  );
  const { Messages } = await Xmpp.PopMessages(2, { encoding: "xml" });
  assert.deepEqual(
    Messages.map(({ id, lang, Content }) => [id, lang, Content.map((child) => child.__name)]),
    [
      ["1", undefined, ["body", "x"]],
      [undefined, "sv", []],
    ],
  );
});

for (const [label, body, part] of [
  ["JSON", '{"sent":true,"id":"x"}', "no element|something beside"],
  ["a page", "<html></html>", "another element"],
  ["a DTD", `<!DOCTYPE a [<!ENTITY b "c">]><StanzaResult ${OPEN} sent="true" id="&b;"/>`, "DOCTYPE"],
  ["half of it", `<StanzaResult ${OPEN} sent="true"`, "not finished"],
  ["without an end", `<StanzaResult ${OPEN} sent="true" id="x">${"<a>".repeat(80)}`, "not closed"],
  ["of the wrong shape", `<StanzaResult ${OPEN} sent="maybe" id="x"/>`, "sent is not a boolean"],
]) {
  test(`an answer that is ${label} is a bad response`, async () => {
    server.answer(xml(body));
    const error = await rejection(Xmpp.SendTextMessage("bob@x", "Hi", null, null, null, { encoding: "xml" }));
    assert.equal(error.code, "bad-response");
    assert.match(error.message, new RegExp(part));
  });
}

test("an element that is nested too deep is a bad response, and is ignored in an undeclared property", async () => {
  const deep = "<a>".repeat(80) + "</a>".repeat(80);
  const probe = `<ProbeResult ${OPEN} jid="b@x" type="" received="0"><Stanza>${deep}</Stanza></ProbeResult>`;
  server.answer(xml(probe), xml(`<StanzaResult ${OPEN} sent="true" id="x">${deep}</StanzaResult>`));
  const error = await rejection(Xmpp.PresenceProbe("bob@x", { encoding: "xml" }));
  assert.equal(error.code, "bad-response");
  assert.match(error.message, /nested too deep/);
  const sent = await Xmpp.SendTextMessage("bob@x", "Hi", null, null, null, { encoding: "xml" });
  assert.deepEqual(sent, { sent: true, id: "x" });
});

/** @typedef {Record<string, unknown>} Attributes of a message */

for (const [
  encoding,
  write,
] of /** @type {["json" | "xml", (messages: Attributes[]) => import("../support/recorder.mjs").Answer][]} */ ([
  ["json", (messages) => json({ Messages: messages })],
  ["xml", (messages) => xml(`<MessagesResult ${OPEN}>${messages.map(inXml).join("")}</MessagesResult>`)],
])) {
  test(`in ${encoding}, one unreadable message loses no other, and comes with its text`, async () => {
    const good = { from: "a@x", to: "b@x", type: "chat", timestamp: "1970-01-01T00:00:00Z", Content: [] };
    server.answer(write([good, { ...good, timestamp: "soon" }, good]));
    const { Messages } = await Xmpp.PopMessages(3, { encoding });
    assert.equal(Messages.length, 3);
    assert.deepEqual([Messages[0], Messages[2]], [good, good]);
    const { raw, ...odd } = Messages[1];
    assert.deepEqual(odd, { ...good, timestamp: "", problem: "timestamp is not a point in time" });
    assert.match(String(raw), /^[<{].*soon.*[>}]$/);
  });
}

function inXml(/** @type {Attributes} */ { Content, ...attributes }) {
  return `<Message ${Object.entries(attributes)
    .map(([name, value]) => `${name}="${value}"`)
    .join(" ")}/>`;
}

test("an error response is read as text in both encodings", async () => {
  server.answer(text("no such contact", 404));
  const error = await rejection(Xmpp.GetRosterItem("bob@x", { encoding: "xml" }));
  assert.equal(error.code, "not-found");
  assert.match(error.message, /no such contact/);
});

test("there are two encodings", async () => {
  for (const encoding of ["yaml", "", 7, undefined]) {
    assert.throws(() => IO.SetEncoding(wrong(encoding)), { code: "invalid-argument", parameter: "Encoding" });
  }
  const error = await rejection(Xmpp.GetRoster(0, 1, { encoding: wrong("yaml") }));
  assert.equal(error.parameter, "Options.encoding");
});

test("children are always an array", () => {
  const { Stanza } = PROBE;
  assert.deepEqual(IO.Children(Stanza, "c"), Stanza.c);
  assert.deepEqual(IO.Children({ ...Stanza, c: Stanza.c[0] }, "c"), [Stanza.c[0]]);
  assert.deepEqual(IO.Children(Stanza, "from"), [], "an attribute is no child");
  for (const none of [{}, null, undefined]) assert.deepEqual(IO.Children(wrong(none), "c"), []);
});
