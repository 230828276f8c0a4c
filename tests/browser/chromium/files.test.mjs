// @ts-check
/**
 * The programs of `docs/files.md` that tell the progress of an upload in a page: other drivers can't slow down the
 * network, without which a file is sent in one step.
 */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { startBroker } from "../../support/broker.mjs";
import { clientFor } from "../../support/client.mjs";
import { launchChromium } from "../../support/engines/chromium.mjs";
import { listen } from "../../support/listen.mjs";
import { openPage } from "../../support/page.mjs";
import { startPages } from "../../support/pages.mjs";

const FILE_BYTES = 4_000_000;
const URL_OF_FILE = "/Agent/Storage/Content/alice/large.bin";

/** So that the file takes a second. */
const BYTES_PER_SECOND = 4_000_000;

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof startBroker>>} */
let broker;
/** @type {Awaited<ReturnType<typeof startPages>>} */
let pages;

before(async () => {
  [browser, broker] = await Promise.all([launchChromium(), startBroker()]);
  const programs = (await readFile(new URL("../../../docs/files.md", import.meta.url), "utf8"))
    .replaceAll('"neuron-agent-api"', '"/pkg/index.js"')
    .replaceAll("127.0.0.1:8080", broker.host);
  const programWith = (/** @type {string} */ text) => {
    const found = [...programs.matchAll(/```js\n([^]*?)```/g)].map(([, program]) => program);
    return found.find((program) => program.includes(text)) ?? assert.fail(text);
  };
  pages = await startPages({
    "/page.html": {
      body: `<!doctype html><title>Files</title><link rel="icon" href="data:," /><body></body>`,
    },
    "/files.js": { body: programWith("export const fetchWithProgress") },
    "/upload.js": { body: programWith('from "./files.js"') },
  });
});
after(() => Promise.all([browser.close(), broker.stop(), pages.stop()]));

/**
 * A page with a file, whose uploads are slow, and which records each step of its bar.
 *
 * @param {import("node:test").TestContext} t
 */
async function open(t) {
  const context = await browser.newContext();
  t.after(() => context.close());
  const { page, requests } = await openPage(context, `${pages.url}/page.html`);
  const session = await context.newCDPSession(page);
  await session.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: BYTES_PER_SECOND,
  });
  await page.evaluate((size) => {
    /** @type {number[][]} */
    const steps = [];
    const observer = new MutationObserver((changes) => {
      for (const { target } of changes) {
        const { value, max } = /** @type {HTMLProgressElement} */ (target);
        steps.push([value, max]);
      }
    });
    observer.observe(document.body, { subtree: true, attributeFilter: ["value"] });
    Object.assign(globalThis, { steps, file: new File([new Uint8Array(size)], "large.bin") });
  }, FILE_BYTES);
  const stepsOf = () => page.evaluate(() => /** @type {number[][]} */ (Reflect.get(globalThis, "steps")));
  return { page, requests, stepsOf };
}

/** @param {import("node:test").TestContext} t */
async function aliceFiles(t) {
  const { Account, Storage } = clientFor(t, broker.host);
  await Account.Login("alice", broker.accounts.alice.password, 600);
  return Storage;
}

test("an upload tells how much of it is sent", async (t) => {
  const { page, stepsOf } = await open(t);
  await page.evaluate(() => import(`${location.origin}/upload.js`));
  const steps = await stepsOf();
  assert.ok(steps.length > 3, `${steps.length} steps`);
  const sent = steps.map(([value]) => value);
  assert.deepEqual(
    sent,
    [...sent].sort((one, other) => one - other),
  );
  const [last, total] = steps.at(-1) ?? [];
  assert.equal(last, total);
  assert.ok(total > FILE_BYTES && total < FILE_BYTES + 1000, `${total} bytes`);

  const { Download, Delete } = await aliceFiles(t);
  assert.equal((await Download(URL_OF_FILE)).Content.length, FILE_BYTES);
  await Delete(URL_OF_FILE);
});

test("an abort ends the upload", async (t) => {
  const { page, stepsOf } = await open(t);
  const isUpload = (/** @type {import("playwright-core").Request} */ request) =>
    request.url().endsWith("/Storage/Content");
  const aborted = page.waitForEvent("requestfailed", isUpload);
  const code = await page.evaluate(async () => {
    const stop = () => document.querySelector("button")?.click();
    new MutationObserver(stop).observe(document.body, { subtree: true, attributeFilter: ["value"] });
    return import(`${location.origin}/upload.js`).then(
      () => "uploaded",
      (error) => error.code,
    );
  });
  assert.equal(code, "aborted");
  const [last, total] = (await stepsOf()).at(-1) ?? [];
  assert.ok(last > 0 && last < total, `${last} of ${total}`);
  const request = await aborted;
  assert.equal(request.failure()?.errorText, "net::ERR_ABORTED");
  const { Download } = await aliceFiles(t);
  await assert.rejects(Download(URL_OF_FILE), { code: "not-found" });
});

test("answers come as from fetch, also those of errors", async (t) => {
  const { page } = await open(t);
  const [put, refused, unreachable] = await page.evaluate(
    async ({ host, password }) => {
      const { createAgentAPI } = await import(`${location.origin}/pkg/index.js`);
      const { fetchWithProgress } = await import(`${location.origin}/files.js`);
      const options = { host, secure: false, fetch: fetchWithProgress(() => {}) };
      const { Account, Storage } = createAgentAPI(options);
      await Account.Login("alice", password, 600);
      const text = new Blob(["hello"], { type: "text/plain" });
      const url = "/Agent/Storage/Content/alice/hello.txt";
      const codeOf = (/** @type {{ code: string, message: string }} */ { code, message }) => [code, message];
      const getItem = (/** @type {string} */ key) => (key.endsWith(".Token") ? "token" : null);
      const store = { getItem, setItem() {}, removeItem() {} };
      const elsewhere = createAgentAPI({ ...options, host: "127.0.0.1:9", store });
      return [
        [(await Storage.Put(url, text, "Private")).visibility, (await Storage.Download(url)).ContentType],
        await Storage.Put(url.replace("alice", "bob"), text, "Private").catch(codeOf),
        await elsewhere.Storage.Put(url, text, "Private").catch(codeOf),
      ];
    },
    { host: broker.host, password: broker.accounts.alice.password },
  );
  assert.deepEqual(put, ["Private", "text/plain"]);
  assert.equal(refused[0], "forbidden");
  assert.match(refused[1], /The URL is another account's/);
  assert.equal(unreachable[0], "network");
});

test("a redirect is refused", async (t) => {
  const answer = { uploaded: 1, visibility: "Private", etag: "1", url: "http://localhost/" };
  const server = await listen((request, response) => {
    response.setHeader("Access-Control-Allow-Origin", "*");
    response.setHeader("Access-Control-Allow-Headers", "*");
    response.setHeader("Access-Control-Allow-Methods", "*");
    const isFirst = request.method === "PUT" && request.url !== "/there";
    if (isFirst) response.writeHead(307, { Location: "/there" });
    response.end(isFirst ? "" : JSON.stringify(answer));
  });
  t.after(server.stop);
  const { page, requests } = await open(t);
  const error = await page.evaluate(async (host) => {
    const { createAgentAPI } = await import(`${location.origin}/pkg/index.js`);
    const { fetchWithProgress } = await import(`${location.origin}/files.js`);
    const getItem = (/** @type {string} */ key) => (key.endsWith(".Token") ? "token" : null);
    const store = { getItem, setItem() {}, removeItem() {} };
    const { Storage } = createAgentAPI({ host, secure: false, store, fetch: fetchWithProgress(() => {}) });
    return Storage.Put("/Agent/Storage/Content/a/b", new Blob(["x"]), "Private").catch(
      (/** @type {{ code: string }} */ { code }) => code,
    );
  }, new URL(server.url).host);
  assert.equal(error, "refused");
  assert.ok(requests.some((request) => request.url().endsWith("/there")));
});
