// @ts-check
/** Requests of a page, and what a test makes of them, in the words of Playwright. */

/**
 * @typedef {object} Answers what an engine can do with a request that it holds back
 * @property {() => Promise<unknown>} pass
 * @property {() => Promise<unknown>} fail
 * @property {(answer: { status: number, contentType: string, body: string }) => Promise<unknown>} answer
 */

export class Request {
  #sent;
  /** @type {(response: { status: () => number } | null) => void} */
  #resolve = () => {};
  /** @type {Promise<{ status: () => number } | null>} */
  #response = new Promise((resolve) => (this.#resolve = resolve));

  /** @param {{ url: string, method: string, headers: Record<string, string>, body: string | null }} sent */
  constructor(sent) {
    this.#sent = sent;
  }

  url() {
    return this.#sent.url;
  }

  method() {
    return this.#sent.method;
  }

  headers() {
    return this.#sent.headers;
  }

  async allHeaders() {
    return this.#sent.headers;
  }

  postData() {
    return this.#sent.body;
  }

  postDataJSON() {
    return JSON.parse(this.#sent.body ?? "null");
  }

  response() {
    return this.#response;
  }

  /** @param {number | null} status null where no answer came */
  settle(status) {
    this.#resolve(status === null ? null : { status: () => status });
  }
}

/** Headers that belong to a connection, or that `fetch` writes itself. */
const NOT_TO_REPEAT = ["host", "connection", "content-length", "proxy-connection"];

export class Route {
  #request;
  #answers;

  /**
   * @param {Request} request
   * @param {Answers} answers
   */
  constructor(request, answers) {
    this.#request = request;
    this.#answers = answers;
  }

  continue() {
    return this.#answers.pass();
  }

  abort() {
    return this.#answers.fail();
  }

  /** @param {{ status?: number, contentType?: string, body?: string, json?: unknown }} answer */
  fulfill({ status = 200, json, contentType, body }) {
    return this.#answers.answer({
      status,
      contentType: contentType ?? (json === undefined ? "text/plain" : "application/json"),
      body: body ?? (json === undefined ? "" : JSON.stringify(json)),
    });
  }

  /** Has the request carried out, and the page hears nothing of it. */
  fetch() {
    const headers = Object.entries(this.#request.headers()).filter(
      ([name]) => !NOT_TO_REPEAT.includes(name) && !name.startsWith("sec-"),
    );
    return fetch(this.#request.url(), {
      method: this.#request.method(),
      headers,
      body: this.#request.postData(),
    });
  }
}
