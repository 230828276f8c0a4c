// @ts-check
/**
 * Every method's request as it is given to `fetch`, in JSON and in XML, with all arguments and with
 * the fewest. tests/fixtures/wire has them as readable files; `UPDATE_FIXTURES=1` rewrites them.
 */

import assert from "node:assert/strict";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { AgentAPI } from "neuron-agent-api";
import { examplesOf } from "../../xtask/declarations.mjs";
import { allMethods, callOf } from "../support/calls.mjs";
import { fetchDouble } from "../support/fetch-double.mjs";
import { keptInMemory } from "../support/stores.mjs";

const FOLDER = new URL("../fixtures/wire/", import.meta.url);

/** @type {import("../../xtask/declarations.mjs").Resource[]} */
const RESOURCES = JSON.parse(await readFile(new URL("../../pkg/resources.json", import.meta.url), "utf8"));

const BOB = "bob@example.org";
const XML = "<nick xmlns='http://jabber.org/protocol/nick'>Al &amp; Å</nick>";

const evaluated = (/** @type {string[]} */ examples) => Function(`return [${examples.join(",")}]`)();

/**
 * Arguments of each method: all of them, and the fewest. Those of a resource are the examples of its
 * declaration.
 *
 * @type {Record<string, Record<string, [all: unknown[], fewest: unknown[]]>>}
 */
const CALLS = {
  Xmpp: {
    RegisterEventHandler: [
      ["alert", "urn:x", "chat", "Page.OnAlert"],
      ["", "", "", "Page.OnAll"],
    ],
    UnregisterEventHandler: [["alert", "urn:x", "chat"], []],
  },
};
for (const resource of RESOURCES.filter(({ isExported }) => isExported)) {
  const { all, fewest } = examplesOf(resource);
  (CALLS[resource.group] ??= {})[resource.name] = [evaluated(all), evaluated(fewest)];
}
// The order of arguments without a phone number.
CALLS.Account.Create[1] = ["alice", "alice@example.org", "pw", "KEY", "S3cret", 3600];

/** What examples don't show: an empty text, a number for digits, several elements, the other word. */
const OTHERS = /** @type {Record<string, unknown[]>} */ ({
  "Account.VerifyEMail": ["alice@example.org", 123456],
  "Account.VerifyPhoneNr": ["+46700000000", 123456],
  "Xmpp.SendTextMessage": [BOB, ""],
  "Xmpp.SendXmlMessage": [BOB, `${XML}<a/>`],
  "Xmpp.InformationQuery": [BOB, "set", "<a/>"],
  "Xmpp.SetRosterItem": [BOB, ""],
});

/**
 * A part of a form: its name, and its text or that of the file.
 *
 * @param {[string, string | File]} part
 */
const describePart = async ([name, value]) =>
  typeof value === "string"
    ? `(${name}) ${value}`
    : `(${name}, a file named ${value.name}) ${await value.text()}`;

/** Methods that send nothing of their own. */
const SILENT = [
  "Account.OnSessionChange",
  "Account.RestartActiveSession",
  "Account.XmlEncode",
  "Xmpp.OnMessage",
];

const real = { fetch: globalThis.fetch, random: crypto.getRandomValues };
/** @type {string[]} */
let requests;
before(() => {
  globalThis.fetch = fetchDouble(
    async (url, { method, headers, body, credentials, redirect, cache, referrerPolicy }) => {
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
      const init = { credentials, redirect, cache, referrerPolicy };
      for (const [name, value] of Object.entries(init)) if (value) lines.push(`(${name}: ${value})`);
      const form = /** @type {any} */ (body);
      /** @type {[string, string | File][]} */
      const fields = form instanceof FormData ? [...form] : [];
      const parts = fields.length > 0 ? await Promise.all(fields.map(describePart)) : [body ?? ""];
      requests.push([`${method} ${url}`, ...lines, "", ...parts].join("\n").trimEnd());
      // A refusal is the one answer that fits every method, ends no session and is not asked again.
      return new Response("no", { status: 400 });
    },
  );
  // The nonce of the contract's vectors is 32 × "A"; ours are longer, and here as plain.
  crypto.getRandomValues = (/** @type {any} */ bytes) => bytes.fill(0);
  Object.assign(globalThis, { TabID: "11111111-2222-4333-8444-555555555555" });
  // With a location the module says what a page says of cookies and the like.
  Object.assign(globalThis, { location: { protocol: "https:", host: "neuron.example" } });
  AgentAPI.IO.SetHost("neuron.example");
});
after(() => {
  globalThis.fetch = real.fetch;
  crypto.getRandomValues = real.random;
  Reflect.deleteProperty(globalThis, "TabID");
  Reflect.deleteProperty(globalThis, "location");
});

/**
 * @param {string} method such as `Xmpp.GetRoster`
 * @param {unknown[]} values
 * @param {import("neuron-agent-api").Encoding} encoding
 */
async function record(method, values, encoding) {
  keptInMemory().set("AgentAPI.UserName", "alice");
  keptInMemory().set("AgentAPI.Token", "the.token");
  requests = [];
  AgentAPI.IO.SetEncoding(encoding);
  await callOf(AgentAPI, method, values).catch(() => {});
  assert.equal(requests.length, 1, `${method} sends one request`);
  return requests[0];
}

for (const [group, methods] of Object.entries(CALLS)) {
  for (const [method, [all, fewest]] of Object.entries(methods)) {
    test(`the requests of ${group}.${method}`, async () => {
      /** @type {string[]} */
      const sections = [];
      const others = OTHERS[`${group}.${method}`];
      for (const [label, values] of /** @type {[string, unknown[]][]} */ ([
        ["all arguments", all],
        ["the fewest arguments", fewest],
        ...(others ? [["other arguments", others]] : []),
      ])) {
        for (const encoding of /** @type {const} */ (["json", "xml"])) {
          const request = await record(`${group}.${method}`, values, encoding);
          sections.push(`# ${label}, in ${encoding.toUpperCase()}\n\n${request}\n`);
        }
      }
      const found = sections.join("\n");
      const file = new URL(`${group}.${method}.txt`, FOLDER);
      if (process.env.UPDATE_FIXTURES) await writeFile(file, found);
      assert.equal(found, await readFile(file, "utf8").catch(() => "no such file"));
    });
  }
}

for (const { group, name, parameters, takesNamed } of RESOURCES) {
  const method = `${group}.${name}`;
  if (!takesNamed) continue;
  test(`${method} sends the same for arguments by their names`, async () => {
    const { length } = parameters;
    for (const values of CALLS[group][name]) {
      // Those of `Account.Create` without a phone number.
      const inOrder = values.length < length && values[5] === 3600 ? values.toSpliced(2, 0, null) : values;
      const named = Object.fromEntries(
        parameters.map(({ parameter }, index) => [parameter, inOrder[index]]).reverse(),
      );
      const expected = await record(method, values, "json");
      assert.equal(await record(method, [named], "json"), expected);
      const given = Object.entries(named).filter(([, value]) => value !== undefined && value !== null);
      const few = Object.assign(Object.create(null), Object.fromEntries(given));
      assert.equal(await record(method, [few, { encoding: "json" }], "xml"), expected);
    }
  });
}

test("every method has its file, and every file its method", async () => {
  const exported = allMethods().filter((method) => !method.startsWith("IO."));
  const listed = Object.entries(CALLS).flatMap(([group, methods]) =>
    Object.keys(methods).map((method) => `${group}.${method}`),
  );
  assert.deepEqual([...listed, ...SILENT].sort(), exported.sort());
  const files = (await readdir(FOLDER)).map((file) => file.replace(/\.txt$/, ""));
  assert.deepEqual(files.sort(), listed.sort());
});
