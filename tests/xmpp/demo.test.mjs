// @ts-check
/** `npm run demo:xmpp`: one command, and nothing is left of it. */

import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { test } from "node:test";
import { passOnInOnePiece } from "../../xtask/one-piece.mjs";
import { clientFor } from "../support/client.mjs";
import { startChild } from "../support/start-child.mjs";
import { eventually } from "./support/deadline.mjs";
import { SERVERS, skipWithout } from "./support/kinds.mjs";
import { connectPerson } from "./support/person.mjs";

const skip = skipWithout(SERVERS.prosody);

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {...string} args
 */
function startDemo(env, ...args) {
  const { child, ...rest } = startChild(process.execPath, ["xtask/demo-xmpp.mjs", ...args], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text) => (output += text));
  }
  return { child, ...rest, output: () => output };
}

/**
 * Whether somebody listens.
 *
 * @param {string | number} port
 */
const isOpen = (port) =>
  new Promise((resolve) => {
    const socket = connect(Number(port), "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });

/** @param {(folder: string) => Promise<void>} use */
async function withTemporaryFolder(use) {
  const folder = mkdtempSync(path.join(tmpdir(), "demo-test-"));
  // Prosody runs as another user, if root starts it.
  chmodSync(folder, 0o755);
  try {
    await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) {
  test(`somebody joins as it says, and ${signal} ends everything`, { skip }, async (context) => {
    await withTemporaryFolder(async (folder) => {
      const demo = startDemo({ TMPDIR: folder }, "--listen", "127.0.0.1:0");
      try {
        const found = await eventually(
          () => {
            const text = demo.output();
            const join = /address +(\S+)\n +password +(\S+)\n +server +127\.0\.0\.1, port (\d+)/.exec(text);
            const page =
              /^Then open http:\/\/(127\.0\.0\.1:(\d+)), log in as (\S+) with the password (\w+),/m.exec(
                text,
              );
            if (!join || !page || !/^Linked to /m.test(text)) return undefined;
            return { join, page };
          },
          () => `the invitation; the demo says:\n${demo.output()}`,
        );
        const [, address, password, clientPort] = found.join;
        const [, host, pagePort, agent, agentPassword] = found.page;
        // It is the last thing that is said, and not lost among the accounts.
        assert.match(
          demo.output(),
          /^Listening on .*\nAccounts:\n( {2}.*\n)+API keys:\n( {2}.*\n)+Simulated.*\n {2}.*\nState: .*\n\nJoin with/m,
        );
        assert.equal(readdirSync(folder).length, 1);
        assert.equal((await fetch(`http://${host}/`)).status, 200);

        const [userName] = address.split("@");
        const bob = await connectPerson({ clientPort: Number(clientPort) }, { userName, password });
        try {
          await bob.becomeAvailable();
          const alice = clientFor(context, host);
          await alice.Account.Login(agent, agentPassword, 600);
          const { sent } = await alice.Xmpp.SendPresenceSubscription(address);
          assert.equal(sent, true);
          await bob.next("presence", { type: "subscribe", from: "alice@agents.localhost" });
        } finally {
          await bob.stop();
        }

        demo.child.kill(signal);
        const [code] = await demo.exited;
        assert.equal(code, 0, demo.output());
        for (const port of [clientPort, pagePort]) assert.equal(await isOpen(port), false, `port ${port}`);
        assert.deepEqual(readdirSync(folder), []);
      } finally {
        await demo.stop();
      }
    });
  });
}

test("a broker that can't start ends everything", { skip }, async () => {
  await withTemporaryFolder(async (folder) => {
    const demo = startDemo({ TMPDIR: folder }, "--listen", "no address");
    try {
      const [code] = await demo.exited;
      assert.equal(code, 1);
      assert.match(demo.output(), /can't listen on no address/);
      assert.deepEqual(readdirSync(folder), []);
    } finally {
      await demo.stop();
    }
  });
});

test("without Prosody it says how to install it", async () => {
  const demo = startDemo({ PATH: "/nonexistent" });
  const [code] = await demo.exited;
  assert.equal(code, 1);
  assert.equal(
    demo.output(),
    "✗ Prosody is not installed. Install it with your system's packages (Debian: apt-get install prosody).\n",
  );
});

for (const [what, chunks, expected] of /** @type {const} */ ([
  [
    "up to the last line",
    ["Accounts:\n  alice", "\nState: x\nmore\n", "end\n"],
    ["Accounts:\n  alice\nState: x", "more", "end"],
  ],
  ["of a broker that ends before", ["Accounts:\n", "  alice\n"], ["Accounts:\n  alice"]],
  ["of a broker that says nothing", [], []],
])) {
  test(`what is said comes in one piece, ${what}`, async () => {
    /** @type {string[]} */
    const texts = [];
    await passOnInOnePiece(Readable.from(chunks), "State: ", (text) => texts.push(text));
    assert.deepEqual(texts, expected);
  });
}
