// @ts-check
/** An error never shows a secret that an answer quotes, however it is encoded. */

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { redact } from "../../src/loader/redact.js";
import { clientFor, logIn } from "../support/client.mjs";
import { startRecorder, text } from "../support/recorder.mjs";
import { rejection } from "../support/rejection.mjs";

const bytes = (/** @type {string} */ text) => Buffer.from(text);
const hex = (/** @type {number} */ number, /** @type {number} */ digits) =>
  number.toString(16).padStart(digits, "0");

/** @typedef {(text: string) => string} Quote */

/** The ways in which an answer may quote a text. @type {Record<string, Quote>} */
const FORMS = {
  "as it is": (text) => text,
  Base64: (text) => bytes(text).toString("base64"),
  "Base64 for URLs": (text) => bytes(text).toString("base64url"),
  "Base64 in JSON": (text) => bytes(text).toString("base64").replaceAll("/", "\\/"),
  "Base64 in a URL": (text) => encodeURIComponent(bytes(text).toString("base64")),
  "hexadecimal digits": (text) => bytes(text).toString("hex"),
  "HEXADECIMAL DIGITS": (text) => bytes(text).toString("hex").toUpperCase(),
  "a part of a URL": (text) => encodeURIComponent(text),
  "bytes of a URL": (text) => Array.from(bytes(text), (byte) => `%${hex(byte, 2)}`).join(""),
  "a form": (text) => String(new URLSearchParams({ a: text })).slice(2),
  JSON: (text) => JSON.stringify(text).slice(1, -1),
  "JSON in ASCII": (text) =>
    JSON.stringify(text)
      .slice(1, -1)
      .replace(/[^ -~]/g, escapeUnit),
  "JSON with escapes alone": (text) => text.replace(/[^]/g, escapeUnit),
  XML: (text) => text.replace(/[&<>"']/g, (character) => ENTITIES[character]),
  "XML by numbers": (text) => Array.from(text, (character) => `&#${character.codePointAt(0)};`).join(""),
  "XML by hexadecimal numbers": (text) =>
    Array.from(text, (character) => `&#x${hex(character.codePointAt(0) ?? 0, 1)};`).join(""),
};

/** @type {Record<string, string>} */
const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;" };

const escapeUnit = (/** @type {string} */ unit) => `\\u${hex(unit.charCodeAt(0), 4)}`;

describe("redact", () => {
  for (const [form, quote] of Object.entries(FORMS)) {
    test(`hides a secret that is quoted as ${form}`, () => {
      for (const secret of [
        "s3cr3t+/token=?",
        `p<a>&"'\\ss wörd`,
        "🥪🥪",
        "19850101-1234",
        "1234",
        "a b+c%20d",
      ]) {
        const redacted = redact(`no: ${quote(secret)}, thanks`, ["another", secret], 500);
        assert.match(redacted, /^no: …=*(%3D)*, thanks$/, secret);
      }
    });

    test(`hides a secret in the middle of what is quoted as ${form}`, () => {
      const secret = "correct horse battery staple";
      for (const lead of ["", "a", "ab", "abc"]) {
        const quoted = quote(`${lead}${secret}zz`);
        const redacted = redact(quoted, [secret], 500);
        assert.match(redacted, /…/, quoted);
        // What stands beside it is of the lead, or shares a digit with it.
        assert.ok(redacted.length <= quote("abczz").length + 6, `${quoted} → ${redacted}`);
      }
    });
  }

  test("hides a long part of a secret, and leaves a short one", () => {
    const secrets = ["header.claims.signature"];
    assert.equal(redact("ms.signature is over", secrets, 40), "… is over");
    assert.equal(redact("began with header.c", secrets, 40), "began with …");
    assert.equal(redact("the claims are over", secrets, 40), "the claims are over");
  });

  test("hides a short secret wherever it is, and no other text", () => {
    assert.equal(redact("no pea for pea", ["pea"], 40), "no … for …");
    assert.equal(redact("no secret", [""], 40), "no secret");
    assert.equal(redact("smörgåsbord 🥪", ["🥪", "örgåsbo"], 40), "sm…rd …");
    for (const text of [
      "100% of a\\b & c; %zz &none; &constructor; \\u12",
      "deadbeef cafe",
      "Zm9v YmFy",
      "🥪 \\ud800 &#xd800; &#99999999999;",
      "",
    ]) {
      assert.equal(redact(text, ["s3cr3t-token", "1234", "pea"], 100), text);
    }
  });

  test("cuts a text between characters, and shows no part of a secret that is cut", () => {
    assert.equal(redact(`${"x".repeat(38)}123456`, ["123456"], 40), `${"x".repeat(38)}…`);
    assert.equal(redact("🥪".repeat(99), ["pea"], 40), "🥪".repeat(40));
    const quoted = FORMS["XML by hexadecimal numbers"]("s3cr3t-token");
    for (let lead = 480; lead <= 500; lead += 1) {
      const redacted = redact("x".repeat(lead) + quoted, ["s3cr3t-token"], 500);
      assert.equal(redacted, `${"x".repeat(lead)}${lead < 500 ? "…" : ""}`);
    }
  });

  test("reads a long secret once", () => {
    // Each part of the secret is looked up once, whatever the text is.
    let looked = 0;
    const { get } = Map.prototype;
    Map.prototype.get = function (/** @type {unknown} */ key) {
      looked += 1;
      return get.call(this, key);
    };
    try {
      const monotonous = "x".repeat(100_000);
      assert.equal(redact(monotonous, [monotonous], 500), "…");
    } finally {
      Map.prototype.get = get;
    }
    assert.ok(looked < 110_000, String(looked));
  });
});

describe("an error", () => {
  /** @type {import("../support/recorder.mjs").Recorder} */
  let server;
  before(async () => {
    server = await startRecorder();
  });
  after(() => server.stop());
  beforeEach(() => server.reset());

  /** Answers with the whole request, in a form. @type {(quote: Quote) => import("../support/recorder.mjs").Answer} */
  const echo = (quote) => (response, request) =>
    text(quote(`${request.path} ${request.headers.authorization} ${request.body}`), 400)(response);

  /** @type {Record<string, [secret: string, call: (client: import("neuron-agent-api").AgentAPI) => Promise<unknown>]>} */
  const CALLS = {
    "a token": ["the.t0ken.of-alice", (client) => client.Xmpp.GetRosterItem("bob@example.org")],
    "a password": ["correct horse", (client) => client.Account.WwwLogin("alice", "correct horse", 60)],
    "a personal number": [
      "19850101-1234",
      (client) => client.Account.Recover(null, "19850101-1234", "SE", "a@example.org"),
    ],
    "an e-mail address": [
      "alice@example.org",
      (client) => client.Account.Recover("alice", null, null, "alice@example.org"),
    ],
    "a nested text": ["deep s3cret", (client) => client.IO.Request("/x", { a: [{ b: "deep s3cret" }] })],
    "a nested number": ["24680", (client) => client.IO.Request("/x", { pin: 24680 })],
    "a query": ["my s3cret", (client) => client.IO.Request("/x?a=1&key=my%20s3cret#top")],
  };

  for (const [label, [secret, call]] of Object.entries(CALLS)) {
    test(`does not show ${label} that the broker quotes`, async (context) => {
      const client = clientFor(context, server.host);
      await logIn(client, server, "the.t0ken.of-alice");
      for (const [form, quote] of Object.entries(FORMS)) {
        server.always(echo(quote));
        const error = await rejection(call(client));
        assert.equal(error.code, "bad-request", form);
        const told = `${error.message} ${JSON.stringify(error)}`;
        assert.match(told, /…/, form);
        for (const [other, quoteAs] of Object.entries(FORMS)) {
          assert.ok(!told.includes(quoteAs(secret)), `${form}, found as ${other}: ${told}`);
        }
      }
    });
  }
});
