// @ts-check
/** Parts of the demo page that need no browser. */

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { afterEach, describe, test } from "node:test";
import { parse } from "acorn";
import { simple } from "acorn-walk";
import { createAgentAPI } from "neuron-agent-api";
import { faults, withFaults } from "../../www/faults.js";
import { customXmlOf, legalIdOf, xmlOf } from "../../www/people/stanza.js";
import { nameOf, stateOf } from "../../www/people/subscription-state.js";
import { harOf } from "../../www/wire/har.js";
import { maskRequest, maskResponse } from "../../www/wire/masking.js";
import { rejection } from "../support/rejection.mjs";

test("the nine states of a subscription have the names of RFC 6121", () => {
  const names = ["None", "To", "From", "Both"].flatMap((status) =>
    [false, true].flatMap((pendingSubscription) =>
      [false, true].map((isAsked) => nameOf(stateOf({ status, pendingSubscription }, isAsked))),
    ),
  );
  assert.deepEqual(
    [...new Set(names)],
    [
      "None",
      "None + Pending In",
      "None + Pending Out",
      "None + Pending Out+In",
      "To",
      "To + Pending In",
      "From",
      "From + Pending Out",
      "Both",
    ],
  );
  assert.equal(nameOf(stateOf(undefined, false)), "None");
  assert.equal(nameOf(stateOf({ status: "to", pendingSubscription: false }, false)), "To");
});

describe("a stanza", () => {
  const nick = { __name: "nick", __ns: "urn:n", xmlns: "urn:n", value: "A & <B>" };
  const legalId = { __name: "legalId", __ns: "urn:neuron-agent-api:broker", id: "legal@x" };
  /** @type {any} */
  const message = { Content: [nick, legalId, { __name: "body", __ns: "jabber:client", value: "Hi" }] };

  test("has a Legal ID and the sender's own XML", () => {
    assert.equal(legalIdOf(message), "legal@x");
    assert.match(customXmlOf(message), /^<nick xmlns="urn:n">A &amp; &lt;B&gt;<\/nick>\n<body>/);
    assert.doesNotMatch(customXmlOf(message), /legal/);
  });

  test("is written as XML with attributes and children of every kind", () => {
    const child = (/** @type {string} */ value) => ({ __name: "c", __ns: "urn:x", value });
    assert.equal(
      xmlOf({
        __name: "a",
        __ns: "urn:x",
        n: '"',
        c: [child("1"), child("2")],
        b: { __name: "b", __ns: "" },
      }),
      '<a n="&quot;"><c>1</c><c>2</c><b/></a>',
    );
  });
});

describe("a simulated fault", () => {
  afterEach(() => Object.assign(faults, { kind: "none", share: "next", latencyMs: 0, onSpent() {} }));

  /** A client of a broker that answers, and how often it was reached. */
  function client() {
    const reached = { count: 0 };
    const api = createAgentAPI({
      host: "neuron.example",
      attemptMs: 300,
      fetch: withFaults(async () => {
        reached.count += 1;
        return new Response('{"domain":"neuron.example","useEncryption":true}', { status: 200 });
      }),
    });
    return { api, reached };
  }

  for (const [kind, reaches] of /** @type {const} */ ([
    ["reset", 1],
    ["lost", 2],
    ["hang", 2],
    ["status=503", 1],
    ["status=429", 1],
  ])) {
    test(`${kind} is met by the next request, from which the library recovers`, async () => {
      const { api, reached } = client();
      let spent = 0;
      Object.assign(faults, { kind, onSpent: () => (spent += 1) });
      /** @type {string[]} */
      const codes = [];
      api.IO.OnRetry(({ code }) => codes.push(code));
      await api.Account.DomainInfo();
      assert.deepEqual([codes.length, reached.count, spent], [1, reaches, 1]);
      await api.Account.DomainInfo();
      assert.equal(codes.length, 1, "there is none any more");
      api.dispose();
    });
  }

  for (const kind of /** @type {const} */ (["html", "empty"])) {
    test(`${kind} is a response that can't be read`, async () => {
      const { api, reached } = client();
      Object.assign(faults, { kind });
      assert.equal((await rejection(api.Account.DomainInfo())).code, "bad-response");
      assert.equal(reached.count, 1);
      api.dispose();
    });
  }

  test("is met by every request, until the library gives up", async () => {
    const { api, reached } = client();
    Object.assign(faults, { kind: "status=503", share: 1 });
    const error = await rejection(api.Account.DomainInfo(null, { timeoutMs: 2500 }));
    assert.ok(["unavailable", "timeout"].includes(error.code), error.code);
    assert.equal(reached.count, 0);
    api.dispose();
  });

  test("spares the queue of messages, and what is not the broker's", async () => {
    Object.assign(faults, { kind: "reset", share: 1 });
    const fetch = withFaults(async () => new Response("ok"));
    for (const url of ["https://x.example/Agent/Xmpp/PopMessages", "https://x.example/pkg/resources.json"]) {
      assert.equal(await (await fetch(url)).text(), "ok");
    }
    await assert.rejects(fetch("https://x.example/Agent/Xmpp/GetRoster"), TypeError);
  });
});

test("what is not known to be harmless is masked, at any depth", () => {
  assert.equal(maskRequest('{"to":"bob","nonce":"s3cret"}'), '{"to":"bob","nonce":"[masked]"}');
  assert.equal(maskRequest("s3cret"), "[masked]");
  assert.equal(maskRequest(new Uint8Array(3)), "[masked]");
  assert.equal(maskRequest(undefined), "");
  assert.equal(
    maskResponse('{"jwt":"s3cret","expires":1,"RosterItems":[{"name":"Bob","token":"s3cret"}]}'),
    '{"jwt":"[masked]","expires":1,"RosterItems":[{"name":"Bob","token":"[masked]"}]}',
  );
  assert.equal(maskResponse('"s3cret"'), "[masked]");
  assert.equal(maskResponse("I got Bearer s3cret"), "[masked]");
});

test("an exchange without a response, and one with all of it, are entries of a HAR", () => {
  const startedAt = new Date("2026-11-26T12:00:00Z");
  /** @type {import("../../www/wire/log.js").Exchange} */
  const exchange = {
    client: "alice",
    attempt: 2,
    startedAt,
    method: "POST",
    url: "https://neuron.example/Agent/Xmpp/GetRoster?a=b",
    headers: [["Content-Type", "application/json"]],
    body: "{}",
    bodyBytes: 2,
    status: 200,
    statusText: "OK",
    elapsedMs: 5,
    answer: { headers: [["Content-Type", "text/xml"]], body: "<a/>", bodyBytes: 4, elapsedMs: 7 },
  };
  const { log } = harOf([exchange, { ...exchange, status: null, answer: undefined, body: "" }]);
  assert.equal(log.version, "1.2");
  const [whole, none] = log.entries;
  assert.equal(whole.startedDateTime, "2026-11-26T12:00:00.000Z");
  assert.deepEqual(whole.timings, { send: 0, wait: 5, receive: 2 });
  assert.deepEqual(whole.request.queryString, [{ name: "a", value: "b" }]);
  assert.deepEqual(whole.request.postData, { mimeType: "application/json", text: "{}" });
  assert.deepEqual(whole.response.content, { size: 4, mimeType: "text/xml", text: "<a/>" });
  assert.equal(none.response.status, 0);
  assert.equal("postData" in none.request, false);
});

test("every sentence of the page's scripts is in one module", () => {
  const files = readdirSync("www", { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".js"),
  );
  assert.ok(files.length > 20);
  /** @type {string[]} */
  const sentences = [];
  // Lines of programs, and what a broken network says.
  const others = ["texts.js", "code.js", "faults.js"];
  for (const file of files.filter((file) => !others.includes(file))) {
    const program = parse(readFileSync(`www/${file}`, "utf8"), {
      ecmaVersion: "latest",
      sourceType: "module",
    });
    const look = (/** @type {string} */ text) => {
      // Words in lower case are classes of elements, or the name of a kind.
      if (/\p{L}{2,} \p{L}{2,}/u.test(text) && !/^[a-z]+( [a-z]+)+$|^</.test(text)) {
        sentences.push(`${file}: ${text}`);
      }
    };
    simple(program, {
      Literal: ({ value }) => void (typeof value === "string" && look(value)),
      TemplateElement: ({ value }) => look(value.raw),
    });
  }
  assert.deepEqual(sentences, []);
});
