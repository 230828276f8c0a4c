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
 * @property {string} [search] what follows the page's path, such as `?broker=in-this-tab`
 * @property {(page: import("playwright-core").Page) => Promise<unknown>} [prepare] is called before
 *   the page is opened
 */

/**
 * @param {import("playwright-core").Browser} browser
 * @param {string} url the broker's
 * @param {Options} [options]
 */
export async function openDemo(browser, url, { context: settings, search = "", prepare } = {}) {
  // Each click would wait until the page has scrolled there.
  const context = await browser.newContext({ locale: "en-GB", reducedMotion: "reduce", ...settings });
  /** @type {import("playwright-core").Request[]} */
  const requests = [];
  const { page, complaints } = await openPage(context, `${url}/${search}`, async (page) => {
    page.on("request", (request) => requests.push(request));
    await prepare?.(page);
  });
  const demo = new DemoPage(page, requests, complaints);
  // What is beside the forms is loaded after them, and does nothing before.
  await textOnceItIs(demo.code, /./);
  return demo;
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
    this.userName = this.session.getByLabel("User name");
    this.password = this.session.getByLabel("Password");
    this.seconds = this.session.getByLabel("Seconds");
    this.host = this.session.getByLabel("Host");
    this.secure = this.session.getByLabel("Secure");
    this.broker = page.locator("summary", { hasText: "Broker:" });
    this.logInButton = this.session.getByRole("button", { name: "Log in" });
    this.logOutButton = this.session.getByRole("button", { name: "Log out" });

    const form = page.locator("#subscription");
    this.to = form.getByLabel("To", { exact: true });
    this.customXml = form.getByLabel("CustomXml");
    this.language = form.getByLabel("Language");
    this.id = form.getByLabel("Id", { exact: true });
    this.sendButton = form.getByRole("button", { name: "Send" });

    this.code = page.locator("#code");
    this.codeForm = page.locator("#form");
    this.copyButton = page.locator("#copy");
    this.response = page.getByRole("region", { name: "Response" });
    this.outcome = this.response.getByRole("status");
    this.responseFailure = this.response.getByRole("alert");
    this.roster = page.getByRole("region", { name: "Roster" });
    this.switches = page.locator("#switches summary");
    this.timeline = page.locator("#timeline summary");
    this.wire = page.getByRole("region", { name: "On the wire" });

    this.methods = page.getByRole("region", { name: "Methods" });
    this.search = this.methods.getByLabel("Search");
    this.methodForm = page.locator("#method");
    this.callButton = this.methodForm.getByRole("button", { name: "Call" });
    this.methodOutcome = page.locator("#method-outcome");
    this.methodValue = this.methodForm.getByLabel("What the method returned");
    this.methodFailure = page.locator("#method-failure");
    this.methodCode = this.methodForm.getByLabel("Code", { exact: true });

    this.alice = new PersonOnPage(page, "alice");
    this.bob = new PersonOnPage(page, "bob");
    this.subscription = page.getByRole("region", { name: "The subscription between them" });
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

  /** @param {"One call" | "Two people" | "Every method"} name */
  async openView(name) {
    await this.page.getByRole("link", { name, exact: true }).click();
  }

  /** Opens the view of every method. */
  async openMethods() {
    await this.openView("Every method");
    await this.callButton.waitFor();
  }

  /** @param {string} method such as `Xmpp.GetRoster` */
  async chooseMethod(method) {
    await this.methods.locator(`a[data-method="${method}"]`).click();
    await this.methodForm.getByRole("heading", { name: method, exact: true }).waitFor();
  }

  /** Opens the view of two people, who log in. */
  async openPeople() {
    await this.openView("Two people");
    await this.alice.logIn();
    await this.bob.logIn();
  }

  /**
   * Calls a method, with what is in its fields otherwise.
   *
   * @param {string} method such as `Xmpp.GetRoster`
   * @param {Record<string, string>} [fields] by the names of the parameters
   */
  async callMethod(method, fields = {}) {
    await this.chooseMethod(method);
    for (const [parameter, text] of Object.entries(fields)) {
      await this.methodForm.getByLabel(parameter, { exact: true }).fill(text);
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

/** The column of one person. */
class PersonOnPage {
  /**
   * @param {import("playwright-core").Page} page
   * @param {"alice" | "bob"} name
   */
  constructor(page, name) {
    this.name = name;
    this.root = page.getByRole("region", { name, exact: true });
    this.news = this.root.locator(".news");
    this.failure = this.root.getByRole("alert");
    this.logInButton = this.root.getByRole("button", { name: "Log in" });
    this.logOutButton = this.root.getByRole("button", { name: "Log out" });
    this.requests = this.root.getByRole("group", { name: "Requests" });
    this.acceptButton = this.root.getByRole("button", { name: "Accept" });
    this.declineButton = this.root.getByRole("button", { name: "Decline" });
    this.contacts = this.root.getByRole("group", { name: "Contacts" });
    this.ask = this.root.getByRole("group", { name: "Ask to see" });
    this.askButton = this.ask.getByRole("button", { name: "Ask" });
    this.messages = this.root.getByRole("group", { name: "Messages" });
    this.message = this.messages.getByLabel("Message", { exact: true });
    this.sendButton = this.messages.getByRole("button", { name: "Send" });
    this.log = this.messages.getByRole("log");
  }

  async logIn() {
    await this.logInButton.click();
    await this.logOutButton.waitFor();
  }

  /** @param {string} text */
  async write(text) {
    await this.message.fill(text);
    await this.sendButton.click();
    await textOnceItIs(this.log, text);
  }
}
