// @ts-check
/** What `docs/xmpp.md` and `docs/scaling.md` say is what the tests of this folder do. */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { prosodyLink } from "../../xtask/prosody.mjs";
import { startBroker } from "../support/broker.mjs";
import { eventually } from "./support/deadline.mjs";
import { ejabberdLink } from "./support/ejabberd.mjs";
import { SERVERS, skipWithout } from "./support/kinds.mjs";
import { COMPONENTS, startServer } from "./support/servers.mjs";

const [xmpp, scaling] = await Promise.all(
  ["xmpp", "scaling"].map((name) => readFile(`docs/${name}.md`, "utf8")),
);
const ONE = { componentPort: 5347, components: { "agents.localhost": "a long secret" } };
const TWO = { ...ONE, components: { ...ONE.components, "others.localhost": "another secret" } };

/**
 * The blocks of code in a language.
 *
 * @param {string} text
 * @param {string} language
 */
const blocksOf = (text, language) =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\``, "gm"))].map(([, block]) => block);

test("the configurations are those of the tests", () => {
  const { above, below } = prosodyLink(ONE);
  assert.deepEqual(blocksOf(xmpp, "lua"), [above, below]);
  assert.deepEqual(blocksOf(xmpp, "yaml"), [ejabberdLink(ONE)]);
  assert.deepEqual(blocksOf(scaling, "yaml"), [ejabberdLink(TWO)]);
});

for (const [name, text] of Object.entries({ xmpp, scaling })) {
  const commands = [...text.matchAll(/^ {4}cargo run -p broker --features xmpp -- (.+)$/gm)];
  test(`the commands of docs/${name}.md link brokers`, { skip: skipWithout(SERVERS.ejabberd) }, async () => {
    const server = await startServer(SERVERS.ejabberd);
    const folder = mkdtempSync(path.join(tmpdir(), "commands-"));
    /** @type {(() => Promise<unknown>)[]} */
    const ends = [server.end];
    try {
      assert.equal(commands.length, name === "xmpp" ? 1 : 2);
      for (const [, line] of commands) {
        const domain = /** @type {keyof typeof COMPONENTS} */ (/--component (\S+)/.exec(line)?.[1]);
        const file = path.join(folder, /--secret-file (\S+)/.exec(line)?.[1] ?? "");
        writeFileSync(file, COMPONENTS[domain]);
        const args = line
          .replace("127.0.0.1:5347", `127.0.0.1:${server.componentPort}`)
          .replace(/(?<=--secret-file )\S+/, file)
          .replace(/(?<=--listen 127\.0\.0\.1:)\d+/, "0")
          .split(" ");
        const broker = await startBroker(...args);
        ends.unshift(broker.stop);
        await eventually(() => /^Linked to /m.test(broker.output()), broker.output);
      }
    } finally {
      for (const end of ends) await end();
      rmSync(folder, { recursive: true });
    }
  });
}
