// @ts-check
/** The demo page as a person uses it: by labels, headings and names of buttons. */

import assert from "node:assert/strict";
import vm from "node:vm";
import { openPage } from "./page.mjs";

/** Patterns for times of day on the page. */
export const TIME = String.raw`\d\d:\d\d`;
export const TIME_WITH_SECONDS = String.raw`\d\d:\d\d:\d\d`;

/**
 * @typedef {object} Options
 * @property {import("playwright-core").BrowserContextOptions} [context]
 * @property {(page: import("playwright-core").Page) => Promise<unknown>} [prepare] is called before
 *   the page is opened
 */

/**
 * @param {import("playwright-core").Browser} browser
 * @param {string} url the broker's
 * @param {Options} [options]
 */
export async function openDemo(browser, url, { context: settings, prepare } = {}) {
  const context = await browser.newContext({ locale: "en-GB", ...settings });
  /** @type {import("playwright-core").Request[]} */
  const requests = [];
  const { page, complaints } = await openPage(context, `${url}/`, async (page) => {
    page.on("request", (request) => requests.push(request));
    await prepare?.(page);
  });
  return new DemoPage(page, requests, complaints);
}

/**
 * Waits until the text matches, and returns it whole.
 *
 * @param {import("playwright-core").Locator} locator
 * @param {RegExp | string} pattern
 * @returns {Promise<string>}
 */
export async function textOnceItIs(locator, pattern) {
  try {
    await locator.filter({ hasText: pattern }).waitFor();
  } catch {
    const text = await locator.allTextContents();
    assert.fail(`waited for ${pattern}, and the text is ${JSON.stringify(text)}`);
  }
  return (await locator.textContent()) ?? "";
}

class DemoPage {
  /**
   * @param {import("playwright-core").Page} page
   * @param {import("playwright-core").Request[]} requests all that the page has sent so far
   * @param {string[]} complaints
   */
  constructor(page, requests, complaints) {
    this.page = page;
    this.complaints = complaints;
    this.requests = requests;

    this.session = page.getByRole("region", { name: "Session" });
    this.sessionState = this.session.getByRole("status");
    this.sessionFailure = this.session.getByRole("alert");
    this.userName = page.getByLabel("User name");
    this.password = page.getByLabel("Password");
    this.seconds = page.getByLabel("Seconds");
    this.host = page.getByLabel("Host");
    this.secure = page.getByLabel("Secure");
    this.broker = page.locator("summary", { hasText: "Broker:" });
    this.logInButton = page.getByRole("button", { name: "Log in" });
    this.logOutButton = page.getByRole("button", { name: "Log out" });

    this.to = page.getByLabel("To", { exact: true });
    this.customXml = page.getByLabel("CustomXml");
    this.language = page.getByLabel("Language");
    this.id = page.getByLabel("Id", { exact: true });
    this.sendButton = page.getByRole("button", { name: "Send" });

    this.code = page.getByRole("region", { name: "The same call as code" }).locator("pre");
    this.copyButton = page.getByRole("button", { name: "Copy" });
    this.response = page.getByRole("region", { name: "Response" });
    this.outcome = this.response.getByRole("status");
    this.responseFailure = this.response.getByRole("alert");
    this.roster = page.getByRole("region", { name: "Roster" });
    this.wire = page.getByRole("region", { name: "On the wire" });
    this.methods = page.getByRole("region", { name: "Every method" });
    this.method = this.methods.getByLabel("Method", { exact: true });
    this.callButton = this.methods.getByRole("button", { name: "Call" });
    this.methodOutcome = this.methods.getByRole("status");
    this.methodValue = this.methods.getByLabel("What the method returned");
    this.methodFailure = page.locator("#method-failure");
  }

  async logIn() {
    await this.logInButton.click();
    await textOnceItIs(this.sessionState, /^Logged in as /);
  }

  async logOut() {
    await this.logOutButton.click();
    await textOnceItIs(this.sessionState, "Not logged in.");
  }

  /** Sends, waits for the answer, and returns the sentence about it. */
  async send() {
    await this.sendButton.click();
    return textOnceItIs(this.outcome, /ent: .* ms\./);
  }

  /** Opens the form for every method. */
  async openMethods() {
    await this.methods.locator("summary").click();
    await this.method.locator("option").first().waitFor({ state: "attached" });
  }

  /**
   * Calls a method, with what is in its fields otherwise.
   *
   * @param {string} method such as `Xmpp.GetRoster`
   * @param {Record<string, string>} [fields] by the names of the parameters
   */
  async callMethod(method, fields = {}) {
    await this.method.selectOption(method);
    for (const [parameter, text] of Object.entries(fields)) {
      await this.methods.getByLabel(parameter, { exact: true }).fill(text);
    }
    await this.callButton.click();
    return textOnceItIs(this.methodOutcome, / ms\.$/);
  }

  /** The response as the page shows it, read as the code that it looks like. */
  async shownResponse() {
    const text = await this.response.locator("pre").textContent();
    return JSON.parse(JSON.stringify(vm.runInNewContext(`(${text})`)));
  }

  /** The cells of the roster, row by row. */
  async rosterRows() {
    const rows = await this.roster.locator("tbody").getByRole("row").all();
    return Promise.all(rows.map((row) => row.getByRole("cell").allTextContents()));
  }

  /**
   * The requests to one resource that have gone out so far.
   *
   * @param {string} resource such as `Xmpp/GetRoster`
   */
  requestsTo(resource) {
    return this.requests.filter((request) => request.url().endsWith(`/Agent/${resource}`));
  }
}
