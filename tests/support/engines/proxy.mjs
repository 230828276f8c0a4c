// @ts-check
/**
 * A proxy between WebKit and the servers of a test, for what WebKit's driver does not report: it sees
 * each request, and it adds an init script to pages, by an address on the page's own origin, so that
 * no content security policy has to be changed.
 */

import { once } from "node:events";
import { createServer, request as httpRequest } from "node:http";
import { connect } from "node:net";

const INIT_SCRIPT = "/.tests/init.js";
const EVENTS = "/.tests/events";

/** The place in a page that is before all its scripts. */
const START = /<head>|<!doctype html>(?!.*<head>)/is;

/**
 * @typedef {import("node:http").IncomingMessage} Incoming
 * @typedef {import("node:http").ServerResponse} Outgoing
 *
 * @typedef {object} Watcher
 * @property {() => string} initScript
 * @property {(event: any) => void} onPageEvent what `reportEvents` has sent
 * @property {(request: import("./types.js").Request) => void} onRequest
 */

/** @param {Watcher} watcher */
export async function startProxy(watcher) {
  /**
   * @param {Incoming} incoming
   * @param {Outgoing} outgoing
   */
  async function serve(incoming, outgoing) {
    const { pathname } = new URL(incoming.url ?? "");
    const body = await textOf(incoming);
    // A browser may repeat a request by itself if a connection breaks that has served before.
    outgoing.shouldKeepAlive = false;
    if (pathname === EVENTS) {
      watcher.onPageEvent(JSON.parse(body));
      outgoing.end();
    } else if (pathname === INIT_SCRIPT) {
      outgoing.setHeader("Content-Type", "text/javascript").end(watcher.initScript());
    } else {
      watcher.onRequest(requestOf(incoming, body));
      forward(incoming, body, outgoing);
    }
  }

  const server = createServer((incoming, outgoing) => {
    // An error here breaks the page's connection, as it would without a proxy.
    serve(incoming, outgoing).catch(() => outgoing.destroy());
  });
  /** Sockets that the server no longer closes itself. @type {Set<import("node:stream").Duplex>} */
  const sockets = new Set();
  server.on("upgrade", (incoming, client, head) => {
    sockets.add(client);
    client.on("close", () => sockets.delete(client));
    forwardSocket(incoming, client, head);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    host: `127.0.0.1:${port}`,
    async stop() {
      server.close();
      server.closeAllConnections();
      for (const socket of sockets) socket.destroy();
      await once(server, "close");
    },
  };
}

/**
 * @param {Incoming} incoming
 * @param {string} body
 * @returns {import("./types.js").Request}
 */
function requestOf({ url = "", method = "", headers: all }, body) {
  const headers = /** @type {Record<string, string>} */ (all);
  return {
    url: () => url,
    method: () => method,
    headers: () => headers,
    allHeaders: async () => headers,
    postData: () => body || null,
  };
}

/**
 * @param {Incoming} incoming
 * @param {string} body
 * @param {Outgoing} outgoing
 */
function forward(incoming, body, outgoing) {
  const { hostname, port, pathname, search } = new URL(incoming.url ?? "");
  // Uncompressed, so that the script can be added to a page.
  const { "accept-encoding": _, ...headers } = incoming.headers;
  const upstream = httpRequest({
    host: hostname,
    port: port || 80,
    method: incoming.method,
    path: pathname + search,
    headers: { ...headers, connection: "close" },
  });
  upstream.on("error", () => outgoing.destroy());
  outgoing.on("close", () => upstream.destroy());
  upstream.on("response", async (answer) => {
    const { connection: _, "keep-alive": __, ...kept } = answer.headers;
    answer.on("error", () => outgoing.destroy());
    const isPage = kept["content-type"]?.startsWith("text/html") && incoming.method === "GET";
    const html = isPage && (await textOf(answer));
    if (isPage) delete kept["content-length"];
    outgoing.writeHead(answer.statusCode ?? 502, answer.statusMessage, kept);
    if (html) outgoing.end(html.replace(START, `$&<script src="${INIT_SCRIPT}"></script>`));
    else answer.pipe(outgoing);
  });
  upstream.end(body);
}

/**
 * Connects a WebSocket with its server.
 *
 * @param {Incoming} incoming
 * @param {import("node:stream").Duplex} client
 * @param {Buffer} head
 */
function forwardSocket({ url = "", rawHeaders }, client, head) {
  const { hostname, port, pathname, search } = new URL(url);
  const headers = rawHeaders.map((text, at) => text + (at % 2 ? "\r\n" : ": ")).join("");
  const upstream = connect(Number(port || 80), hostname, () => {
    upstream.write(`GET ${pathname}${search} HTTP/1.1\r\n${headers}\r\n`);
    upstream.write(head);
    upstream.pipe(client).pipe(upstream);
  });
  upstream.on("error", () => client.destroy());
  client.on("error", () => upstream.destroy());
  // The end of the client is only seen after all that it sent, so that must be read.
  upstream.on("close", () => client.resume());
  client.on("close", () => upstream.destroy());
}

/** @param {Incoming} message */
async function textOf(message) {
  let text = "";
  for await (const chunk of message.setEncoding("utf8")) text += chunk;
  return text;
}

/** Runs in the page before its own scripts: sends the proxy its errors and warnings. */
export function reportEvents() {
  const report = (/** @type {string} */ type, /** @type {unknown[]} */ ...values) => {
    const request = new XMLHttpRequest();
    // Synchronous, so that the test has it before it asks next.
    request.open("POST", "/.tests/events", false);
    request.send(JSON.stringify({ type, text: values.map(String).join(" ") }));
  };
  for (const level of /** @type {const} */ (["warn", "error"])) {
    const write = console[level];
    console[level] = (...values) => {
      write.apply(console, values);
      report(level === "warn" ? "warning" : level, ...values);
    };
  }
  addEventListener("error", ({ error, message }) => report("uncaught", error ?? message));
  addEventListener("unhandledrejection", ({ reason }) => report("uncaught", reason));
  document.currentScript?.remove();
}
