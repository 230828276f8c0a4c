// @ts-check
/** The proxy between WebKit and the servers of a test. */

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { connect } from "node:net";
import { test } from "node:test";
import { startProxy } from "../support/engines/proxy.mjs";

const HANDSHAKE = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";

const watcher = { initScript: () => "", onPageEvent: () => {}, onRequest: () => {} };

test("stops with a WebSocket whose server has closed while the client still sent", {
  timeout: 10_000,
}, async (t) => {
  const server = createServer();
  t.after(() => server.close());
  /** @type {Promise<import("node:stream").Duplex>} */
  const upgraded = new Promise((resolve) =>
    server.on("upgrade", (_, socket) => {
      socket.write(HANDSHAKE);
      resolve(socket);
    }),
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());

  const proxy = await startProxy(watcher);
  const [host, proxyPort] = proxy.host.split(":");
  const client = connect({ host, port: Number(proxyPort), allowHalfOpen: true });
  client.on("error", () => {});
  t.after(() => client.destroy());
  client.write(
    `GET http://127.0.0.1:${port}/ HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n` +
      "Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
  );
  const [first] = await once(client, "data");
  assert.match(String(first), /^HTTP\/1\.1 101 /);
  (await upgraded).destroy();
  await once(client, "end");
  client.write("the last word");

  await proxy.stop();
});
