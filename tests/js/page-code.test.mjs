// @ts-check
/** The code that the demo page shows for a call: it runs as it is, and makes that call. */

import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { createAgentAPI } from "neuron-agent-api";
import { programOf } from "../../www/code.js";
import { startBroker } from "../support/broker.mjs";

/** @type {(import("../../xtask/declarations.mjs").Resource & import("../../www/code.js").Method)[]} */
const METHODS = JSON.parse(readFileSync("pkg/resources.json", "utf8")).filter(
  (/** @type {{ isExported: boolean }} */ { isExported }) => isExported,
);

/** @type {Awaited<ReturnType<typeof startBroker>>} */
let broker;
before(async () => {
  broker = await startBroker();
});
after(() => broker.stop());

/** @param {string} name such as `Xmpp.GetRoster` */
function methodOf(name) {
  const method = METHODS.find((one) => `${one.group}.${one.name}` === name);
  if (!method) throw new Error(`There is no ${name}`);
  return method;
}

/**
 * @param {import("../../www/code.js").Form} form
 * @param {string} name
 * @param {unknown[]} values
 */
const programFor = (form, name, values) =>
  programOf(form, { method: methodOf(name), values, userName: "alice", broker: broker.url });

/** Runs a program of Node, with the secrets that it reads from its environment. @param {string} program */
async function run(program, env = {}) {
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program], {
    env: { ...process.env, PASSWORD: broker.accounts.alice.password, ...env },
    timeout: 60_000,
  });
  return stdout;
}

test("the program for Node runs as it is", async () => {
  const values = ["bob@localhost", "<nick xmlns='http://jabber.org/protocol/nick'>Älva</nick>", "sv", "id-7"];
  const output = await run(programFor("npm", "Xmpp.SendPresenceSubscription", values));
  assert.match(output, /sent: true,\s+id: 'id-7'/);
  const none = await run(programFor("npm", "Account.DomainInfo", [null]), { PASSWORD: "" });
  assert.match(none, /domain: 'localhost'/);
});

test("a secret is read from the environment, also one that is an object", async () => {
  const program = programFor("npm", "Storage.StoreInVault", [
    null,
    "Card",
    null,
    [{ name: "PAN", value: "4111" }],
  ]);
  assert.doesNotMatch(program, /4111/);
  const TAGS = '[{ "name": "PAN", "value": "4111" }]';
  assert.match(await run(program, { TAGS }), /vaultId/);
});

test("no form has a secret in it", () => {
  const values = ["ed448", "urn:x", "key1", "c4nary-key", "c4nary-account"];
  for (const form of /** @type {const} */ (["npm", "module", "script", "curl"])) {
    assert.doesNotMatch(programFor(form, "Crypto.CreateKey", values), /c4nary/, form);
  }
});

test("what ends a script does not end that of the page", () => {
  const program = programFor("script", "Xmpp.SendTextMessage", ["bob@localhost", "</script><!-- x"]);
  assert.equal(program.match(/<\/script>/g)?.length, 2);
  assert.doesNotMatch(program, /<!--/);
});

test("what is typed into a form is a text for curl, and no file", () => {
  const command = programFor("curl", "Storage.Upload", ["", "@/etc/passwd", null]);
  assert.ok(command.includes("--form 'Content=@note.txt'"), command);
  assert.ok(command.includes("--form-string 'ContentId=@/etc/passwd'"), command);
});

test("an address that is none yet is shown as it is typed", () => {
  assert.ok(programFor("curl", "Storage.Download", ["http://"]).includes(" 'http://'"));
});

test("the command of curl gives no other host a token", () => {
  const command = (/** @type {string} */ url) => programFor("curl", "Storage.Download", [url]);
  assert.match(command("/Agent/Storage/Content/alice/note.txt"), /Bearer \$TOKEN/);
  assert.match(command(`${broker.url}/Agent/Storage/Content/alice/note.txt`), /Bearer \$TOKEN/);
  assert.doesNotMatch(command("https://other.example/note.txt"), /TOKEN/);
  assert.doesNotMatch(command("http://"), /TOKEN/);
});

const hasCurl = spawnSync("curl", ["--version"]).status === 0;
test("the command of curl runs as it is", { skip: hasCurl ? false : "curl is not installed" }, async () => {
  const api = createAgentAPI({ host: broker.host, secure: false });
  const { jwt } = /** @type {any} */ (await api.Account.Login("alice", broker.accounts.alice.password, 60));
  api.dispose();
  const command = programFor("curl", "Xmpp.SendTextMessage", [
    "bob@localhost",
    'it\'s "so" $HOME',
    null,
    "sv",
  ]);
  const env = { ...process.env, TOKEN: jwt };
  const { stdout } = await promisify(execFile)("sh", ["-c", command], { env });
  assert.equal(JSON.parse(stdout).sent, true);
});

/** What the library makes by itself, in place of which the command has a name in angle brackets. */
const MADE = ["nonce", "signature", "keySignature", "requestSignature"];

for (const method of METHODS.filter(({ body }) => body === "object")) {
  const name = `${method.group}.${method.name}`;
  // `xml` of this one is made of other arguments.
  if (method.request.some(({ derived }) => derived === "element")) continue;
  test(`curl sends what ${name} sends`, async () => {
    const values = method.parameters.map(({ value }) => value);
    const { url, options } = await requestOf(method, values);
    const command = programFor("curl", name, values);
    const sent = JSON.parse(options.body || "{}");
    const shown = JSON.parse(
      /--data-raw '(.*?)'(?: \\\n|$)/s.exec(command)?.[1].replaceAll("'\\''", "'") ?? "",
    );
    assert.deepEqual(Object.keys(shown).sort(), Object.keys(sent).sort());
    const secret = method.request.filter(({ isSecret }) => isSecret).map((input) => input.name);
    for (const property of Object.keys(sent)) {
      const isHidden = secret.includes(property) || MADE.includes(property);
      assert.deepEqual(shown[property], isHidden ? `<${property}>` : sent[property], property);
    }
    const { pathname, host } = new URL(url);
    assert.ok(command.includes(`--request ${options.method} `), command);
    assert.ok(command.includes(pathname), `${pathname} in ${command}`);
    if (host !== broker.host) assert.ok(command.includes(host), command);
  });
}

/**
 * The request of the library.
 *
 * @param {import("../../www/code.js").Method} method
 * @param {unknown[]} values
 * @returns {Promise<{ url: string, options: any }>}
 */
async function requestOf(method, values) {
  /** @type {any[]} */
  const requests = [];
  const api = createAgentAPI({
    host: broker.host,
    secure: false,
    fetch: async (url, options) => {
      requests.push({ url: String(url), options });
      return new Response('{"jwt":"a.b.c","expires":1}', { status: requests.length > 1 ? 404 : 200 });
    },
  });
  await api.Account.Login("alice", "pw", 600).catch(() => {});
  requests.length = 1;
  await Reflect.get(Reflect.get(api, method.group), method.name)(...values).catch(() => {});
  api.dispose();
  assert.ok(requests.length > 1, "a request was sent");
  return requests[1];
}
