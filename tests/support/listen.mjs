// @ts-check
/** A web server of a test's own, on a port that the system chooses. */

import { once } from "node:events";
import { createServer } from "node:http";

/**
 * @param {import("node:http").RequestListener} answer
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>} `url` without a slash at its end
 */
export async function listen(answer) {
  const server = createServer(answer);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
