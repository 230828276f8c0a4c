// @ts-check
/** Brokers that are linked to an XMPP server, and who uses them. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { startBroker } from "../../support/broker.mjs";
import { clientFor } from "../../support/client.mjs";
import { eventually } from "./deadline.mjs";
import { COMPONENTS } from "./servers.mjs";

/** @typedef {Awaited<ReturnType<typeof startLinkedBroker>>} LinkedBroker */

/**
 * Starts a broker as a component of a server, and doesn't wait for the link.
 *
 * @param {{ componentPort: number }} server
 * @param {keyof typeof COMPONENTS} [domain]
 */
export async function startUnlinkedBroker({ componentPort }, domain = "agents.localhost") {
  const folder = mkdtempSync(path.join(tmpdir(), "link-"));
  try {
    const file = path.join(folder, "secret");
    writeFileSync(file, `${COMPONENTS[domain]}\n`, { mode: 0o600 });
    const server = `127.0.0.1:${componentPort}`;
    const broker = await startBroker("--component", domain, "--xmpp", server, "--secret-file", file);
    /** How often it has been linked. */
    const links = () => broker.output().match(/^Linked to /gm)?.length ?? 0;
    return {
      ...broker,
      domain,
      links,
      /** Waits until it has been linked so often. */
      linked: (count = 1) =>
        eventually(
          () => links() >= count,
          () => `the link number ${count}; the broker says:\n${broker.output()}`,
        ),
    };
  } finally {
    // It has been read.
    rmSync(folder, { recursive: true });
  }
}

/**
 * Starts a broker as a component of a server.
 *
 * @param {{ componentPort: number }} server
 * @param {keyof typeof COMPONENTS} [domain]
 */
export async function startLinkedBroker(server, domain) {
  const broker = await startUnlinkedBroker(server, domain);
  try {
    await broker.linked();
    return broker;
  } catch (error) {
    await broker.stop();
    throw error;
  }
}

/** @typedef {Awaited<ReturnType<typeof logIn>>} Member */
/** @typedef {import("neuron-agent-api").Message} Message */

/**
 * Somebody who uses the Agent API of a broker, logged in.
 *
 * @param {{ after: (end: () => void) => void }} context
 * @param {LinkedBroker} broker
 * @param {"alice" | "bob"} [name]
 */
export async function logIn(context, broker, name = "alice") {
  const api = clientFor(context, broker.host);
  await api.Account.Login(name, broker.accounts[name].password, 3600);
  /** @type {Message[]} */
  const waiting = [];
  /** @type {Message[]} */
  const all = [];
  return {
    ...api,
    bareJid: `${name}@${broker.domain}`,
    /** All messages that were looked at, in the order in which they came. */
    all,
    /** @param {string} contact */
    async item(contact) {
      const { RosterItems } = await api.Xmpp.GetRoster();
      const found = RosterItems.find(({ bareJid }) => bareJid === contact);
      return found && [found.status, found.pendingSubscription];
    },
    /**
     * Waits until the contact is in the roster like this.
     *
     * @param {string} contact
     * @param {string} status
     * @param {boolean} [isPending]
     */
    becomes(contact, status, isPending = false) {
      let last = "";
      return eventually(
        async () => {
          last = JSON.stringify(await this.item(contact));
          return last === JSON.stringify([status, isPending]);
        },
        () => `${contact} ${status} in the roster of ${name}; it is ${last}`,
      );
    },
    /**
     * Takes the first message that matches, and waits for it if it has not come.
     *
     * @param {Partial<Pick<Message, "type" | "from" | "id">>} wanted
     */
    next(wanted) {
      return eventually(
        async () => {
          const { Messages } = await api.Xmpp.PopMessages(100);
          waiting.push(...Messages);
          all.push(...Messages);
          const index = waiting.findIndex((message) =>
            Object.entries(wanted).every(([key, value]) => Reflect.get(message, key) === value),
          );
          return index < 0 ? undefined : waiting.splice(index, 1)[0];
        },
        () => `${JSON.stringify(wanted)} for ${name}, who has got:\n${JSON.stringify(all, null, 1)}`,
      );
    },
  };
}
