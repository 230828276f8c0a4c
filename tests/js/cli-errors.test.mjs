// @ts-check
/** What the command line says of failures, and the exit code of each. */

import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { EXIT_CODES } from "../../src/cli/exit-codes.js";
import { environmentOf, failureOf, runCommand } from "../support/command.mjs";
import { json, startRecorder, text } from "../support/recorder.mjs";

/** @type {import("../support/recorder.mjs").Recorder} */
let server;
/** @type {string} */
let folder;
before(async () => {
  server = await startRecorder();
  folder = await mkdtemp(path.join(tmpdir(), "neuron-agent-api-"));
});
after(() => Promise.all([server.stop(), rm(folder, { recursive: true, force: true })]));
beforeEach(() => server.reset());

const recorded = () => environmentOf(server.host);

test("every code of an error has one exit code, and the help names all of those", async () => {
  const types = await readFile(new URL("../../pkg/index.d.ts", import.meta.url), "utf8");
  const codes = /type AgentApiErrorCode =([^;]*);/.exec(types)?.[1].match(/[a-z-]+(?=")/g) ?? [];
  assert.ok(codes.length > 20, codes.join());
  // Of a signal comes the exit code of the signal.
  const listed = EXIT_CODES.flatMap(({ errors }) => errors);
  assert.deepEqual([...listed, "aborted"].sort(), [...codes, "output"].sort());
  const { stdout } = await runCommand(["--help"]);
  const help = stdout.replaceAll(/\s+/g, " ");
  for (const { code, meaning } of EXIT_CODES) {
    assert.ok(help.includes(` ${code} ${meaning}`), meaning);
  }
});

const read = ["Account.DomainInfo"];
const write = ["Xmpp.SendTextMessage", "bob@localhost", "Hi"];

for (const [
  label,
  status,
  args,
  code,
  expected,
] of /** @type {[string, number, string[], string, number][]} */ ([
  ["a request that is refused", 400, read, "bad-request", 4],
  ["a wrong password", 401, read, "unauthorized", 3],
  ["a lacking right", 403, read, "forbidden", 4],
  ["what is not there", 404, read, "not-found", 4],
  ["what is too large", 413, read, "too-large", 4],
  ["a method that the broker lacks", 501, read, "not-implemented", 4],
  ["a redirect", 302, read, "refused", 4],
  ["a broker that is busy", 503, read, "unavailable", 5],
  ["a broker that is asked too often", 429, read, "rate-limited", 5],
  ["a failure while something is read", 500, read, "server-error", 5],
  ["a failure while something is done", 500, write, "server-error", 6],
])) {
  test(`${label} ends with ${expected}`, async () => {
    server.answer(...(args === write ? [json({ jwt: "the.token", expires: 0 })] : []));
    // A pause that is too long to wait for, where the call would be retried.
    const headers = { "Retry-After": "3600" };
    server.always(text("No.\n\u001b[31mReally.", status, "text/plain", headers));
    const { code: found, message } = await failureOf(args, { env: recorded() });
    assert.equal(found, expected, message);
    const [operation] = args;
    assert.ok(message.startsWith(`${code}: ${operation}: the broker refused with ${status}`), message);
    assert.ok(message.includes("No. [31mReally."), "as one line, which moves no cursor");
    assert.equal(message.includes("may have been processed"), expected === 6, message);
  });
}

test("no response ends with 5, and with 6 if the message may have been sent", async () => {
  const silent = () => {};
  server.always(silent);
  const env = recorded();
  const timedOut = await failureOf([...read, "--timeout", "200"], { env });
  assert.deepEqual([timedOut.code, timedOut.message.split(":")[0]], [5, "timeout"]);
  server.reset();
  server.answer(json({ jwt: "the.token", expires: 0 }), silent, json({}));
  const ambiguous = await failureOf([...write, "--timeout", "2000"], { env });
  assert.deepEqual([ambiguous.code, ambiguous.message.split(":")[0]], [6, "timeout"]);
  // After a login without an answer nothing was called.
  server.reset();
  server.always(silent);
  const login = await failureOf([...write, "--timeout", "200"], { env });
  assert.equal(login.code, 5);
  assert.doesNotMatch(login.message, /may have been/);
});

test("a broker that is not there ends with 5, and the reason is said", async () => {
  const gone = await startRecorder();
  await gone.stop();
  const { code, message } = await failureOf([...read, "--timeout", "2000"], {
    env: { ...recorded(), NEURON_HOST: gone.host },
  });
  assert.deepEqual(
    [code, message],
    [5, `network: Account.DomainInfo: no response from ${gone.host} (ECONNREFUSED).`],
  );
});

test("what no Neuron® answers ends with 7", async () => {
  server.answer(text("<html></html>", 200, "text/html"));
  const { code, message } = await failureOf(read, { env: recorded() });
  assert.equal(code, 7);
  assert.match(message, /^bad-response: /);
});

test("a result that can't be written ends with 1", async () => {
  server.always((answer, request) =>
    (request.path.includes("Login")
      ? json({ jwt: "the.token", expires: 0 })
      : text("Tea", 200, "text/plain"))(answer),
  );
  const place = path.join(folder, "none", "note.txt");
  const download = ["Storage.Download", "/Agent/Storage/Content/alice/note.txt", "--output", place];
  const { code, message } = await failureOf(download, { env: recorded() });
  assert.deepEqual([code, message], [1, "output: the result can't be written (ENOENT)."]);
});

for (const [label, args, env, expected] of /** @type {[string, string[], object, RegExp][]} */ ([
  ["no method", [], {}, /: write a method: neuron-agent-api GROUP\.METHOD /],
  ["a group alone", ["Xmpp"], {}, /: Xmpp is a group; neuron-agent-api Xmpp --help /],
  ["a method that is misspelt", ["Xmpp.GetRooster"], {}, /did you mean Xmpp\.GetRoster\?$/],
  ["a method without its group", ["getroster"], {}, /did you mean Xmpp\.GetRoster\?$/],
  [
    "a method like none",
    ["Make.Coffee"],
    {},
    /the method Make\.Coffee is unknown; see neuron-agent-api --help/,
  ],
  [
    "an option that is misspelt",
    [...write, "--lanugage", "sv"],
    {},
    /option --lanugage is unknown; did you mean --language\?$/,
  ],
  ["an option of another method", [...write, "--output", "x"], {}, /option --output is unknown/],
  ["an option of a method before it", ["--language", "sv", ...write], {}, /option --language is unknown/],
  ["a short option that is unknown", [...write, "-x"], {}, /option -x is unknown/],
  ["an option without its value", [...write, "--id"], {}, /: --id needs a value/],
  ["an option in place of a value", [...write, "--id", "--language", "sv"], {}, /: --id needs a value/],
  ["a value for an option that takes none", [...write, "--insecure=1"], {}, /: --insecure takes no value/],
  ["an option twice", [...write, "--id=a", "--id=b"], {}, /: --id is given twice/],
  ["a parameter twice", [...write, "--to", "x"], {}, /: To is given twice, by its place and by --to/],
  [
    "too many arguments",
    ["Xmpp.GetRosterItem", "a", "b"],
    {},
    /takes these arguments at most: BareJid; there are 2\.$/,
  ],
  ["arguments of a method without any", ["Account.Info", "a"], {}, /takes no arguments; there are 1\.$/],
  [
    "a missing argument",
    ["Xmpp.SendTextMessage", "bob@localhost"],
    {},
    /: Message is missing; see neuron-agent-api Xmpp\.SendTextMessage --help/,
  ],
  ["a number that is none", ["Xmpp.PopMessages", "ten"], {}, /: MaxCount must be a number, such as 5/],
  [
    "a number that is too large",
    ["Account.Login", "alice", "4000"],
    {},
    /: Seconds must be a whole number from 1 to 3600/,
  ],
  ["a boolean that is none", ["Tokens.AddTextNote", "a", "b", "yes"], {}, /: Personal must be true or false/],
  [
    "a name of every object for a boolean",
    ["Tokens.AddTextNote", "a", "b", "constructor"],
    {},
    /: Personal must be true or false\.$/m,
  ],
  [
    "JSON that is none",
    ["Xmpp.SetRosterItem", "bob@localhost", "Bob", "Friends"],
    {},
    /: Groups must be JSON, such as \[/,
  ],
  ["an address that is none", ["Xmpp.GetRosterItem", "bob"], {}, /: BareJid is not a whole XMPP address/],
  [
    "a file that is not there",
    ["Xmpp.SendTextMessage", "bob@localhost", "@none.txt"],
    {},
    /the file of Message can't be read \(ENOENT\)/,
  ],
  [
    "two files from the standard input",
    ["Xmpp.SendTextMessage", "bob@localhost", "@-", "@-"],
    {},
    /Message and Subject can't both come/,
  ],
  [
    "a time that is none",
    [...read, "--timeout", "soon"],
    {},
    /: --timeout must be a whole number of milliseconds/,
  ],
  ["an encoding that is none", [...read, "--encoding", "yaml"], {}, /: --encoding must be "json" or "xml"/],
  ["a host that is none", read, { NEURON_HOST: "a b" }, /: --host must be a host name/],
  [
    "a variable that says neither yes nor no",
    read,
    { NEURON_INSECURE: "perhaps" },
    /: NEURON_INSECURE must be 1 or 0/,
  ],
  [
    "no host",
    read,
    { NEURON_HOST: "" },
    /^no-host: Account\.DomainInfo: name the broker with --host or NEURON_HOST/,
  ],
  ["http to another machine", read, { NEURON_HOST: "192.0.2.1" }, /^insecure-host: .*: --allow-insecure\.$/],
  ["no account", write, { NEURON_USER: "" }, /needs a session: name the account with --user or NEURON_USER/],
  [
    "no password",
    write,
    { NEURON_PASSWORD: "" },
    /Password is missing, and there is no terminal to ask at; set NEURON_PASSWORD or write --password @FILE/,
  ],
])) {
  test(`${label} ends with 2, and nothing is sent`, async () => {
    const { code, message } = await failureOf(args, { env: { ...recorded(), ...env }, cwd: folder });
    assert.match(message, expected);
    assert.match(message, /^(invalid-argument|no-host|insecure-host): /);
    assert.deepEqual([code, server.requests], [2, []]);
  });
}
