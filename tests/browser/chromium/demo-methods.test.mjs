// @ts-check
/** The demo page's form for every method. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { startBroker } from "../../support/broker.mjs";
import { openDemo, textOnceItIs } from "../../support/demo-page.mjs";
import { launchChromium } from "../../support/engines/chromium.mjs";

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
    const values = await demo.method
      .locator("option")
      .evaluateAll((options) => options.map((option) => /** @type {HTMLOptionElement} */ (option).value));
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
      await demo.method.selectOption(`${group}.${name}`);
      const labels = await demo.page.locator("#method-fields label").allTextContents();
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
    const field = demo.methods.getByLabel("LegalId");
    assert.equal(await field.getAttribute("aria-invalid"), "true");
    await textOnceItIs(demo.methods.locator("#method-LegalId-error"), "LegalId is missing");
    await demo.callMethod("Storage.StoreInVault", { Tags: '[{ "name": "PAN" }]' });
    await textOnceItIs(demo.methods.locator("#method-Tags-error"), "Tags[0].value is missing");
    await demo.callMethod("Storage.StoreInVault", { Tags: "not JSON" });
    await textOnceItIs(demo.methods.locator("#method-Tags-error"), "must be an array of objects");
  });

  test("shows what the broker refused", async () => {
    await demo.openMethods();
    const outcome = await demo.callMethod("Storage.GetFromVault", { VaultId: "unknown" });
    assert.match(outcome, /^Failed after /);
    await textOnceItIs(demo.methodFailure, "not-found");
  });

  test("uploads the file that was chosen, and downloads it", async () => {
    await demo.openMethods();
    await demo.method.selectOption("Storage.Upload");
    const file = { name: "note.txt", mimeType: "text/plain", buffer: Buffer.from("hello") };
    await demo.methods.getByLabel("ContentFile").setInputFiles(file);
    await demo.methods.getByLabel("ContentId").fill("note.txt");
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
});
