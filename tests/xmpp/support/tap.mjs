// @ts-check
/** Stands between a server and those who connect to it, and keeps the stanzas that pass. */

import { once } from "node:events";
import { connect, createServer } from "node:net";
import { StringDecoder } from "node:string_decoder";

/** @typedef {Awaited<ReturnType<typeof startTap>>} Tap */

/** @param {number} port the server's */
export async function startTap(port) {
  /** @type {{ toServer: string[], fromServer: string[] }} */
  const stanzas = { toServer: [], fromServer: [] };
  /** @type {Set<import("node:net").Socket>} */
  const sockets = new Set();
  const listener = createServer((client) => {
    const server = connect(port, "127.0.0.1");
    for (const [from, to, into] of /** @type {const} */ ([
      [client, server, stanzas.toServer],
      [server, client, stanzas.fromServer],
    ])) {
      sockets.add(from.setNoDelay());
      const read = stanzaReader((stanza) => into.push(stanza));
      const decoder = new StringDecoder("utf8");
      from.on("data", (piece) => {
        read(decoder.write(piece));
        to.write(piece);
      });
      from.on("error", () => {}).on("close", () => to.destroy());
    }
  });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  const address = /** @type {import("node:net").AddressInfo} */ (listener.address());
  return {
    port: address.port,
    stanzas,
    async stop() {
      for (const socket of sockets) socket.destroy();
      listener.close();
      await once(listener, "close");
    },
  };
}

/** A tag, whatever is in its attributes. */
const TAG = /<(?:"[^"]*"|'[^']*'|[^>"'])*>/y;

const STANZA = /^<(message|presence|iq)[\s/>]/;

/** What begins a stream, also again after the login, and what ends it. */
const AROUND = /^<(\?xml|\/?stream:stream)\b/;

/**
 * Reads the text of a stream in pieces. Streams have neither comments nor CDATA sections here.
 *
 * @param {(stanza: string) => void} found is called with each message, presence and iq
 * @returns {(piece: string) => void}
 */
export function stanzaReader(found) {
  let text = "";
  return (piece) => {
    text += piece;
    let depth = 0;
    let start = 0;
    let read = 0;
    for (let index = text.indexOf("<"); index >= 0; index = text.indexOf("<", TAG.lastIndex)) {
      TAG.lastIndex = index;
      const [tag] = TAG.exec(text) ?? [];
      // Its end has not come yet.
      if (tag === undefined) break;
      const end = TAG.lastIndex;
      if (AROUND.test(tag)) {
        read = end;
        continue;
      }
      if (depth === 0) start = index;
      if (tag.startsWith("</")) depth -= 1;
      else if (!tag.endsWith("/>")) depth += 1;
      if (depth > 0) continue;
      const child = text.slice(start, end);
      if (STANZA.test(child)) found(child);
      read = end;
    }
    // What has begun is read again with its rest.
    text = text.slice(read);
  };
}
