// @ts-check
/** A server that records each request as it came over the wire, and answers as the test says. */

import { once } from "node:events";
import { createServer } from "node:http";

/**
 * @typedef {object} Recorded
 * @property {string} method
 * @property {string} path
 * @property {Record<string, string | undefined>} headers
 * @property {string} body
 *
 * @typedef {(response: import("node:http").ServerResponse, request: Recorded) => void} Answer
 *
 * @typedef {Awaited<ReturnType<typeof startRecorder>>} Recorder
 */

/**
 * An answer in JSON.
 *
 * @param {unknown} value
 */
export function json(value, status = 200) {
  return text(JSON.stringify(value), status, "application/json");
}

/**
 * An answer in plain text, such as the broker's errors.
 *
 * @param {string} body
 * @param {number} status
 * @param {string} [contentType]
 * @param {import("node:http").OutgoingHttpHeaders} [headers]
 * @returns {(response: import("node:http").ServerResponse) => void}
 */
export function text(body, status, contentType = "text/plain; charset=utf-8", headers = {}) {
  return (response) => {
    response.writeHead(status, { "Content-Type": contentType, ...headers });
    response.end(body);
  };
}

/**
 * Starts a server. A request without a prepared answer gets status 501, so that it fails the test by
 * an unexpected answer and does not look like a network failure.
 */
export async function startRecorder() {
  /** @type {Recorded[]} */
  const requests = [];
  /** @type {Answer[]} */
  const prepared = [];
  /** @type {Answer | undefined} */
  let otherwise;
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += chunk;
    const { method = "", url: path = "" } = request;
    const headers = /** @type {Recorded["headers"]} */ (request.headers);
    const recorded = { method, path, headers, body };
    requests.push(recorded);
    const answer = prepared.shift() ?? otherwise ?? text("no answer is prepared", 501);
    answer(response, recorded);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    host: `127.0.0.1:${port}`,
    requests,
    /**
     * Prepares answers, one for each request to come.
     *
     * @param {...Answer} answers
     */
    answer(...answers) {
      prepared.push(...answers);
    },
    /**
     * Answers every request alike that has no prepared answer: the number of attempts may vary.
     *
     * @param {Answer} answer
     */
    always(answer) {
      otherwise = answer;
    },
    /** Forgets the requests and the prepared answers. */
    reset() {
      requests.length = 0;
      prepared.length = 0;
      otherwise = undefined;
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
