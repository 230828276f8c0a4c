// @ts-check
/** The entry `neuron-agent-api/testing`: the local broker without a server, for tests. */

import { utf8 } from "../loader/text-encoder.js";
import { Clock } from "./clock.js";
import { answerWith, networkError } from "./exchange.js";
import { Faults } from "./faults.js";
import { instantiate } from "./module.js";
import { checkedAccount, checkedOptions, withErrors } from "./options.js";
import { readRequest } from "./request.js";
import { makeResponse } from "./response.js";
import { socketClass } from "./socket.js";

/** @typedef {import("./request.js").ReadRequest} ReadRequest */

/** The path of all resources. */
const ROOT = "/Agent/";

/** What stands instead of a secret, as in the bodies (`broker/src/exchange/shown.rs`). */
const MASK = "[masked]";

/**
 * @param {import("./index.d.ts").TestBrokerOptions | null} [options]
 * @returns {import("./index.d.ts").TestBroker}
 */
export const createTestBroker = (options) => /** @type {any} */ (new TestBroker(options));

class TestBroker {
  #options;
  #seed;
  #module = instantiate();
  /** @type {import("./glue.d.ts").Core} */
  #core;
  /** @type {Set<InstanceType<ReturnType<typeof socketClass>>>} */
  #sockets = new Set();

  /** @type {import("./index.d.ts").ReceivedRequest[]} */
  requests = [];
  /** @type {import("./index.d.ts").TestMail[]} */
  mail = [];
  faults = new Faults();
  clock;
  WebSocket;
  /** Bound, because it is passed on by itself. */
  fetch = (/** @type {any} */ input, /** @type {any} */ init) => this.#fetch(input, init);

  /** @param {import("./index.d.ts").TestBrokerOptions | null} [options] */
  constructor(options) {
    this.#options = checkedOptions(options);
    this.#seed = bytesOf(`${this.#options.seed ?? randomSeed()}`);
    // The clock of the moment, which a test may have replaced.
    const base = this.#options.clock ?? { now: () => Date.now() };
    this.clock = new Clock(base, () => this.#pump());
    this.WebSocket = socketClass({ core: () => this.#current(), sockets: this.#sockets });
    this.#core = this.#start();
  }

  /**
   * @param {string} userName
   * @param {import("./index.d.ts").TestAccount} account
   */
  addAccount(userName, account) {
    const { password, legalId } = checkedAccount(userName, account);
    withErrors("addAccount", () => this.#current().addAccount(userName, password, legalId));
  }

  closeSockets() {
    for (const socket of [...this.#sockets]) socket.fail();
  }

  reset() {
    this.closeSockets();
    this.clock.reset();
    this.requests.length = 0;
    this.mail.length = 0;
    this.faults.clear();
    this.#core = this.#start();
  }

  #start() {
    const { accounts = {}, apiKeys = {}, domain = "localhost", faults = [] } = this.#options;
    const core = withErrors(
      "createTestBroker",
      () => new this.#module(domain, this.#seed, this.clock.now() / 1_000),
    );
    for (const [userName, account] of Object.entries(accounts)) {
      const { password, legalId } = checkedAccount(userName, account);
      withErrors("createTestBroker", () => core.addAccount(userName, password, legalId));
    }
    for (const [key, secret] of Object.entries(apiKeys))
      withErrors("createTestBroker", () => core.addApiKey(key, `${secret}`));
    this.faults.add(...[faults].flat());
    return core;
  }

  /** The broker, at the time that it is now. */
  #current() {
    this.#core.setTime(this.clock.now() / 1_000);
    return this.#core;
  }

  /** Delivers what a request or the time has brought about. */
  #pump() {
    this.#current();
    for (const socket of [...this.#sockets]) socket.pump();
  }

  /**
   * @param {any} input
   * @param {any} init
   */
  async #fetch(input, init) {
    const request = await readRequest(input, init);
    return untilAborted(this.#exchange(request), request.signal);
  }

  /** @param {ReadRequest} request */
  async #exchange(request) {
    const entry = this.#log(request);
    const fault = this.#faultOf(entry);
    if (fault instanceof Error) {
      const text = bytesOf(`The test's own fault function failed: ${fault.message}`);
      return makeResponse(request, 500, [["content-type", "text/plain; charset=utf-8"]], text);
    }
    entry.fault = fault?.fault ?? (fault?.status === undefined ? undefined : `status=${fault.status}`);
    if (fault?.delayMs) await this.clock.wait(fault.delayMs, request.signal);
    // Nobody waits for it any more.
    if (request.signal?.aborted) throw networkError();
    const response = await answerWith(fault, request, this.clock, () => this.#answer(request));
    entry.status = response.status;
    return response;
  }

  /** @param {import("./index.d.ts").ReceivedRequest} entry */
  #faultOf(entry) {
    try {
      return this.faults.take(entry);
    } catch (error) {
      return error instanceof Error ? error : new Error(`${error}`);
    }
  }

  /**
   * @param {ReadRequest} request
   * @returns {import("./exchange.js").Answer}
   */
  #answer({ method, url, headers, body }) {
    const { origin, pathname, search } = url;
    const answer = this.#current().respond(origin, method, pathname + search, headers.flat(), body);
    if (!answer)
      throw new TypeError(`The test broker can't read the head of this request: ${method} ${pathname}`);
    const [status, list, content] = answer;
    const recipients = this.#core.takeMail();
    for (let at = 0; at < recipients.length; at += 2) {
      this.mail.push({ to: recipients[at], text: recipients[at + 1] });
    }
    this.#pump();
    return { status, headers: pairsOf(list), body: content };
  }

  /**
   * @param {ReadRequest} request
   * @returns {import("./index.d.ts").ReceivedRequest}
   */
  #log({ method, url, headers, body }) {
    const path = url.pathname;
    const shown = this.#module.shownBody(method, path, headers.flat(), body);
    const entry = {
      ...{ method, url: url.href, path },
      resource: path.startsWith(ROOT) ? path.slice(ROOT.length) : undefined,
      headers: Object.fromEntries(headers.map(([name, value]) => [name, maskedHeader(name, value)])),
      body: shown ? JSON.parse(shown) : method === "PUT" ? body : undefined,
    };
    this.requests.push(entry);
    return entry;
  }
}

/**
 * @param {string} name
 * @param {string} value
 */
function maskedHeader(name, value) {
  if (name === "cookie") return MASK;
  return name === "authorization" ? value.replace(/^(\S+\s+)?.*$/s, `$1${MASK}`) : value;
}

/**
 * What comes of some work, unless a signal fires before.
 *
 * @template T
 * @param {Promise<T>} work
 * @param {AbortSignal | undefined} signal
 * @returns {Promise<T>}
 */
function untilAborted(work, signal) {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason ?? new DOMException("This operation was aborted", "AbortError"));
    signal.addEventListener("abort", abort, { once: true });
    if (signal.aborted) abort();
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

/**
 * @param {string[]} list names and values in turn
 * @returns {[string, string][]}
 */
const pairsOf = (list) =>
  list.flatMap((name, at) => (at % 2 ? [] : [/** @type {[string, string]} */ ([name, list[at + 1]])]));

/** @param {string} text */
const bytesOf = (text) => Uint8Array.from(utf8(text), (byte) => byte.charCodeAt(0));

const randomSeed = () =>
  globalThis.crypto?.getRandomValues?.(new Uint32Array(8)).join() ?? `${Math.random()}${Math.random()}`;
