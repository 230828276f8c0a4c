// @ts-check
/** The command line: its story, sessions, arguments, secrets and signals. */

import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { startBroker } from "../support/broker.mjs";
import { until } from "../support/client.mjs";
import { environmentOf, failureOf, runCommand, startCommand } from "../support/command.mjs";
import { json, startRecorder, text } from "../support/recorder.mjs";

/** @type {Awaited<ReturnType<typeof startBroker>>} */
let broker;
/** @type {import("../support/recorder.mjs").Recorder} */
let server;
/** @type {string} */
let folder;
before(async () => {
  [broker, server] = await Promise.all([startBroker(), startRecorder()]);
  folder = await mkdtemp(path.join(tmpdir(), "neuron-agent-api-"));
});
after(async () => {
  await Promise.all([broker.stop(), server.stop(), rm(folder, { recursive: true, force: true })]);
});
beforeEach(() => server.reset());

/** The environment of an account of the local broker. */
const as = (/** @type {"alice" | "bob"} */ name) =>
  environmentOf(broker.host, name, broker.accounts[name].password);

/** The environment of an account of the server that records. */
const recorded = () => environmentOf(server.host);

/**
 * What a command writes that succeeds and writes nothing else.
 *
 * @param {"alice" | "bob"} name
 * @param {string[]} args
 * @param {import("../support/command.mjs").Surroundings} [surroundings]
 */
async function resultAs(name, args, surroundings) {
  const { code, stdout, stderr } = await runCommand(args, { ...surroundings, env: as(name) });
  assert.deepEqual([code, stderr], [0, ""], args.join(" "));
  assert.match(stdout, /^[^\n]+\n$/, "one line, because no terminal reads it");
  return JSON.parse(stdout);
}

/** @param {string} name @param {string | Uint8Array} content */
async function file(name, content) {
  const place = path.join(folder, name);
  await writeFile(place, content);
  return place;
}

test("alice asks bob for a subscription, and bob accepts it", async () => {
  const subscribe = ["Xmpp.SendPresenceSubscription", "bob@localhost", "--language", "sv"];
  const { sent, RosterItem } = await resultAs("alice", subscribe);
  assert.deepEqual([sent, RosterItem.pendingSubscription], [true, true]);

  const { Messages } = await resultAs("bob", ["Xmpp.PopMessages", "--encoding", "xml"]);
  const [{ from, type, lang }] = Messages;
  assert.deepEqual([from, type, lang], ["alice@localhost", "subscribe", "sv"]);
  assert.equal((await resultAs("bob", ["Xmpp.SendSubscriptionAccepted", "--to", from])).sent, true);

  const { RosterItems } = await resultAs("alice", ["Xmpp.GetRoster"]);
  assert.deepEqual(
    RosterItems.map((/** @type {Record<string, unknown>} */ { bareJid, status, pendingSubscription }) => [
      bareJid,
      status,
      pendingSubscription,
    ]),
    [["bob@localhost", "To", false]],
  );
});

test("a call that needs a session is one login, the call and one logout", async () => {
  const xml = (/** @type {string} */ element) => text(element, 200, "text/xml");
  server.answer(
    xml("<LoggedIn xmlns='https://waher.se/Schema/BrokerAgent.xsd' jwt='the.token' expires='0'/>"),
    xml("<Roster xmlns='https://waher.se/Schema/BrokerAgent.xsd'/>"),
    xml("<AckResponse xmlns='https://waher.se/Schema/BrokerAgent.xsd'/>"),
  );
  const xmlRoster = await runCommand(["--encoding", "xml", "Xmpp.GetRoster"], { env: recorded() });
  assert.deepEqual(xmlRoster, { ...xmlRoster, code: 0, stdout: '{"RosterItems":[]}\n', stderr: "" });
  assert.deepEqual(
    server.requests.map(({ path, headers }) => [path, headers["content-type"], headers.authorization]),
    [
      ["/Agent/Account/Login", "text/xml", undefined],
      ["/Agent/Xmpp/GetRoster", "text/xml", "Bearer the.token"],
      ["/Agent/Account/Logout", "text/xml", "Bearer the.token"],
    ],
  );
});

test("a call that needs none sends itself alone", async () => {
  server.answer(json({ domain: "example.org", useEncryption: true }));
  const env = { NEURON_HOST: server.host, NEURON_INSECURE: "true" };
  const { code, stdout } = await runCommand(["Account.DomainInfo"], { env });
  assert.deepEqual([code, JSON.parse(stdout).domain], [0, "example.org"]);
  assert.deepEqual(
    server.requests.map(({ path }) => path),
    ["/Agent/Account/DomainInfo"],
  );
});

test("what would move the cursor of a terminal is escaped", async () => {
  const humanReadableName = "\u001b[31m \u009b31m \u007f å";
  server.answer(json({ domain: "example.org", useEncryption: true, humanReadableName }));
  const { stdout } = await runCommand(["Account.DomainInfo"], { env: recorded() });
  assert.doesNotMatch(stdout.trimEnd(), /\p{Cc}/u);
  assert.equal(JSON.parse(stdout).humanReadableName, humanReadableName);
});

test("a token that is the result is not ended", async () => {
  server.answer(json({ jwt: "the.token", expires: 0 }), json({ jwt: "another.token", expires: 0 }));
  const { stdout } = await runCommand(["Account.Refresh", "60"], { env: recorded() });
  assert.equal(JSON.parse(stdout).jwt, "another.token");
  assert.deepEqual(
    server.requests.map(({ path }) => path),
    ["/Agent/Account/Login", "/Agent/Account/Refresh"],
  );
});

test("a session is opened where it is optional, if an account is named", async () => {
  const key = json({ key: "a", Algorithm: {} });
  const { NEURON_USER: _, ...anonymous } = recorded();
  server.answer(key);
  await runCommand(["Crypto.GetPublicKey"], { env: anonymous });
  assert.deepEqual(
    server.requests.map(({ path, headers }) => [path, headers.authorization]),
    [["/Agent/Crypto/GetPublicKey", undefined]],
  );
  server.reset();
  server.answer(json({ jwt: "the.token", expires: 0 }), key, json({}));
  await runCommand(["Crypto.GetPublicKey"], { env: recorded() });
  assert.deepEqual(server.requests[1].headers.authorization, "Bearer the.token");
});

/** A command whose call is answered, and the body of its request. */
async function bodyOf(/** @type {string[]} */ args, /** @type {object} */ surroundings = {}) {
  server.reset();
  server.answer(json({ jwt: "the.token", expires: 0 }));
  server.always(json({ sent: true, id: "x", Signature: "a" }));
  await runCommand(args, { env: recorded(), ...surroundings });
  return server.requests[1].body;
}

test("an argument can be in a file, and in the standard input", async () => {
  const message = ["Xmpp.SendTextMessage", "bob@localhost"];
  const place = await file("message.txt", "Tea at four?\nOr five?\n");
  const expected = '{"to":"bob@localhost","message":"Tea at four?\\nOr five?"}';
  assert.equal(await bodyOf([...message, `@${place}`]), expected);
  assert.equal(
    await bodyOf([...message, "--message", "@-"], { input: "Tea at four?\nOr five?\r\n" }),
    expected,
  );
  assert.match(await bodyOf([...message, "@@home"]), /"message":"@home"/);
  assert.match(await bodyOf([...message, "--", "-"]), /"message":"-"/);
  assert.match(await bodyOf([...message, "--", "--help"]), /"message":"--help"/);
  const wrong = await file("wrong.txt", Buffer.from([0xff]));
  const { message: said } = await failureOf([...message, `@${wrong}`], { env: recorded() });
  assert.match(said, /the file of Message is not UTF-8/);
});

test("a file for Base64 is encoded", async () => {
  const place = await file("data.bin", Buffer.from([0, 255, 10]));
  const args = ["Legal.SignData", "ed448", "urn:nf:iot:e2e:1.0", "key1", "id@legal.example.org"];
  const env = { ...recorded(), NEURON_KEY_PASSWORD: "a key" };
  assert.match(await bodyOf([...args, `@${place}`], { env }), /"dataBase64":"AP8K"/);
  assert.match(await bodyOf([...args, "AP8K"], { env }), /"dataBase64":"AP8K"/);
});

test("lists and objects are JSON, and an empty argument leaves out what comes before others", async () => {
  assert.match(
    await bodyOf(["Xmpp.SetRosterItem", "bob@localhost", "Bob", '["Friends","A & B"]']),
    /"Groups":\["Friends","A & B"\]/,
  );
  assert.equal(
    await bodyOf(["Xmpp.SendPresenceSubscription", "bob@localhost", "", "sv"]),
    '{"to":"bob@localhost","language":"sv"}',
  );
});

test("a file goes to the broker and comes back, byte for byte", async () => {
  const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, index) => index % 251));
  const photo = await file("photo.png", bytes);
  const { url } = await resultAs("alice", ["Storage.Upload", photo, "photo.png", "Private"]);
  const [download, copy] = [["Storage.Download", url], path.join(folder, "copy.png")];
  const { code, bytes: piped, stderr } = await runCommand(download, { env: as("alice") });
  assert.deepEqual([code, stderr], [0, ""]);
  assert.ok(piped.equals(bytes));
  const { stdout } = await runCommand([...download, "-o", copy], { env: as("alice") });
  assert.equal(stdout, "");
  assert.ok(bytes.equals(await readFile(copy)));
  // What is piped has no name, and so no media type of its own.
  await resultAs("alice", ["Storage.Put", url, "-", "Public", "--content-type", "image/png"], {
    input: "PNG",
  });
  assert.equal((await runCommand(download, { env: as("alice") })).stdout, "PNG");
});

const write = ["Xmpp.SendTextMessage", "bob@localhost", "Hi"];

const SECRETS = {
  NEURON_KEY_PASSWORD: "canary-key",
  NEURON_PIN: "canary-pin",
  NEURON_PASSWORD: "canary-password",
};
const transfer = ["Account.Transfer", "ed448", "urn:nf:iot:e2e:1.0", "key1"];

test("a secret is refused as an argument, and what to do instead is said", async () => {
  for (const [args, expected] of /** @type {[string[], RegExp][]} */ ([
    [
      [...transfer, "--key-password", "canary"],
      /KeyPassword is a secret, .*; set NEURON_KEY_PASSWORD, write --key-password @FILE or leave it out/,
    ],
    [[...transfer, "--pin=canary"], /Pin is a secret, .*; set NEURON_PIN or write --pin @FILE\.$/],
    [[...transfer, "--pin=@@canary"], /Pin is a secret/],
    [
      [...transfer, "canary", "canary", "canary"],
      /there are 6\. KeyPassword is a secret and no argument: set NEURON_KEY_PASSWORD/,
    ],
    [[...write, "--password=canary"], /Password is a secret, .*; set NEURON_PASSWORD/],
    [["Account.Login", "alice", "canary", "60"], /Password is a secret and no argument/],
    [["Account.Login", "alice", "canary"], /Seconds must be a number/],
    [[...write, "--pasword=canary"], /the option --pasword is unknown; did you mean --password\?/],
  ])) {
    const { code, message } = await failureOf(args, { env: { ...recorded(), ...SECRETS } });
    assert.equal(code, 2);
    assert.match(message, expected);
    assert.doesNotMatch(message, /canary/);
  }
  assert.deepEqual(server.requests, []);
});

test("secrets come from the environment and from files, and reach neither the output nor the list of processes", async () => {
  /** @type {string[]} */
  const seen = [];
  const key = await file("key.txt", "canary-key\n");
  for (const [args, input] of /** @type {[string[], string][]} */ ([
    [transfer, ""],
    [[...transfer, "--key-password", `@${key}`], ""],
    [[...transfer, "--password", "@-"], "canary-password\n"],
  ])) {
    server.reset();
    server.answer(json({ jwt: "canary.token", expires: 0 }));
    /** @type {import("node:child_process").ChildProcess} */
    let child;
    // A broker that quotes the request, and the token with it.
    server.always(async (response, { body, headers }) => {
      if (process.platform === "linux") seen.push(await readFile(`/proc/${child.pid}/cmdline`, "utf8"));
      text(`${body} ${headers.authorization}`, 400)(response);
    });
    const command = startCommand(args, { env: { ...recorded(), ...SECRETS }, input });
    ({ child } = command);
    const { code, stdout, stderr } = await command.ended;
    assert.equal(code, 4, stderr);
    assert.doesNotMatch(stdout + stderr, /canary/);
    const [, { body }] = server.requests;
    assert.match(body, /"keySignature":.*"requestSignature":.*"pin":"canary-pin"/);
  }
  assert.doesNotMatch(seen.join(), /canary/);
});

test("the account's password signs like that of the session, unless there is another", async () => {
  await runCommand(["Crypto.CreateKey", "ed25519", "urn:nf:iot:e2e:1.0", "key-of-cli"], {
    env: { ...as("alice"), NEURON_KEY_PASSWORD: "a key" },
  }).then(({ code, stderr }) => assert.deepEqual([code, stderr], [0, ""]));
  const { code } = await failureOf(["Crypto.CreateKey", "ed25519", "urn:nf:iot:e2e:1.0", "another"], {
    env: { ...as("alice"), NEURON_KEY_PASSWORD: "a key", NEURON_ACCOUNT_PASSWORD: "wrong" },
  });
  assert.notEqual(code, 0);
});

for (const [signal, expected] of /** @type {[NodeJS.Signals, number][]} */ ([
  ["SIGINT", 130],
  ["SIGTERM", 143],
])) {
  test(`${signal} ends the call, then the session, and the command with ${expected}`, async () => {
    server.answer(json({ jwt: "the.token", expires: 0 }), () => {}, json({}));
    const { child, ended } = startCommand(["Xmpp.GetRoster"], { env: recorded() });
    await until(() => server.requests.length === 2);
    child.kill(signal);
    const { code, stdout, stderr } = await ended;
    assert.deepEqual([code, stdout, stderr], [expected, "", ""]);
    assert.deepEqual(server.requests[2].path, "/Agent/Account/Logout");
  });
}

test("a message that may have been sent is said to be so, and a second signal ends the command at once", async () => {
  server.answer(json({ jwt: "the.token", expires: 0 }));
  server.always(() => {});
  const { child, ended } = startCommand(write, { env: recorded() });
  await until(() => server.requests.length === 2);
  child.kill("SIGINT");
  await until(() => server.requests.length === 3, "the logout");
  child.kill("SIGINT");
  const { code, stderr } = await ended;
  assert.equal(code, 130);
  assert.match(stderr, /^(aborted: Xmpp\.SendTextMessage: .*may have been processed.*\n)?$/);
});

test("a command that reads the standard input can be ended", async () => {
  const { child, ended } = startCommand(["Xmpp.SendTextMessage", "bob@localhost", "@-"], {
    env: recorded(),
    keepsInputOpen: true,
  });
  // More than a pipe holds, so it has been read when it is written.
  await new Promise((resolve) => child.stdin?.write(Buffer.alloc(1_000_000, "x"), resolve));
  child.kill("SIGINT");
  assert.equal((await ended).code, 130);
});

const read = ["Account.DomainInfo"];

test("a pipe that nobody reads any more is no error", async () => {
  server.always((response) => {
    setTimeout(() => json({ domain: "x".repeat(1_000_000), useEncryption: true })(response), 50);
  });
  for (const args of [read, ["--help"]]) {
    const { stdout, ended } = startCommand(args, { env: recorded() });
    stdout.destroy();
    const { code, stderr } = await ended;
    assert.deepEqual([code, stderr], [0, ""], args.join());
  }
});

test("it ends when it is done, though the broker keeps the connection open", async () => {
  // Longer than a command may take here.
  const patient = createServer({ keepAliveTimeout: 120_000 }, (_request, response) =>
    json({ domain: "example.org", useEncryption: true })(response),
  );
  patient.listen(0, "127.0.0.1");
  await once(patient, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (patient.address());
  const { code, signal } = await runCommand(read, { env: environmentOf(`127.0.0.1:${port}`) });
  assert.deepEqual([code, signal], [0, null]);
  patient.closeAllConnections();
  patient.close();
});
