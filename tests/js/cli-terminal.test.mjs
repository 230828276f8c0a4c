// @ts-check
/** The command line at a terminal: what it asks for, and what is seen of the answer. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { after, before, test } from "node:test";
import { startBroker } from "../support/broker.mjs";
import { until } from "../support/client.mjs";
import { COMMAND, environmentOf } from "../support/command.mjs";
import { startChild } from "../support/start-child.mjs";

/** `script` of util-linux runs a program at a terminal of its own. */
const skip = !/util-linux/.test(spawnSync("script", ["--version"], { encoding: "utf8" }).stdout ?? "");

/** @type {Awaited<ReturnType<typeof startBroker>>} */
let broker;
before(async () => {
  broker = await startBroker();
});
after(() => broker.stop());

/**
 * Runs a command at a terminal, where each answer is typed after what asks for it.
 *
 * @param {string[]} args
 * @param {[question: string, answer: string][]} answers
 */
async function dialogue(args, answers) {
  const { PATH = "", HOME = "" } = process.env;
  const { NEURON_PASSWORD: _, ...env } = environmentOf(broker.host);
  const words = [process.execPath, COMMAND, ...args].map((word) => `'${word}'`);
  const { child } = startChild("script", ["-qefc", words.join(" "), "/dev/null"], {
    env: { PATH, HOME, TERM: "xterm", SHELL: "/bin/sh", ...env },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const { stdin, stdout } = /** @type {import("node:child_process").ChildProcessWithoutNullStreams} */ (
    child
  );
  let seen = "";
  stdout.setEncoding("utf8").on("data", (text) => (seen += text));
  const ended = once(child, "close");
  for (const [question, answer] of answers) {
    await until(() => seen.includes(question), question);
    stdin.write(answer);
  }
  const [code] = await ended;
  return { code, seen };
}

const QUESTION = "Password of alice: ";

test("a password is asked for, and not shown", { skip }, async () => {
  const { code, seen } = await dialogue(["Account.Info"], [[QUESTION, "wonderlant\u007fd\r"]]);
  assert.equal(code, 0, seen);
  assert.doesNotMatch(seen, /wonder/);
  // In several lines, for a person.
  assert.match(seen, /^Password of alice: \r\n\{\r\n {2}"userName": "alice",\r\n[^]*\}\r\n$/);
});

test("each secret is asked for by its name, after the arguments have been checked", { skip }, async () => {
  const key = ["Crypto.CreateKey", "ed25519", "urn:nf:iot:e2e:1.0", "at-terminal"];
  const { code, seen } = await dialogue(key, [
    ["KeyPassword: ", "canary\r"],
    [QUESTION, "wonderland\r"],
  ]);
  assert.equal(code, 0, seen);
  assert.doesNotMatch(seen, /canary|wonderland/);
  // The account's password is asked for once.
  assert.equal(seen.split("assword").length, 3, seen);
  for (const [method, ...args] of [
    ["Xmpp.GetRosterItem", "bob"],
    ["Legal.SignData", "ed25519", "urn:nf:iot:e2e:1.0", "at-terminal", "legal@localhost", "no base64"],
  ]) {
    const wrong = await dialogue([method, ...args], []);
    assert.equal(wrong.code, 2, wrong.seen);
    assert.match(wrong.seen, /^invalid-argument: /);
  }
});

for (const [label, typed, expected, said] of /** @type {[string, string, number, RegExp][]} */ ([
  ["Ctrl-C", "wonder\u0003", 130, /^Password of alice: \r\n$/],
  ["Ctrl-D", "\u0004", 2, /^Password of alice: \r\ninvalid-argument: Password of alice was not given\.\r\n$/],
])) {
  test(`${label} instead of a password ends the command with ${expected}`, { skip }, async () => {
    const { code, seen } = await dialogue(["Account.Info"], [[QUESTION, typed]]);
    assert.equal(code, expected, seen);
    assert.match(seen, said);
  });
}
