// @ts-check
/** The demo page's form for every method. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { startBroker } from "../../support/broker.mjs";
import { until } from "../../support/client.mjs";
import { openDemo, textOnceItIs } from "../../support/demo-page.mjs";
import { launchChromium } from "../../support/engines/chromium.mjs";
import { openPage } from "../../support/page.mjs";
import { startPages } from "../../support/pages.mjs";

/** @type {import("../../../xtask/declarations.mjs").Resource[]} */
const RESOURCES = JSON.parse(await readFile("pkg/resources.json", "utf8"));

describe("the demo page's form for every method", () => {
  /** @type {import("playwright-core").Browser} */
  let browser;
  /** @type {Awaited<ReturnType<typeof startBroker>>} */
  let broker;
  /** @type {Awaited<ReturnType<typeof openDemo>>} */
  let demo;

  before(async () => {
    [browser, broker] = await Promise.all([launchChromium(), startBroker()]);
  });
  beforeEach(async () => {
    demo = await openDemo(browser, broker.url);
    await demo.logIn();
  });
  afterEach(() => demo.page.context().close());
  after(() => Promise.all([browser.close(), broker.stop()]));

  test("is loaded when it is opened, and has them all", async () => {
    const loaded = () => demo.requests.filter((request) => request.url().includes("resources.json"));
    assert.equal(loaded().length, 0);
    await demo.openMethods();
    assert.equal(loaded().length, 1);
    const values = await demo.methods
      .getByRole("link")
      .evaluateAll((links) => links.map((link) => link.getAttribute("data-method")));
    const exported = RESOURCES.filter(({ isExported }) => isExported);
    assert.deepEqual(
      values,
      exported.map(({ group, name }) => `${group}.${name}`),
    );
    // Only the Agent API is on the wire.
    assert.doesNotMatch((await demo.wire.textContent()) ?? "", /resources/);
  });

  test("has a field for each parameter, with its sentence and an example", async () => {
    await demo.openMethods();
    for (const { group, name, parameters } of RESOURCES.filter(({ isExported }) => isExported)) {
      await demo.chooseMethod(`${group}.${name}`);
      const labels = await demo.page.locator("#method-form label").allTextContents();
      assert.deepEqual(
        labels,
        parameters.map(({ parameter }) => parameter),
      );
      for (const { parameter, text, required, isSecret, kind } of parameters) {
        const field = demo.page.locator(`#method-${parameter}`);
        const hint = (await demo.page.locator(`#method-${parameter}-hint`).textContent()) ?? "";
        assert.doesNotMatch(hint, /[`{}]/, "no marks of the documentation");
        assert.ok(hint.endsWith(text.replace(/\{@link ([\w.]+)\}|`/g, "$1")), hint);
        const isFilled = required && !isSecret && kind.is !== "content";
        assert.ok(!isFilled || (await field.inputValue()), `${name} has an example of ${parameter}`);
      }
    }
  });

  test("calls a method and shows its response", async () => {
    await demo.openMethods();
    await demo.callMethod("Storage.SavePrivateXml", { Xml: "<prefs xmlns='urn:x' theme='dark'/>" });
    await demo.callMethod("Storage.LoadPrivateXml", { LocalName: "prefs", Namespace: "urn:x" });
    await textOnceItIs(demo.methodValue, 'theme: "dark"');
    await textOnceItIs(demo.wire, "/Agent/Storage/LoadPrivateXml");
    await demo.callMethod("Xmpp.SetRosterItem", { BareJid: "eve@localhost", Groups: '["A", "B"]' });
    await textOnceItIs(demo.methodValue, /Groups: \[\s+"A",\s+"B",/);
  });

  test("shows an error beside its field, also one within a value", async () => {
    await demo.openMethods();
    await demo.callMethod("Legal.GetIdentity", { LegalId: "" });
    const field = demo.methodForm.getByLabel("LegalId");
    assert.equal(await field.getAttribute("aria-invalid"), "true");
    await textOnceItIs(demo.page.locator("#method-LegalId-error"), "LegalId is missing");
    await demo.callMethod("Storage.StoreInVault", { Tags: '[{ "name": "PAN" }]' });
    await textOnceItIs(demo.page.locator("#method-Tags-error"), "Tags[0].value is missing");
    await demo.callMethod("Storage.StoreInVault", { Tags: "not JSON" });
    await textOnceItIs(demo.page.locator("#method-Tags-error"), "must be an array of objects");
  });

  test("shows what the broker refused", async () => {
    await demo.openMethods();
    const outcome = await demo.callMethod("Storage.GetFromVault", { VaultId: "unknown" });
    assert.match(outcome, /^Failed after /);
    await textOnceItIs(demo.methodFailure, "not-found");
  });

  test("uploads the file that was chosen, and downloads it", async () => {
    await demo.openMethods();
    await demo.chooseMethod("Storage.Upload");
    const file = { name: "note.txt", mimeType: "text/plain", buffer: Buffer.from("hello") };
    await demo.methodForm.getByLabel("ContentFile").setInputFiles(file);
    await demo.methodForm.getByLabel("ContentId").fill("note.txt");
    await demo.callButton.click();
    await textOnceItIs(demo.methodValue, "/Agent/Storage/Content/alice/note.txt");
    await demo.callMethod("Storage.Download", { Url: "/Agent/Storage/Content/alice/note.txt" });
    await textOnceItIs(demo.methodValue, 'Content: "5 bytes"');
  });

  test("shows no secret on the wire, and what is none", async () => {
    await demo.openMethods();
    await demo.callMethod("Storage.StoreInVault", {
      Type: "Card",
      Tags: '[{ "name": "PAN", "value": "canary-1234" }]',
    });
    const wire = (await demo.wire.textContent()) ?? "";
    assert.match(wire, /"type":"Card","Tags":"\[masked\]"/);
    assert.doesNotMatch(wire, /canary/);
  });

  test("is searched by name, group and sentence", async () => {
    await demo.openMethods();
    const links = demo.methods.getByRole("link");
    const all = await links.count();
    for (const [words, found] of /** @type {const} */ ([
      ["roster item", ["GetRosterItem", "SetRosterItem", "RemoveRosterItem"]],
      ["wallet BALANCE", ["GetBalance"]],
      ["deletes the messages in the queue", ["ClearMessages"]],
      ["nothing of the kind", []],
    ])) {
      await demo.search.fill(words);
      await textOnceItIs(demo.methods.getByRole("status"), `${found.length} of ${all} methods`);
      assert.deepEqual(await links.allTextContents(), found);
    }
    await demo.search.fill("");
    assert.equal(await links.count(), all);
  });

  test("has an address that opens the same form, without secrets", async () => {
    await demo.openMethods();
    await demo.chooseMethod("Crypto.CreateKey");
    await demo.methodForm.getByLabel("Id", { exact: true }).fill("my key & co");
    await demo.methodForm.getByLabel("KeyPassword").fill("c4nary-1");
    await demo.methodForm.getByLabel("AccountPassword").fill("c4nary-2");
    const address = await demo.page.evaluate(() => location.href);
    assert.match(address, /#methods\/Crypto\.CreateKey\?Id=my\+key\+%26\+co$/);
    assert.equal((await demo.methodCode.textContent())?.includes("c4nary"), false);

    const { page, ...shared } = await openDemo(browser, broker.url);
    await page.goto(address);
    await shared.methodForm.getByRole("heading", { name: "Crypto.CreateKey" }).waitFor();
    assert.equal(await shared.methodForm.getByLabel("Id", { exact: true }).inputValue(), "my key & co");
    await shared.methodForm.getByLabel("Id", { exact: true }).fill("100%41 a+b");
    await page.reload();
    await shared.methodForm.getByRole("heading", { name: "Crypto.CreateKey" }).waitFor();
    assert.equal(await shared.methodForm.getByLabel("Id", { exact: true }).inputValue(), "100%41 a+b");
    // Not even from an address that somebody else has written.
    await page.goto(`${address}&KeyPassword=known&Unknown=x`);
    const id = shared.methodForm.getByLabel("Id", { exact: true });
    await until(async () => (await id.inputValue()) === "my key & co", "the form of that address");
    assert.equal(await shared.methodForm.getByLabel("KeyPassword").inputValue(), "");
    await page.goto(`${broker.url}/#methods/Crypto.Unknown`);
    await textOnceItIs(page.locator("#view-failure"), "there is no method Crypto.Unknown");
    await page.context().close();
  });

  test("goes back and forth with the browser's buttons", async () => {
    await demo.openMethods();
    await demo.chooseMethod("Xmpp.GetRosterItem");
    await demo.chooseMethod("Wallet.GetBalance");
    await demo.page.goBack();
    await demo.methodForm.getByRole("heading", { name: "Xmpp.GetRosterItem" }).waitFor();
    await demo.page.goBack();
    await demo.page.goBack();
    await demo.sendButton.waitFor();
    await demo.page.goForward();
    await demo.methodForm.getByRole("heading", { name: "Xmpp.GetRoster", exact: true }).waitFor();
  });

  test("copies the address and the code, whose pages run as they are", async (t) => {
    await demo.openMethods();
    await demo.chooseMethod("Xmpp.SetRosterItem");
    await demo.methodForm.getByRole("button", { name: "Copy link" }).click();
    await textOnceItIs(demo.methodForm.getByRole("status").last(), "Copied.");
    for (const form of /** @type {const} */ (["module", "script"])) {
      await demo.methodForm.getByLabel("Kind of code").selectOption(form);
      const body = (await demo.methodCode.textContent()) ?? "";
      const pages = await startPages({ "/page.html": { body } });
      t.after(pages.stop);
      const { page, complaints } = await openPage(browser, `${pages.url}/page.html`, async (page) => {
        page.on("dialog", (dialog) => dialog.accept(broker.accounts.alice.password));
      });
      await textOnceItIs(page.locator("body"), '"bareJid": "bob@example.org"');
      // The page has no icon.
      assert.deepEqual(
        complaints.filter((line) => !/\b404\b/.test(line)),
        [],
      );
      await page.context().close();
    }
  });
});
