// @ts-check
/** `@xmpp/client` as an ordinary client, which reconnects by itself. */

import { client, xml } from "@xmpp/client";
import { DEADLINE_MS } from "./deadline.mjs";

/** How long each step of a connection may take. */
const STEP_TIMEOUT_MS = 10_000;

/** @param {import("./clients.mjs").Login} login */
export async function connectXmppJs({ clientPort, bareJid, resource, password, onStanza }) {
  const [userName, domain] = bareJid.split("@");
  const entity = client({
    service: `xmpp://127.0.0.1:${clientPort}`,
    domain,
    username: userName,
    // SCRAM takes more than a second, and nobody listens on this interface.
    credentials: (authenticate) => authenticate({ username: userName, password }, "PLAIN"),
    resource,
    timeout: STEP_TIMEOUT_MS,
  });
  entity.reconnect.delay = 50;
  // A connection that breaks, or can't be made yet, is reported here too.
  entity.on("error", () => {});
  entity.on("stanza", onStanza);
  entity.iqCallee.get("jabber:iq:version", "query", () =>
    xml("query", { xmlns: "jabber:iq:version" }, xml("name", {}, "A phone"), xml("version", {}, "1")),
  );
  entity.iqCallee.set("jabber:iq:roster", "query", () => true);
  const ask = (/** @type {import("@xmpp/client").Element} */ query) =>
    entity.iqCaller.request(query, DEADLINE_MS);

  await entity.start();
  await ask(xml("iq", { type: "get" }, xml("query", { xmlns: "jabber:iq:roster" })));
  return {
    isOnline: () => entity.status === "online",
    send: (/** @type {import("@xmpp/client").Element} */ stanza) => entity.send(stanza),
    ask,
    async stop() {
      entity.reconnect.stop();
      await entity.stop();
    },
  };
}
