// @ts-check
/** Files, private XML and the vault, with the real broker. */

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startBroker } from "../support/broker.mjs";
import { clientFor } from "../support/client.mjs";

/** @type {Awaited<ReturnType<typeof startBroker>>} */
let broker;
before(async () => {
  const accounts = ["alice", "bob", "mallory"].flatMap((name) => ["--account", `${name}:pw`]);
  broker = await startBroker(...accounts);
});
after(() => broker.stop());

/**
 * A client that is logged in.
 *
 * @param {import("node:test").TestContext} context
 * @param {"alice" | "bob" | "mallory"} name
 * @param {import("neuron-agent-api").Encoding} [encoding]
 */
async function clientOf(context, name, encoding = "json") {
  const client = clientFor(context, broker.host, { encoding });
  await client.Account.Login(name, "pw", 600);
  return client;
}

describe("a file", () => {
  test("is shared with a contact, and refused to a stranger", async (context) => {
    const [alice, bob, mallory] = await Promise.all(
      /** @type {const} */ (["alice", "bob", "mallory"]).map((name) => clientOf(context, name)),
    );
    const file = new Blob(["for friends"], { type: "text/plain" });
    const { url, visibility } = await alice.Storage.Upload(file, "friends.txt", "Presence");
    assert.equal(visibility, "Presence");
    await assert.rejects(bob.Storage.Download(url), { code: "forbidden" });

    await bob.Xmpp.SendPresenceSubscription("alice@localhost");
    await alice.Xmpp.SendSubscriptionAccepted("bob@localhost");
    const { Content, ContentType, ETag } = await bob.Storage.Download(url);
    assert.equal(new TextDecoder().decode(Content), "for friends");
    assert.match(ContentType ?? "", /^text\/plain/);
    assert.match(ETag ?? "", /^"/);
    await assert.rejects(mallory.Storage.Download(url), { code: "forbidden" });
    await assert.rejects(bob.Storage.Delete(url), { code: "forbidden" });

    await alice.Storage.Delete(url);
    await assert.rejects(bob.Storage.Download(url), { code: "not-found" });
  });

  test("is uploaded from whatever holds bytes", async (context) => {
    const alice = await clientOf(context, "alice");
    const form = new FormData();
    form.append("avatar", new File(["not this"], "avatar.txt", { type: "text/plain" }));
    form.append("Content", new File(["hello"], "hello.txt", { type: "text/plain" }));
    const bytes = new TextEncoder().encode("hello");
    for (const content of [
      "hello",
      bytes,
      bytes.buffer,
      new Blob(["hello"]),
      new File(["hello"], "a"),
      form,
    ]) {
      const { url } = await alice.Storage.Upload(content, null, "Private");
      const { Content } = await alice.Storage.Download(url);
      assert.equal(new TextDecoder().decode(Content), "hello", String(content));
      // A path will do as well.
      await alice.Storage.Delete(new URL(url).pathname);
    }
  });

  test("is not uploaded from what would be sent as its name, before anything is sent", async (context) => {
    const alice = clientFor(context, "127.0.0.1:9");
    const upload = (/** @type {any} */ content) => alice.Storage.Upload(content, null, "Private");
    const empty = new FormData();
    empty.append("note", new File(["x"], "x.txt"));
    for (const content of [new ReadableStream(), undefined, null, new Map(), () => {}, empty]) {
      await assert.rejects(upload(content), { code: "invalid-argument", parameter: "ContentFile" });
    }
  });

  test("is nothing that JSON holds, and the error says what it is", async (context) => {
    const { Storage } = clientFor(context, "127.0.0.1:9");
    const url = "/Agent/Storage/Content/alice/a.txt";
    for (const content of /** @type {any[]} */ ([{ a: 1 }, [1], 7, true, new Map(), {}])) {
      for (const [parameter, call] of /** @type {const} */ ([
        ["ContentFile", () => Storage.Upload(content, null, "Private")],
        ["Content", () => Storage.Put(url, content, "Private")],
      ])) {
        const message = new RegExp(
          `${parameter} must be a File, a Blob, bytes, a string, an unread stream or a form`,
        );
        await assert.rejects(call, { code: "invalid-argument", parameter, message });
      }
    }
  });

  test("is put at its URL, from a stream too", async (context) => {
    const alice = await clientOf(context, "alice");
    const { url } = await alice.Storage.Upload(new Blob(["old"], { type: "text/plain" }), "n.txt", "Private");
    const bytes = new TextEncoder().encode("new");
    const text = new Blob(["new"], { type: "text/plain" });
    const contents = /** @type {[content: any, type?: string][]} */ ([
      [text],
      ["new", "text/plain"],
      [bytes, "text/plain"],
      [text.stream(), "text/plain"],
    ]);
    for (const [content, type] of contents) {
      await alice.Storage.Put(url, "old", "Private", "text/plain");
      const put = await alice.Storage.Put(url, content, "Public", type);
      assert.deepEqual([put.url, put.visibility], [url, "Public"]);
      const { Content, ContentType } = await alice.Storage.Download(url);
      assert.deepEqual(
        [new TextDecoder().decode(Content), ContentType],
        ["new", "text/plain"],
        String(content),
      );
    }
    const form = new FormData();
    form.append("Content", text);
    await alice.Storage.Put(url, form, "Public");
    assert.equal(new TextDecoder().decode((await alice.Storage.Download(url)).Content), "new");
    const bob = await clientOf(context, "bob");
    await assert.rejects(bob.Storage.Put(url, text, "Public"), { code: "forbidden" });
    await assert.rejects(alice.Storage.Put(url, text, "Public", "image/png"), { code: "bad-request" });
    await assert.rejects(
      alice.Storage.Put("https://other.example/Agent/Storage/Content/a/b", text, "Public"),
      {
        code: "invalid-argument",
        parameter: "Url",
      },
    );
  });

  test("can be a megabyte of bytes of all kinds", async (context) => {
    const alice = await clientOf(context, "alice");
    const bytes = Uint8Array.from({ length: 1024 * 1024 }, (_, index) => (index * 7) % 256);
    const { url } = await alice.Storage.Upload(bytes, "all.bin", "Private");
    const { Content } = await alice.Storage.Download(url);
    assert.deepEqual(Buffer.from(Content), Buffer.from(bytes));
    await alice.Storage.Delete(url);
  });
});

for (const encoding of /** @type {const} */ (["json", "xml"])) {
  test(`private XML is kept, in ${encoding}`, async (context) => {
    const alice = await clientOf(context, "alice", encoding);
    const namespace = `urn:example:${encoding}`;
    await assert.rejects(alice.Storage.LoadPrivateXml("prefs", namespace), { code: "not-found" });
    const first = await alice.Storage.SavePrivateXml(`<prefs xmlns='${namespace}' theme='dark'/>`);
    const second = await alice.Storage.SavePrivateXml(`<prefs xmlns='${namespace}'><a>Å &amp; b</a></prefs>`);
    assert.equal(second.created, first.created);
    const { Xml, created } = await alice.Storage.LoadPrivateXml("prefs", namespace);
    assert.equal(created, first.created);
    assert.deepEqual([Xml.__name, Xml.__ns], ["prefs", namespace]);
    assert.equal(alice.IO.Children(Xml, "a")[0].value, "Å & b");
    const bob = await clientOf(context, "bob", encoding);
    await assert.rejects(bob.Storage.LoadPrivateXml("prefs", namespace), { code: "not-found" });
  });
}

test("a vault shows masks, and finds what has all that is asked for", async (context) => {
  const alice = await clientOf(context, "alice");
  const store = (/** @type {string} */ pan, /** @type {string} */ owner) =>
    alice.Storage.StoreInVault(null, "Card", owner, [
      { name: "PAN", value: pan, masked: `**** ${pan.slice(-4)}` },
      { name: "Owner", value: owner },
    ]);
  const { vaultId } = await store("4111111111111111", "ann");
  await store("4222222222222222", "ben");
  const valuesOf = async (/** @type {boolean} */ masked) =>
    (await alice.Storage.GetFromVault(vaultId, masked)).Tags.map(({ value }) => value);
  assert.deepEqual(await valuesOf(true), ["**** 1111", "ann"]);
  assert.deepEqual(await valuesOf(false), ["4111111111111111", "ann"]);

  const found = async (/** @type {Record<string, string>} */ tags) =>
    (await alice.Storage.SearchInVault("Card", null, true, tags)).ResultSet.map(({ clientId }) => clientId);
  assert.deepEqual(await found({ Owner: "ann" }), ["ann"]);
  assert.deepEqual((await found({})).sort(), ["ann", "ben"]);
  assert.deepEqual(await found({ Owner: "ann", PAN: "4222222222222222" }), []);

  await alice.Storage.DeleteFromVault(vaultId);
  await assert.rejects(alice.Storage.GetFromVault(vaultId), { code: "not-found" });
});

test("a value in a vault may be empty, and an item may not", async (context) => {
  const alice = await clientOf(context, "alice");
  const { vaultId } = await alice.Storage.StoreInVault(null, "Note", null, [{ name: "text", value: "" }]);
  assert.equal((await alice.Storage.GetFromVault(vaultId)).Tags[0].value, "");
  await assert.rejects(alice.Storage.StoreInVault(null, "Note", null, []), {
    code: "invalid-argument",
    parameter: "Tags",
  });
});

test("names with values are never a plain list", async (context) => {
  const alice = clientFor(context, "127.0.0.1:9");
  const tags = /** @type {any} */ (["PAN"]);
  await assert.rejects(alice.Storage.SearchInVault(null, null, null, tags), {
    code: "invalid-argument",
    parameter: "Tags",
  });
});

test("what is known of an endpoint is published, changed, found and deleted", async (context) => {
  const [alice, bob] = await Promise.all([clientOf(context, "alice"), clientOf(context, "bob")]);
  const expires = new Date(Date.now() + 3_600_000);
  const endpoint = "203.0.113.7";
  await assert.rejects(alice.Intelligence.Add(endpoint, new Date(0)), { code: "bad-request" });
  const { objectId } = await alice.Intelligence.Add(
    endpoint,
    expires,
    "Login",
    "HTTPS",
    null,
    null,
    "Guessed.",
    [{ name: "n", value: 3, type: "xs:int" }],
  );
  const [found] = (await bob.Intelligence.Get(endpoint)).ResultSet;
  assert.deepEqual([found.objectId, found.vector, found.message], [objectId, "Login", "Guessed."]);
  assert.deepEqual(found.Tags, [{ name: "n", value: 3, type: "xs:int" }]);
  await assert.rejects(bob.Intelligence.Delete(objectId), { code: "forbidden" });
  await alice.Intelligence.Update(objectId, endpoint, expires, "Scan");
  assert.equal((await bob.Intelligence.Get(null, "Scan")).ResultSet.length, 1);
  assert.equal((await bob.Intelligence.Get(null, "Login")).ResultSet.length, 0);
  await alice.Intelligence.Delete(objectId);
  assert.deepEqual((await bob.Intelligence.Get(endpoint)).ResultSet, []);
  assert.equal((await bob.Intelligence.CheckEndpoint(endpoint)).endpoint, endpoint);
});
