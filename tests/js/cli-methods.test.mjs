// @ts-check
/** The command line sends what the library sends, for every method, and has help for each. */

import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { EXIT_CODES } from "../../src/cli/exit-codes.js";
import { nearest, optionOf, variableOf } from "../../src/cli/names.js";
import { OPTIONS } from "../../src/cli/options.js";
import { callOf } from "../support/calls.mjs";
import { clientFor } from "../support/client.mjs";
import { environmentOf, failureOf, runCommand } from "../support/command.mjs";
import { json, startRecorder, text } from "../support/recorder.mjs";

/** @type {import("../../xtask/declarations.mjs").Resource[]} */
const METHODS = JSON.parse(
  await readFile(new URL("../../pkg/resources.json", import.meta.url), "utf8"),
).filter((/** @type {{ isExported: boolean }} */ { isExported }) => isExported);

const { version } = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8"));

/** @type {string} */
let folder;
/** @type {string} */
let note;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "neuron-agent-api-"));
  note = path.join(folder, "note.txt");
  await writeFile(note, "Tea at four.");
});
after(() => rm(folder, { recursive: true, force: true }));

/** An argument that fits, as a word. @param {{ value?: unknown }} parameter */
const wordOf = ({ value }) => (typeof value === "string" ? value : JSON.stringify(value));

/** A request without what is different each time. */
const comparable = (
  /** @type {import("../support/recorder.mjs").Recorded} */ { method, path, headers, body },
) => [
  method,
  path,
  headers["accept-language"],
  body.replaceAll(/"(nonce|\w*signature)":"[^"]*"/gi, '"$1":"…"').replaceAll(/-{4,}[\w-]+/g, "boundary"),
];

/** Whether a request opens the session around a call. */
const isLogin = (/** @type {{ path: string, body: string }} */ { path, body }) =>
  path === "/Agent/Account/Login" && body.includes('"seconds":300');

/** Lets nobody do anything but log in. */
async function refusingServer(/** @type {import("node:test").TestContext} */ context) {
  const server = await startRecorder();
  context.after(() => server.stop());
  server.always((response, request) =>
    (isLogin(request) ? json({ jwt: "the.token", expires: 0 }) : text("no", 400))(response),
  );
  return server;
}

describe("every method", { concurrency: 4 }, () => {
  for (const { group, name, parameters, response, path: place } of METHODS) {
    const operation = `${group}.${name}`;

    test(`${operation} sends what the library sends`, async (context) => {
      const server = await refusingServer(context);
      const content = new File(["Tea at four."], "note.txt", { type: "text/plain" });
      // Another broker has to be asked over TLS, which this server does not speak.
      const fixed = parameters.map((parameter) =>
        parameter.kind.is === "host" ? { ...parameter, value: server.host } : parameter,
      );
      const values = fixed.map(({ kind, value }) => (kind.is === "content" ? content : value));
      const client = clientFor(context, server.host);
      await client.Account.Login("alice", "correct horse", 300);
      const error = await callOf(client, operation, values).then(assert.fail, (error) => error);
      const [, expected] = server.requests;
      server.requests.length = 0;

      const secrets = fixed.filter(({ isSecret }) => isSecret);
      const variables = secrets.map((secret) => [variableOf(optionOf(secret.parameter)), wordOf(secret)]);
      const options = fixed.flatMap((parameter) => {
        if (parameter.isSecret) return [];
        const word = parameter.kind.is === "content" ? note : wordOf(parameter);
        return [`--${optionOf(parameter.parameter)}=${word}`];
      });
      const { code, message } = await failureOf([operation, ...options], {
        env: { ...environmentOf(server.host), ...Object.fromEntries(variables) },
      });
      assert.ok(message.startsWith(`${error.code}: ${operation}: `), message);
      const listed = EXIT_CODES.find(({ errors }) => errors.includes(error.code))?.code;
      assert.equal(code, error.ambiguous ? 6 : listed, message);
      const sent = server.requests.find((request) => request.path.startsWith(place) && !isLogin(request));
      assert.deepEqual(sent && comparable(sent), expected && comparable(expected));
      assert.ok(sent || operation === "Account.RemoteQuickLogin");
    });

    test(`${operation} has help`, async () => {
      const { code, stdout, stderr } = await runCommand([operation, "--help"]);
      assert.deepEqual([code, stderr], [0, ""]);
      for (const { parameter, isSecret, kind } of parameters) {
        const option = optionOf(parameter);
        assert.match(stdout, new RegExp(`^  .*--${option} `, "m"));
        assert.equal(stdout.includes(`${variableOf(option)} or --${option} @FILE`), isSecret, option);
        for (const choice of kind.texts ?? []) assert.ok(stdout.includes(choice), choice);
      }
      for (const field of response.fields) {
        assert.match(stdout, new RegExp(`^  ${field.name}\\??: `, "m"));
      }
      assert.match(stdout, new RegExp(`^Example:\n  neuron-agent-api ${operation}\\b`, "m"));
      // What only a program or an editor understands.
      assert.doesNotMatch(stdout, /@link|undefined|`(File|Blob)`/);
      const usual = stdout.split("\n").filter((line) => !line.startsWith("  neuron-agent-api"));
      for (const line of usual) assert.ok(line.length <= 80, line);
    });
  }
});

test("the help of all has every group and method, and every option has its variable", async () => {
  const [all, group, version_] = await Promise.all([
    runCommand(["-h"]),
    runCommand(["Wallet", "--help"]),
    runCommand(["--version"]),
  ]);
  for (const { group, name } of METHODS)
    assert.match(all.stdout, new RegExp(`^  ${group}\\.${name} +\\S`, "m"));
  for (const { name, variable } of OPTIONS) {
    assert.ok(all.stdout.includes(`--${name}`) && all.stdout.includes(variable ?? ""), name);
  }
  assert.match(group.stdout, /^Wallet: [^]* {2}Wallet\.GetBalance /m);
  assert.doesNotMatch(group.stdout, /Xmpp/);
  assert.deepEqual([version_.code, version_.stdout], [0, `${version}\n`]);
  // As a word, which other programs take too.
  assert.deepEqual(await runCommand(["help", "Wallet"]), group);
});

test("no parameter has the name of another option of its method", () => {
  const general = OPTIONS.map(({ name }) => name);
  for (const { group, name, parameters } of METHODS) {
    const own = parameters.map(({ parameter }) => optionOf(parameter));
    assert.equal(new Set(own).size, own.length, name);
    // A method with a password of its own opens the session itself.
    const shared = own.filter((option) => general.includes(option));
    assert.deepEqual(
      shared.filter((option) => option !== "password"),
      [],
      `${group}.${name}`,
    );
  }
});

test("names are those that one would guess", () => {
  assert.deepEqual(["To", "CustomXml", "EMail", "PhoneNr", "PNr", "ContentBase64"].map(optionOf), [
    "to",
    "custom-xml",
    "e-mail",
    "phone-nr",
    "p-nr",
    "content-base64",
  ]);
  assert.equal(variableOf("key-password"), "NEURON_KEY_PASSWORD");
  assert.equal(nearest("--tto", ["--from", "--to"]), "--to");
  assert.equal(nearest("something", ["--from", "--to"]), undefined);
});
