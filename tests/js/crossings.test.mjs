// @ts-check
/**
 * How often a call crosses the border between JavaScript and the module: a proxy around its imports and
 * exports counts, in a process of its own, because the module is compiled once.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { runChild } from "../support/child.mjs";

/**
 * What a call with a session and without a listener takes. At 130, when each property of a response crossed by
 * itself, a call took a quarter more time. Whoever raises it has measured what it costs.
 */
const MOST = 20;

const COUNT = `
  let count = 0;
  const { Instance } = WebAssembly;
  const counted = (functions) =>
    Object.fromEntries(
      Object.entries(functions).map(([name, value]) => [
        name,
        typeof value === "function" ? (...args) => ((count += 1), value(...args)) : value,
      ]),
    );
  WebAssembly.Instance = function (module, imports) {
    const wrapped = Object.entries(imports).map(([name, functions]) => [name, counted(functions)]);
    return { exports: counted(new Instance(module, Object.fromEntries(wrapped)).exports) };
  };`;

for (const [label, call] of [
  ["a call", 'Xmpp.SendPresenceSubscription("bob@example.org", "<a/>", "en", "1")'],
  ["a call whose response has many parts", "Xmpp.GetRoster()"],
  ["a call in XML", 'Account.DomainInfo("en", { encoding: "xml" })'],
]) {
  test(`${label} crosses the border at most ${MOST} times`, async () => {
    const { code, stdout, stderr } = await runChild(`
      ${COUNT}
      const { createAgentAPI } = await import("neuron-agent-api");
      const RosterItem = {
        bareJid: "bob@example.org", pendingSubscription: true, status: "None", name: "", Groups: ["A", "B"],
      };
      const answers = {
        Login: { jwt: "a.b.c", expires: Math.floor(Date.now() / 1000) + 3600 },
        GetRoster: { RosterItems: Array.from({ length: 1000 }, () => RosterItem) },
        SendPresenceSubscription: { sent: true, id: "1", RosterItem },
      };
      const fetch = async (url) => {
        const answer = answers[url.split("/").at(-1)];
        return answer ? Response.json(answer) : new Response('<DomainInfo xmlns="https://waher.se/Schema/BrokerAgent.xsd" domain="a" useEncryption="true"/>');
      };
      const client = createAgentAPI({ host: "neuron.example.org", fetch });
      await client.Account.Login("alice", "password", 3600);
      await client.${call};
      count = 0;
      await client.${call};
      console.log(count);`);
    assert.equal(code, 0, stderr);
    assert.ok(Number(stdout) > 0, "nothing was counted");
    assert.ok(Number(stdout) <= MOST, `it crosses it ${stdout.trim()} times`);
  });
}
