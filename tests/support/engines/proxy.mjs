// @ts-check
/**
 * A proxy between a browser and the servers of a test: it sees each request, and can hold it back,
 * where the browser's driver can't. It also gives pages a first script, by an address of its own on
 * their origin, so that no policy has to be changed for it.
 */

import { once } from "node:events";
import { createServer, request as httpRequest } from "node:http";
import { connect } from "node:net";
import { Request } from "./route.mjs";

const SCRIPT = "/.tests/first.js";
const TOLD = "/.tests/told";

/** Where nothing of a page comes before. */
const START = /<head>|<!doctype html>(?!.*<head>)/is;

/**
 * @typedef {import("node:http").IncomingMessage} Incoming
 * @typedef {import("node:http").ServerResponse} Outgoing
 *
 * @typedef {object} Watcher
 * @property {() => string} firstScript
 * @property {(told: any) => void} onTold what a page has sent to `TOLD`
 * @property {(request: Request, answers: import("./route.mjs").Answers) => Promise<unknown>} onRequest
 */

/**
 * @param {string[]} localNames
 * @param {Watcher} watcher
 */
export async function startProxy(localNames, watcher) {
  const addressOf = (/** @type {string} */ name) => (localNames.includes(name) ? "127.0.0.1" : name);

  /**
   * @param {Incoming} incoming
   * @param {Outgoing} outgoing
   */
  async function serve(incoming, outgoing) {
    const { pathname } = new URL(incoming.url ?? "");
    const body = await textOf(incoming);
    // A connection that has served before may be tried again by the browser when it breaks.
    outgoing.shouldKeepAlive = false;
    if (pathname === TOLD) {
      watcher.onTold(JSON.parse(body));
      outgoing.end();
    } else if (pathname === SCRIPT) {
      outgoing.setHeader("Content-Type", "text/javascript").end(watcher.firstScript());
    } else {
      await hand(incoming, outgoing, body);
    }
  }

  /**
   * @param {Incoming} incoming
   * @param {Outgoing} outgoing
   * @param {string} body
   */
  async function hand(incoming, outgoing, body) {
    const { url = "", method = "", headers } = incoming;
    const request = new Request({
      url,
      method,
      headers: /** @type {Record<string, string>} */ (headers),
      body: body || null,
    });
    outgoing.on("close", () => request.settle(outgoing.headersSent ? outgoing.statusCode : null));
    await watcher.onRequest(request, {
      pass: async () => pass(request, body, outgoing),
      fail: async () => outgoing.destroy(),
      answer: async ({ status, contentType, body }) =>
        outgoing
          .writeHead(status, { "Content-Type": contentType, "Access-Control-Allow-Origin": "*" })
          .end(body),
    });
  }

  /**
   * @param {Request} request
   * @param {string} body
   * @param {Outgoing} outgoing
   */
  function pass(request, body, outgoing) {
    const { hostname, port, pathname, search } = new URL(request.url());
    // So that a page can be read here.
    const { "accept-encoding": _, ...headers } = request.headers();
    const upstream = httpRequest({
      host: addressOf(hostname),
      port: port || 80,
      method: request.method(),
      path: pathname + search,
      headers: { ...headers, connection: "close" },
    });
    upstream.on("error", () => outgoing.destroy());
    outgoing.on("close", () => upstream.destroy());
    upstream.on("response", async (answer) => {
      const { connection: _, "keep-alive": __, ...kept } = answer.headers;
      answer.on("error", () => outgoing.destroy());
      if (!kept["content-type"]?.startsWith("text/html") || request.method() !== "GET") {
        outgoing.writeHead(answer.statusCode ?? 502, answer.statusMessage, kept);
        return answer.pipe(outgoing);
      }
      const html = await textOf(answer);
      delete kept["content-length"];
      outgoing.writeHead(answer.statusCode ?? 502, answer.statusMessage, kept);
      outgoing.end(html.replace(START, `$&<script src="${SCRIPT}"></script>`));
    });
    upstream.end(body);
  }

  const server = createServer((incoming, outgoing) => {
    // What breaks here breaks the page's connection, as it would without a proxy.
    serve(incoming, outgoing).catch(() => outgoing.destroy());
  });
  /** Which the server does not count as its own any more. @type {Set<import("node:stream").Duplex>} */
  const sockets = new Set();
  // A WebSocket: from here on the two ends speak with each other.
  server.on("upgrade", ({ url = "", rawHeaders }, client, head) => {
    sockets.add(client);
    const { hostname, port, pathname, search } = new URL(url);
    const upstream = connect(Number(port || 80), addressOf(hostname), () => {
      upstream.write(`GET ${pathname}${search} HTTP/1.1\r\n`);
      for (let at = 0; at < rawHeaders.length; at += 2) {
        upstream.write(`${rawHeaders[at]}: ${rawHeaders[at + 1]}\r\n`);
      }
      upstream.write("\r\n");
      upstream.write(head);
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on("error", () => client.destroy());
    client.on("error", () => upstream.destroy());
    // Nobody hears any more what the client says, but its end is seen only behind that.
    upstream.on("close", () => client.resume());
    client.on("close", () => {
      sockets.delete(client);
      upstream.destroy();
    });
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

/** @param {Incoming} message */
async function textOf(message) {
  let text = "";
  for await (const chunk of message.setEncoding("utf8")) text += chunk;
  return text;
}

/** Runs in the page, first of all: sends what the page complains of, and whatever its console says. */
export function tellWhatHappens() {
  const tell = (/** @type {string} */ event, /** @type {string} */ type, /** @type {string} */ text) => {
    const request = new XMLHttpRequest();
    // At once: a test that asks next whether anything was said must not be earlier.
    request.open("POST", "/.tests/told", false);
    request.send(JSON.stringify({ event, type, text }));
  };
  const levels = /** @type {const} */ (["debug", "log", "info", "warn", "error"]);
  for (const level of levels) {
    const write = console[level];
    console[level] = (...values) => {
      write.apply(console, values);
      tell("console", level === "warn" ? "warning" : level, values.map(String).join(" "));
    };
  }
  addEventListener("error", ({ error, message }) => tell("pageerror", "", String(error ?? message)));
  addEventListener("unhandledrejection", ({ reason }) => tell("pageerror", "", String(reason)));
  document.currentScript?.remove();
}
