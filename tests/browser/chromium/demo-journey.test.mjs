// @ts-check
/** The demo page, from the login to the answer, as a person goes through it. */

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { startBroker } from "../../support/broker.mjs";
import { until } from "../../support/client.mjs";
import { openDemo, TIME, textOnceItIs } from "../../support/demo-page.mjs";
import { launchChromium } from "../../support/engines/chromium.mjs";

const NICK = "<nick xmlns='http://jabber.org/protocol/nick'>Alice</nick>";
const BOB = {
  bareJid: "bob@localhost",
  pendingSubscription: true,
  status: "None",
  name: "",
  Groups: [],
};

describe("the demo page", () => {
  /** @type {import("playwright-core").Browser} */
  let browser;
  /** @type {Awaited<ReturnType<typeof startBroker>>} */
  let broker;
  /** @type {Awaited<ReturnType<typeof openDemo>>} */
  let demo;

  before(async () => {
    browser = await launchChromium();
  });
  // A broker for each: rosters last as long as it.
  beforeEach(async () => {
    broker = await startBroker();
    demo = await openDemo(browser, broker.url);
  });
  afterEach(async () => {
    await demo.page.context().close();
    await broker.stop();
    assert.deepEqual(demo.complaints, []);
  });
  after(() => browser.close());

  test("shows the answer and the contact after one click on Log in and one on Send", async () => {
    await textOnceItIs(demo.sessionState, "Not logged in.");
    await textOnceItIs(demo.outcome, "Nothing sent yet.");

    await demo.logInButton.click();
    await textOnceItIs(
      demo.sessionState,
      new RegExp(`^Logged in as alice at ${broker.url} until ${TIME}\\.$`),
    );
    await textOnceItIs(demo.roster, "No contacts yet.");

    await demo.sendButton.click();
    await textOnceItIs(demo.outcome, /^Sent: 200 OK in \d+ ms\.$/);
    const { id, ...rest } = await demo.shownResponse();
    assert.match(id, /^\S+$/);
    assert.deepEqual(rest, { sent: true, RosterItem: BOB });
    await demo.roster.getByRole("row", { name: "bob@localhost" }).waitFor();
    assert.deepEqual(await demo.rosterRows(), [["bob@localhost", "–", "None", "yes", "–"]]);
  });

  test("shows the request exactly as it went over the wire", async () => {
    await demo.logIn();
    await demo.language.fill("sv");
    await demo.id.fill("sub-1");
    await demo.send();

    const [request] = demo.requestsTo("Xmpp/SendPresenceSubscription");
    const shown = await demo.wire.locator("details[open] pre").first().textContent();
    const [head, body] = (shown ?? "").split("\n\n");
    const [requestLine, ...headers] = head.split("\n");
    assert.equal(requestLine, `POST ${request.url()}`);
    assert.equal(body, request.postData());
    assert.equal(
      body,
      `{"to":"bob@localhost","customXml":${JSON.stringify(NICK)},"language":"sv","id":"sub-1"}`,
    );
    const sent = await request.allHeaders();
    for (const header of headers) {
      const [name, value] = header.split(": ");
      const expected = name === "Authorization" ? "Bearer [masked]" : sent[name.toLowerCase()];
      assert.equal(value, expected, name);
    }
    assert.deepEqual(headers.map((header) => header.split(":")[0]).sort(), [
      "Accept",
      "Authorization",
      "Content-Type",
    ]);
  });

  test("lists every exchange, the newest first, with its status and time", async () => {
    await demo.logIn();
    await demo.send();
    await demo.roster.getByRole("row", { name: "bob@localhost" }).waitFor();
    const lines = await demo.wire.locator("#wire summary").allTextContents();
    assert.deepEqual(
      lines.map((line) => line.replace(/\d+ ms$/, "… ms")),
      [
        "POST /Agent/Xmpp/GetRoster 200 in … ms",
        "POST /Agent/Xmpp/SendPresenceSubscription 200 in … ms",
        "POST /Agent/Xmpp/GetRoster 200 in … ms",
        "POST /Agent/Account/Login 200 in … ms",
        "GET /Agent/Account/DomainInfo 200 in … ms",
      ],
    );
  });

  test("shows the call of the fields as code", async () => {
    /** @type {[fields: Record<"to" | "customXml" | "language" | "id", string>, code: string][]} */
    const rows = [
      [
        { to: "bob@localhost", customXml: "", language: "", id: "" },
        'const response = await AgentAPI.Xmpp.SendPresenceSubscription("bob@localhost");',
      ],
      [
        { to: "bob@localhost", customXml: "", language: "", id: 'a"\\</script>' },
        "const response = await AgentAPI.Xmpp.SendPresenceSubscription(\n" +
          '  "bob@localhost",\n  null,\n  null,\n  "a\\"\\\\</script>",\n);',
      ],
      [
        { to: "", customXml: "<a>\n</a>", language: "sv", id: "" },
        "const response = await AgentAPI.Xmpp.SendPresenceSubscription(\n" +
          '  "",\n  "<a>\\n</a>",\n  "sv",\n);',
      ],
    ];
    for (const [fields, code] of rows) {
      await demo.to.fill(fields.to);
      await demo.customXml.fill(fields.customXml);
      await demo.language.fill(fields.language);
      await demo.id.fill(fields.id);
      assert.equal(callIn(await demo.code.textContent()), code);
    }
  });

  test("makes the same call as the code that it shows", async () => {
    await demo.logIn();
    await demo.page.evaluate(async () => {
      Object.assign(globalThis, await import(new URL("/pkg/index.js", location.href).href));
    });
    for (const [customXml, language, id] of [
      ["", "", ""],
      ["<a/>", "", "x"],
      ["", "en", ""],
    ]) {
      await demo.customXml.fill(customXml);
      await demo.language.fill(language);
      await demo.id.fill(id);
      await demo.send();
      const code = callIn(await demo.code.textContent());

      const request = demo.page.waitForRequest(/SendPresenceSubscription/);
      await demo.page.evaluate(`(async () => { ${code} })()`);
      const byTheCode = await request;
      const byThePage = demo.requestsTo("Xmpp/SendPresenceSubscription").at(-2);
      assert.equal(byTheCode.postData(), byThePage?.postData());
    }
  });

  test("copies the code", async () => {
    const code = await demo.code.textContent();
    await demo.copyButton.click();
    await demo.page.getByText("Copied.").waitFor();
    // Pasted, as a person would.
    await demo.customXml.fill("");
    assert.equal(await demo.page.getByText("Copied.").count(), 0, "that was another code");
    await demo.customXml.press("Control+v");
    assert.equal(await demo.customXml.inputValue(), code);
  });

  test("copies without the clipboard's interface, else selects", async () => {
    await demo.page.evaluate(() => {
      Object.defineProperty(navigator, "clipboard", { value: undefined });
    });
    await demo.copyButton.click();
    await demo.page.getByText("Copied.").waitFor();

    await demo.page.evaluate(() => {
      document.execCommand = () => false;
      getSelection()?.removeAllRanges();
    });
    await demo.copyButton.click();
    await demo.page.getByText("Selected. Press Ctrl+C, or ⌘C, to copy.").waitFor();
    const selected = await demo.page.evaluate(() => String(getSelection()));
    assert.equal(selected, await demo.code.textContent());
  });

  test("keeps the session over a reload", async () => {
    await demo.logIn();
    await demo.send();
    await demo.page.reload();
    await textOnceItIs(demo.sessionState, /^Logged in as alice at /);
    assert.equal(await demo.logInButton.isVisible(), false);
    await demo.roster.getByRole("row", { name: "bob@localhost" }).waitFor();
    await demo.send();
    assert.equal((await demo.shownResponse()).sent, true);
  });

  test("ends the session on Log out, here and at the broker", async () => {
    await demo.logIn();
    await demo.send();
    await demo.logOut();
    // The page says so before it has asked the broker.
    await until(() => demo.requestsTo("Account/Logout").length > 0, "the request of the logout");
    const [logout] = demo.requestsTo("Account/Logout");
    assert.equal((await logout.response())?.status(), 200);
    assert.equal(await demo.page.evaluate(() => sessionStorage.getItem("AgentAPI.Token")), null);
    await textOnceItIs(demo.roster, "Log in to see the contacts.");
    assert.equal(await demo.roster.getByRole("table").count(), 0);
    await demo.logIn();
    await demo.roster.getByRole("row", { name: "bob@localhost" }).waitFor();
  });

  test("shows no roster that comes after the logout", async () => {
    const { promise: answered, resolve: answer } = withResolvers();
    await demo.page.route("**/GetRoster", async (route) => {
      await answered;
      await route.fulfill({
        json: { RosterItems: [{ ...BOB, pendingSubscription: false }] },
      });
    });
    await demo.logIn();
    await demo.logOut();
    answer();
    await demo.wire.locator("summary", { hasText: "GetRoster 200" }).waitFor();
    // One call more, so that the answer has surely been read.
    await demo.page.evaluate(() => fetch("/Agent/Account/DomainInfo"));
    assert.equal(await demo.roster.getByRole("table").count(), 0);
  });

  test("shows that the session has expired", async () => {
    await demo.page.route("**/Account/Refresh", (route) => route.abort());
    await demo.seconds.fill("2");
    await demo.logIn();
    await textOnceItIs(demo.sessionState, "Not logged in. The session of alice has expired.");
    await demo.logInButton.waitFor();
    await textOnceItIs(demo.roster, "Log in to see the contacts.");
    const refused = demo.complaints.splice(0);
    assert.ok(
      refused.every((line) => line.includes("ERR_FAILED")),
      refused.join("\n"),
    );
  });

  test("refreshes a short session at half of its time", async () => {
    // Long enough that a machine that is held up for seconds still refreshes it in time.
    await demo.seconds.fill("10");
    await demo.logIn();
    await textOnceItIs(demo.sessionState, new RegExp(`^Logged in as alice .* Refreshed at ${TIME}\\.$`));
    const [refresh] = demo.requestsTo("Account/Refresh");
    assert.equal((await refresh.response())?.status(), 200);
    // The user did not cause it, so it is not opened.
    await demo.wire.locator("summary", { hasText: "Account/Refresh 200" }).first().waitFor();
    assert.equal(await demo.wire.locator("details[open]", { hasText: "Refresh" }).count(), 0);
    await demo.send();
  });

  test("shows that somebody logged out in another tab", async () => {
    await demo.logIn();
    const other = await demo.page.context().newPage();
    await other.goto(`${broker.url}/`);
    await other.getByRole("button", { name: "Log in" }).click();
    await other.getByRole("button", { name: "Log out" }).click();
    await textOnceItIs(demo.sessionState, "Not logged in. Somebody logged out in another tab.");
    await demo.logInButton.waitFor();
    // Where it was pressed, it is no news.
    await other.getByText("Not logged in.", { exact: true }).waitFor();
    await demo.logIn();
    assert.doesNotMatch(await textOnceItIs(demo.sessionState, /until/), /another tab/);
  });

  test("shows that it tries again, and that the roster replaced a lost answer", async () => {
    await demo.logIn();
    const { promise: answered, resolve: answer } = withResolvers();
    let count = 0;
    await demo.page.route("**/SendPresenceSubscription", async (route) => {
      count += 1;
      if (count === 1) return route.fulfill({ status: 503, body: "Busy." });
      // The broker handles it, and the page gets no answer.
      await answered;
      await route.fetch();
      await route.abort("connectionreset");
    });
    await demo.sendButton.click();
    await textOnceItIs(demo.outcome, "Attempt 1 failed: unavailable. Retrying…");
    answer();
    await textOnceItIs(demo.outcome, /^Sent: confirmed by the roster after \d+ ms\. The response was lost/);
    const response = await demo.shownResponse();
    assert.deepEqual(response, { sent: true, id: "", RosterItem: BOB, reconciled: true });
    assert.equal(count, 2);
    assert.equal(await demo.responseFailure.textContent(), "");
    const look = await demo.wire.locator("#wire details", { hasText: "GetRosterItem" }).textContent();
    assert.match(look ?? "", /\{"bareJid":"bob@localhost"\}/);
    const complaints = demo.complaints.splice(0);
    assert.equal(complaints.length, 2, complaints.join("\n"));
  });

  test("sends once, however often Send is pressed, and shows that it is under way", async () => {
    await demo.logIn();
    const { promise: answered, resolve: answer } = withResolvers();
    await demo.page.route("**/SendPresenceSubscription", async (route) => {
      await answered;
      await route.continue();
    });
    await demo.sendButton.click();
    assert.equal(await demo.sendButton.getAttribute("aria-busy"), "true");
    // By force: a person does not wait until a button says that it can be pressed.
    await demo.sendButton.click({ force: true });
    await demo.to.press("Enter");
    answer();
    await textOnceItIs(demo.outcome, /^Sent: /);
    await demo.roster.getByRole("row", { name: "bob@localhost" }).waitFor();
    assert.equal(demo.requestsTo("Xmpp/SendPresenceSubscription").length, 1);
    await demo.page.locator("button[aria-busy=false]", { hasText: "Send" }).waitFor();
  });

  test("says so when the broker did not send", async () => {
    await demo.logIn();
    await demo.page.route("**/SendPresenceSubscription", (route) =>
      route.fulfill({ json: { sent: false, id: "sub-1" } }),
    );
    assert.match(await demo.send(), /^Not sent: 200 OK in /);
    assert.deepEqual(await demo.shownResponse(), { sent: false, id: "sub-1" });
  });

  test("calls another broker when its host is set, also after a reload", async () => {
    const other = await startBroker("--domain", "elsewhere.example");
    try {
      await demo.broker.click();
      await demo.host.fill(other.host);
      await demo.secure.uncheck();
      await demo.logIn();
      await textOnceItIs(demo.sessionState, `at ${other.url} `);
      await demo.code.filter({ hasText: "bob@elsewhere.example" }).waitFor();
      await demo.send();
      assert.equal((await demo.shownResponse()).RosterItem.bareJid, "bob@elsewhere.example");

      await demo.page.reload();
      await textOnceItIs(demo.sessionState, `at ${other.url} `);
      await demo.logOut();
      assert.equal(await demo.host.inputValue(), other.host);
      assert.equal(await demo.secure.isChecked(), false);
    } finally {
      await other.stop();
    }
  });
});

function withResolvers() {
  /** @type {() => void} */
  let resolve = () => {};
  const promise = new Promise((done) => (resolve = () => done(undefined)));
  return { promise, resolve };
}

/**
 * The call alone, out of a program.
 *
 * @param {string | null} program
 */
const callIn = (program) => /^const response = [^]*?;$/m.exec(program ?? "")?.[0] ?? "";
