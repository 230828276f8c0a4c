// @ts-check
/** `docs/command-line.md` is true: its commands run, its tables are those of the program. */

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { EXIT_CODES } from "../../src/cli/exit-codes.js";
import { OPTIONS } from "../../src/cli/options.js";
import { startBroker } from "../support/broker.mjs";
import { allMethods } from "../support/calls.mjs";
import { COMMAND, runCommand } from "../support/command.mjs";

const document = await readFile(new URL("../../docs/command-line.md", import.meta.url), "utf8");
const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");

/** The commands of a document. @param {string} text */
const commandsIn = (text) =>
  [...text.matchAll(/^```sh\n([^]*?)^```$/gm)].map(([, commands]) => commands).join("");

/** The cells of each row of the table with that head. @param {string} head */
function rowsBelow(head) {
  const [, table] = document.split(`${head}\n`);
  assert.ok(table, head);
  const rows = table.split("\n\n")[0].split("\n").slice(1);
  return rows.map((row) =>
    row
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/**
 * What commands write at the local broker. What is asked for at a terminal comes from the environment.
 *
 * @param {string} commands
 */
async function outputOf(commands) {
  const broker = await startBroker();
  const folder = await mkdtemp(path.join(tmpdir(), "neuron-agent-api-"));
  const script = commands
    .replaceAll("npx neuron-agent-api", `'${process.execPath}' '${COMMAND}'`)
    .replaceAll("127.0.0.1:8080", broker.host);
  const { PATH = "" } = process.env;
  const env = { PATH, HOME: folder, NEURON_PASSWORD: broker.accounts.alice.password };
  try {
    return await promisify(execFile)("sh", ["-e", "-c", script], { cwd: folder, env });
  } finally {
    await Promise.all([broker.stop(), rm(folder, { recursive: true, force: true })]);
  }
}

test("the commands run, and do what is said of them", async () => {
  const { stdout, stderr } = await outputOf(commandsIn(document));
  assert.match(stderr, /^not-found: Xmpp\.GetRosterItem: [^\n]+\n$/);
  const lines = stdout.trim().split("\n");
  assert.equal(lines.pop(), "not in the roster");
  const [request, messages, accepted, first, second, item, stored, file, key] = lines.map((line) =>
    JSON.parse(line),
  );
  const [, shown] = /```json\n([^]*?)```/.exec(document) ?? [];
  assert.deepEqual({ ...request, id: "" }, { ...JSON.parse(shown), id: "" });
  assert.deepEqual([messages.Messages[0].type, messages.Messages[0].lang], ["subscribe", "sv"]);
  assert.deepEqual([accepted.sent, first.sent, second.sent], [true, true, true]);
  assert.deepEqual(item.Groups, ["Friends", "Tea"]);
  assert.ok(stored.created && key.created);
  assert.match(file.url, /\/bob\/note\.txt$/);
  assert.equal(lines.length, 9);
});

test("the command of the README runs", async () => {
  const [, command = ""] = /`(npx neuron-agent-api [^`]+)`/.exec(readme) ?? [];
  const { stdout, stderr } = await outputOf(command);
  assert.equal(stderr, "");
  assert.equal(JSON.parse(stdout).sent, true);
});

test("every method has a command, but those that are named", async () => {
  const { stdout } = await runCommand(["--help"]);
  const commands = stdout.split("\n").map((line) => line.trim().split(" ")[0]);
  const [, named = ""] = /has no command:([^]*?); nor have/.exec(document) ?? [];
  const excepted = named.match(/\w+\.\w+/g) ?? [];
  const without = allMethods().filter((method) => !method.startsWith("IO.") && !commands.includes(method));
  assert.deepEqual(without.sort(), [...excepted, "Account.XmlEncode"].sort());
});

test("the table of exit codes is that of the program", () => {
  assert.deepEqual(
    rowsBelow("| Exit code | Meaning | Codes |"),
    EXIT_CODES.map(({ code, meaning, errors }) => [
      String(code),
      meaning,
      code === 6 ? "any that is `ambiguous`" : errors.map((error) => `\`${error}\``).join(", "),
    ]),
  );
});

test("the table of options is that of the program", () => {
  assert.deepEqual(
    rowsBelow("| Option | Variable | |").map(([option, variable]) => [
      option.replaceAll("\\|", "|"),
      variable.replace("=1", ""),
    ]),
    OPTIONS.map(({ name, short, value, variable }) => [
      `${short ? `\`-${short}\`, ` : ""}\`--${name}${value ? ` ${value}` : ""}\``,
      variable ? `\`${variable}\`` : "",
    ]),
  );
});
