/** A server that records each request as it came over the wire and answers as it is told. */

import { once } from "node:events";
import { createServer } from "node:http";

/**
 * @typedef {{ method: string, path: string, headers: Record<string, string>, body: string }} Recorded
 * @typedef {(response: import("node:http").ServerResponse, request: Recorded) => void} Script
 */

/** An answer in JSON. */
export function json(value, status = 200) {
  return text(JSON.stringify(value), status, "application/json");
}

/** An answer in plain text, as the broker's errors are. */
export function text(body, status, contentType = "text/plain; charset=utf-8", headers = {}) {
  return (response) => {
    response.writeHead(status, { "Content-Type": contentType, ...headers });
    response.end(body);
  };
}

/**
 * Starts a server. Requests beyond the script are answered with 501, so that they fail the test
 * as an answer that nobody foresaw and don't look like a lost network.
 */
export async function startRecorder() {
  /** @type {Recorded[]} */
  const requests = [];
  /** @type {Script[]} */
  const script = [];
  /** @type {Script | undefined} */
  let otherwise;
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += chunk;
    const recorded = { method: request.method, path: request.url, headers: request.headers, body };
    requests.push(recorded);
    const answer = script.shift() ?? otherwise ?? text("nobody foresaw this request", 501);
    answer(response, recorded);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    host: `127.0.0.1:${server.address().port}`,
    requests,
    /** Appends answers, one for each request to come. */
    answer(...answers) {
      script.push(...answers);
    },
    /** Answers every request beyond the script alike: calls are repeated, and not always as often. */
    always(answer) {
      otherwise = answer;
    },
    /** Forgets what was asked and what was to be answered. */
    reset() {
      requests.length = 0;
      script.length = 0;
      otherwise = undefined;
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
