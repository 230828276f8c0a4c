// @ts-check
/** What docs/migrating.md says of this package is true. */

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { after, before, beforeEach, describe, test } from "node:test";
import { AgentAPI, AgentApiError } from "neuron-agent-api";
import { clientFor, logIn, until } from "../support/client.mjs";
import { fetchDouble } from "../support/fetch-double.mjs";
import { json, startRecorder, text } from "../support/recorder.mjs";
import { rejection, thrown, wrong } from "../support/rejection.mjs";

const page = readFileSync(new URL("../../docs/migrating.md", import.meta.url), "utf8");

/** The cells of a table's rows. @param {string} heading of its section */
function rowsOf(heading) {
  const [, section] = page.split(`## ${heading}\n`);
  const rows = section.split("\n## ")[0].match(/^\| .*$/gm) ?? [];
  return rows.slice(1).map((row) => row.split(" | ").map((cell) => cell.replace(/^\| | \|$/g, "")));
}

/**
 * The methods that a cell names: `Group.Method`, and after it others of the same group.
 *
 * @param {string} cell
 */
function methodsIn(cell) {
  let group = "";
  return [...cell.matchAll(/`(?:(\w+)\.)?([A-Z]\w+)(?=[`(])/g)].flatMap(([, own, name]) => {
    group = own ?? group;
    return group in AgentAPI && !(name in AgentAPI) ? [`${group}.${name}`] : [];
  });
}

const BOB = "bob@example.org";

const has = (/** @type {string} */ method) =>
  typeof method.split(".").reduce((/** @type {any} */ inner, name) => inner?.[name], AgentAPI) === "function";

test("the methods that it names are here, and the helpers that are not are not", () => {
  const rows = rowsOf("Methods that differ");
  assert.ok(rows.length > 15, `${rows.length} rows`);
  for (const method of rows.flatMap(([cell]) => methodsIn(cell))) assert.ok(has(method), method);
  const helpers = rowsOf("Helpers that are not here");
  assert.ok(helpers.length > 5, `${helpers.length} rows`);
  for (const helper of helpers.flatMap(([cell]) => methodsIn(cell))) assert.ok(!has(helper), helper);
  for (const method of helpers.flatMap(([, cell]) => methodsIn(cell))) assert.ok(has(method), method);
  const [, more] = /^New are (.*)$/m.exec(page) ?? [];
  for (const method of methodsIn(more)) assert.ok(has(method), method);
});

describe("with a broker", () => {
  /** @type {import("../support/recorder.mjs").Recorder} */
  let server;
  before(async () => {
    server = await startRecorder();
  });
  after(() => server.stop());
  beforeEach(() => server.reset());

  const sent = () => JSON.parse(server.requests.at(-1)?.body ?? "null");

  /** @param {import("node:test").TestContext} context */
  async function session(context) {
    const client = clientFor(context, server.host);
    await logIn(client, server);
    server.reset();
    return client;
  }

  test("dates are ISO 8601, and a list that is missing is empty", async (context) => {
    const client = await session(context);
    server.answer(json({ jwt: "a.b.c", expires: 1_700_000_000 }));
    assert.equal((await client.Account.Refresh(60)).expires, "2023-11-14T22:13:20Z");
    server.answer(json({}));
    assert.deepEqual(await client.Xmpp.GetRoster(), { RosterItems: [] });
  });

  test("what was not sent is in the response, which is whole", async (context) => {
    const { Xmpp } = await session(context);
    const { SendTextMessage, SendFormattedMessage, SendPresenceUnsubscription, SendSubscriptionDeclined } =
      Xmpp;
    for (const send of [
      SendTextMessage,
      SendFormattedMessage,
      SendPresenceUnsubscription,
      SendSubscriptionDeclined,
    ]) {
      server.answer(json({ sent: false, id: "x" }));
      assert.deepEqual(await send("bob@example.org", "Hi"), { sent: false, id: "x" });
    }
  });

  test("a failure is an error with the properties of those of Agent.js", async (context) => {
    const client = await session(context);
    server.answer(text("Taken.", 400, "text/plain", { "X-AlternativeName1": "alice1" }));
    const error = await rejection(client.Account.Create("alice", "a@b", "pw", "KEY", "S3cret", 60));
    assert.ok(error instanceof Error && AgentApiError.is(error));
    assert.deepEqual(
      [error.statusCode, error.statusMessage, error.alternatives],
      [400, "Bad Request", ["alice1"]],
    );
    assert.match(error.message, /Taken\./);
  });

  test("a number is no text, and is refused before it is sent", async (context) => {
    const client = clientFor(context, server.host);
    const error = await rejection(client.Account.Login("alice", "pw", wrong("3600")));
    assert.deepEqual(
      [error.code, error.parameter, server.requests.length],
      ["invalid-argument", "Seconds", 0],
    );
  });

  test("another host ends the session, and Logout does although the broker fails", async (context) => {
    for (const leave of /** @type {const} */ (["SetHost", "Logout"])) {
      const client = await session(context);
      /** @type {string[]} */
      const events = [];
      client.Account.OnSessionChange(({ type }) => events.push(type));
      if (leave === "SetHost") client.IO.SetHost("other.example");
      else {
        server.answer(text("no", 400));
        await assert.rejects(client.Account.Logout());
      }
      await until(() => events.length > 0, leave);
      assert.deepEqual(events, ["logged-out"]);
    }
  });

  test("Create, ResendVerificationCodes and Recover send nothing that was left out", async (context) => {
    const client = clientFor(context, server.host);
    server.answer(json({ created: 0, enabled: false, canRelay: false, jwt: "a.b.c", expires: 0 }));
    await client.Account.Create("alice", "a@b", "pw", "KEY", "S3cret", 60);
    const { nonce, signature, ...rest } = sent();
    assert.deepEqual(rest, { userName: "alice", eMail: "a@b", password: "pw", apiKey: "KEY", seconds: 60 });
    const joined = ["alice", server.host, "a@b", "pw", "KEY", nonce].join(":");
    assert.equal(signature, createHmac("sha256", "S3cret").update(joined).digest("base64"));
    server.answer(json({}));
    await client.Account.ResendVerificationCodes("a@b");
    assert.deepEqual(sent(), { eMail: "a@b" });
  });

  test("Transfer without a PIN signs none", async (context) => {
    const client = await session(context);
    const key = /** @type {const} */ (["ed448", "urn:x", "key1", "keypw", "pw"]);
    for (const pin of [undefined, "1234"]) {
      server.answer(json({ onboardingUri: "x", qrCodeUrl: "y", qrCodeWidth: 1, qrCodeHeight: 1 }));
      await client.Account.Transfer(...key, pin);
      const { nonce, keySignature, requestSignature, ...rest } = sent();
      assert.deepEqual(rest, pin ? { keyId: "key1", pin } : { keyId: "key1" });
      const joined = [
        "alice",
        server.host,
        "ed448",
        "urn:x",
        "key1",
        keySignature,
        nonce,
        ...(pin ? [pin] : []),
      ];
      assert.equal(requestSignature, createHmac("sha256", "pw").update(joined.join(":")).digest("base64"));
    }
  });

  test("RemoteQuickLogin works without Events.js, and leaves the tab out", async (context) => {
    /** @type {unknown[]} */
    const bodies = [];
    const fetch = fetchDouble(async (_, options) => {
      bodies.push(JSON.parse(String(options.body)));
      return Response.json({ loggedIn: true, petitionSent: false });
    });
    const client = clientFor(context, server.host, { fetch });
    await client.Account.RemoteQuickLogin("other.example", "legal@id", "To test");
    assert.deepEqual(bodies, [{ legalId: "legal@id", purpose: "To test" }]);
  });

  test("SetHost(null) returns to the page's own host, of which there is none here", async (context) => {
    const client = clientFor(context, server.host);
    assert.equal(client.IO.GetHost(), server.host);
    client.IO.SetHost(null);
    assert.equal(thrown(() => client.IO.GetHost()).code, "no-host");
  });

  test("IO.Request takes any 2xx, and a whole URL of either protocol", async (context) => {
    const client = await session(context);
    for (const url of ["/Agent/x", `http://${server.host}/Agent/x`]) {
      server.answer(text('{"a":1}', 201, "application/json"));
      assert.deepEqual(await client.IO.Request(url, {}), { a: 1 });
      assert.equal(server.requests.at(-1)?.path, "/Agent/x");
    }
  });

  test("Delete takes a path, and shows no other host the token", async (context) => {
    const { Storage } = await session(context);
    server.answer(json({}));
    await Storage.Delete("/Agent/Storage/Content/alice/note.txt");
    const error = await rejection(
      Storage.Delete("https://other.example/Agent/Storage/Content/alice/note.txt"),
    );
    assert.deepEqual([error.code, server.requests.length], ["invalid-argument", 1]);
  });

  test("Upload leaves the name out, and asks for the visibility", async (context) => {
    const { Storage } = await session(context);
    server.answer(json({ uploaded: 0, visibility: "Private", etag: "e", url: "u" }));
    await Storage.Upload("hi", undefined, "Private");
    assert.doesNotMatch(server.requests[0].body, /ContentId|undefined/);
    const error = await rejection(Storage.Upload("hi", undefined, wrong(undefined)));
    assert.deepEqual([error.code, error.parameter], ["invalid-argument", "Visibility"]);
  });

  test("names with values are an object, a Map or pairs, which keep their order, and no list", async (context) => {
    const { Legal, Storage } = await session(context);
    const key = /** @type {const} */ (["ed448", "urn:x", "key1", "keypw", "pw"]);
    const pairs = /** @type {[string, string][]} */ ([
      ["b", "1"],
      ["1", "2"],
    ]);
    for (const properties of [new Map(pairs), pairs]) {
      server.answer(json({ Identity: { __name: "identity", __ns: "x", id: "i" } }));
      await Legal.ApplyId(...key, properties);
      const { nonce, keySignature, requestSignature, Properties } = sent();
      assert.deepEqual(Properties, [
        { name: "b", value: "1" },
        { name: "1", value: "2" },
      ]);
      const joined = [
        "alice",
        server.host,
        "ed448",
        "urn:x",
        "key1",
        keySignature,
        nonce,
        "b",
        "1",
        "1",
        "2",
      ];
      assert.equal(requestSignature, createHmac("sha256", "pw").update(joined.join(":")).digest("base64"));
    }
    const before = server.requests.length;
    const missing = [{ a: undefined }, { a: null }, { a: "" }, { a: "1", b: undefined }];
    for (const properties of [["a"], {}, ...missing, undefined]) {
      const error = await rejection(Legal.ApplyId(...key, wrong(properties)));
      assert.deepEqual(
        [error.code, server.requests.length],
        ["invalid-argument", before],
        JSON.stringify(properties),
      );
    }
    for (const call of [
      Legal.CreateContract("t@legal.x", "Public", null, wrong(["a"])),
      Storage.SearchInVault(null, null, null, wrong(["a"])),
    ]) {
      assert.equal((await rejection(call)).code, "invalid-argument");
    }
    assert.equal(server.requests.length, before);
  });

  test("GetPublicKey(0) is refused", async (context) => {
    const { Crypto } = await session(context);
    const error = await rejection(Crypto.GetPublicKey(wrong(0)));
    assert.deepEqual([error.code, error.parameter, server.requests.length], ["invalid-argument", "KeyId", 0]);
  });

  test("SendProposal resolves to the response, also without a message", async (context) => {
    const { Legal } = await session(context);
    server.answer(json({ sent: true, id: "x" }));
    assert.deepEqual(await Legal.SendProposal("c@legal.x", "Lender", "bob@example.org"), {
      sent: true,
      id: "x",
    });
  });

  test("points in time are a Date, or ISO 8601 with a time zone", async (context) => {
    const { Intelligence } = await session(context);
    for (const time of [new Date(0), "1970-01-01T00:00:00.000Z"]) {
      server.answer(json({ ResultSet: [] }));
      await Intelligence.Get(null, null, null, null, null, time);
      assert.deepEqual(sent(), { from: "1970-01-01T00:00:00.000Z" });
    }
    for (const time of [0, "1970-01-01"]) {
      const error = await rejection(Intelligence.Get(null, null, null, null, null, wrong(time)));
      assert.deepEqual([error.code, error.parameter], ["invalid-argument", "From"]);
    }
  });

  test("PopMessages and SetRosterItem send what Agent.js leaves out", async (context) => {
    const { Xmpp } = await session(context);
    server.answer(json({ Messages: [] }));
    await Xmpp.PopMessages();
    assert.deepEqual(sent(), { maxCount: 100 });
    server.answer(json({ bareJid: BOB, pendingSubscription: false, status: "none", name: "Bob" }));
    await Xmpp.SetRosterItem(BOB, "Bob");
    assert.deepEqual(sent(), { bareJid: BOB, name: "Bob", Groups: [] });
  });

  test("what a broker can't take is refused before it is sent", async (context) => {
    const { Account, Legal, Storage, Tokens, Wallet, Xmpp } = await session(context);
    const key = /** @type {const} */ (["ed448", "urn:x", "key1", "keypw", "pw"]);
    const url = "https://a.example/ok";
    for (const [parameter, call] of /** @type {[string, () => Promise<unknown>][]} */ ([
      ["Visibility", () => Storage.Upload("hi", "note.txt", wrong("private"))],
      ["Format", () => Legal.GetContract("c@legal.x", wrong("PDF"))],
      [
        "Tags[0].type",
        () => Storage.StoreInVault("v", "card", "c", wrong([{ name: "a", value: "b", type: "c" }])),
      ],
      ["MaxCount", () => Xmpp.GetRoster(0, 0)],
      ["Xml", () => Storage.SavePrivateXml("<a xmlns='urn:x'>")],
      ["Xml", () => Storage.SavePrivateXml("<?xml version='1.0'?><a xmlns='urn:x'/>")],
      ["DataBase64", () => Legal.SignData(...key, "id@legal.x", "SGVs\nbG8=")],
      ["DataBase64", () => Legal.SignData(...key, "id@legal.x", "SGVsbG8")],
      ["Note", () => Tokens.AddTextNote("t", "\f", true)],
      ["Function", () => Xmpp.RegisterEventHandler("a", "urn:x", null, "")],
      ["Url", () => Storage.Delete("/Agent/Storage/Content/alice/a note.txt")],
      ["Parameters[a].value", () => Legal.CreateContract("t@legal.x", "Public", null, wrong({ a: null }))],
      ["Tags[a].value", () => Storage.SearchInVault(null, null, null, wrong({ a: undefined }))],
      ["UserName", () => Account.Recover(null, null, null, "a@b")],
      ["EMail", () => Account.Recover("alice")],
      ["Country", () => Account.Recover(null, "19900101", null, "a@b")],
      ["FunctionName", () => Wallet.GetTransactionInformation("t", "tab")],
      [
        "TabId",
        () => Wallet.InitiateBuyEDaler("s", "p", 1, "EUR", url, url, url, "t", null, "Page.OnPayment"),
      ],
    ])) {
      const error = await rejection(call());
      assert.deepEqual(
        [error.code, error.parameter, server.requests.length],
        ["invalid-argument", parameter, 0],
        error.message,
      );
    }
  });

  test("a password signs in one form, however it is typed", async (context) => {
    /** @type {string[]} */
    const signatures = [];
    const fetch = fetchDouble(async (_, { body }) => {
      const { nonce, signature } = JSON.parse(body);
      const joined = ["alice", server.host, nonce].join(":");
      assert.equal(signature, createHmac("sha256", "\u00e9 x").update(joined).digest("base64"));
      signatures.push(signature);
      return Response.json({ jwt: "a.b.c", expires: 0 });
    });
    const client = clientFor(context, server.host, { fetch });
    for (const password of ["\u00e9 x", "e\u0301 x", "\u00e9\u00a0x"]) {
      await client.Account.Login("alice", password, 60);
    }
    assert.equal(signatures.length, 3);
  });

  test("no method that begins a session or needs none shows an old token", async (context) => {
    const client = await session(context);
    const token = async (/** @type {() => Promise<unknown>} */ call) => {
      server.answer(text("no", 400));
      await rejection(call());
      return server.requests.at(-1)?.headers.authorization;
    };
    const { Account } = client;
    for (const call of [
      () => Account.DomainInfo(),
      () => Account.Recover("alice", null, null, "a@b"),
      () => Account.GetSessionToken(),
      () => Account.QuickLogin(60),
      () => Account.Login("alice", "pw", 60),
      () => Account.Create("alice", "a@b", "pw", "KEY", "S3cret", 60),
    ]) {
      assert.equal(await token(call), undefined, String(call));
    }
    assert.equal(await token(() => Account.Info()), "Bearer the.token");
  });

  test("Refresh refuses what Agent.js takes as Internal", async (context) => {
    const { Account } = await session(context);
    const error = await rejection(Account.Refresh(60, wrong(true)));
    assert.deepEqual([error.code, error.parameter], ["invalid-argument", "Options"]);
  });
});
