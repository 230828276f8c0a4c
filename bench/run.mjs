// @ts-check
/**
 * `npm run bench`: compares the library with what a page would do without it, in Chromium, against the local
 * broker. One page at a time; each round measures every contender, so that a ratio holds on a busy machine
 * where a time does not.
 *
 *     npm run bench [-- --rounds N] [--write]   --write keeps the tables in docs/performance.md
 */

import { writeFile } from "node:fs/promises";
import os from "node:os";
import { parseArgs } from "node:util";
import { startBroker } from "../tests/support/broker.mjs";
import { ensureFreshPackage, ensureNpmPackages, ensureRust, run as runProgram } from "../xtask/prepare.mjs";
import { median, ratio, rounded, table, whole } from "./figures.mjs";

const { values: options } = parseArgs({
  options: { rounds: { type: "string", default: "9" }, write: { type: "boolean", default: false } },
});
const rounds = Number(options.rounds);

const CONTENDERS = {
  fetch: "`fetch` and `JSON` by hand, nothing checked",
  xhr: "`XMLHttpRequest` by hand, nothing checked",
  inlined: "this library, one file",
  separate: "this library, WebAssembly in a file of its own",
};
/** Measured without a network too, which only `fetch` can be replaced for. */
const STUBBED = ["fetch", "inlined", "separate"];

const FIGURES = {
  coldMs: "cold start, nothing cached (ms)",
  warmMs: "cold start, cached (ms)",
  sequentialMs: "one call after the other (ms a call)",
  throughput: "50 at a time (calls a second)",
  cpuUs: "no network: time of a call (µs)",
  bytes: "code over the wire (bytes)",
  heap: "heap after 10,000 calls (bytes)",
};

/** What is promised, as a ratio to `fetch`; `mostMore` is a difference in microseconds. */
const TARGETS = {
  sequentialMs: { most: 1.05 },
  throughput: { least: 0.95 },
  coldMs: { most: 1.25 },
  cpuUs: { mostMore: 30 },
};

const ROSTERS = [10, 1_000, 100_000];
const LARGEST = 100_000;
const PAGE_SIZE = 1_000;
const XML_BYTES = [1_000, 100_000, 1_000_000];

ensureRust();
ensureNpmPackages();
await ensureFreshPackage();
runProgram("cargo", ["build", "--release", "--package", "broker"]);
process.env.BROKER_PROFILE = "release";

// Imported late: they need the npm packages, which may have been installed just now.
const { launchChromium } = await import("../tests/support/engines/chromium.mjs");
const { startServer } = await import("./server.mjs");
const [browser, broker, server] = await Promise.all([launchChromium(), startBroker(), startServer()]);

/** @type {Record<string, Record<string, number[]>>} figure, contender, rounds */
const measured = {};
const note = (/** @type {string} */ figure, /** @type {string} */ contender, /** @type {number} */ value) =>
  ((measured[figure] ??= {})[contender] ??= []).push(value);

try {
  const token = await logIn();
  for (let round = 0; round < rounds; round += 1) {
    for (const contender of rotated(Object.keys(CONTENDERS), round)) await measure(contender, token);
    process.stderr.write(`round ${round + 1} of ${rounds}\n`);
  }
} finally {
  await Promise.all([browser.close(), broker.stop(), server.stop()]);
}
await report();

/** Each round begins with another contender. */
function rotated(/** @type {string[]} */ list, /** @type {number} */ by) {
  const start = by % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}

async function logIn() {
  const { createAgentAPI } = await import("neuron-agent-api");
  const client = createAgentAPI({ host: broker.host, secure: false });
  const { userName, password } = broker.accounts.alice;
  const { jwt } = await client.Account.Login(userName, password, 3600);
  await client.Xmpp.SetRosterItem(broker.accounts.bob.bareJid, "Bob", ["Friends"]);
  client.dispose();
  return jwt;
}

/**
 * @param {string} contender
 * @param {string} token
 */
async function measure(contender, token) {
  const context = await browser.newContext();
  const query = new URLSearchParams({ contender, broker: broker.url, token });
  const url = `${server.url}/?${query}`;
  /** Opens a page of its own, in the one profile and its cache. */
  async function open() {
    const page = await context.newPage();
    await page.goto(url);
    await page.waitForFunction(() => document.title === "ready");
    return page;
  }
  /** @type {(page: import("playwright-core").Page, name: string, ...args: number[]) => Promise<number>} */
  const run = (page, name, ...args) =>
    page.evaluate(
      ([name, args]) => {
        const { bench } = /** @type {any} */ (globalThis);
        return typeof bench[name] === "function" ? bench[name](...args) : bench[name];
      },
      /** @type {const} */ ([name, args]),
    );

  const first = await open();
  note("coldMs", contender, await run(first, "coldMs"));
  note("bytes", contender, await run(first, "transferred"));
  await first.close();
  const page = await open();
  note("warmMs", contender, await run(page, "coldMs"));
  await run(page, "sequential", 100);
  note("sequentialMs", contender, await run(page, "sequential", 300));
  note("throughput", contender, await run(page, "throughput", 1_000, 50));
  if (STUBBED.includes(contender)) {
    note("cpuUs", contender, await run(page, "cpu", 3_000));
    await page.close();
    const busy = await open();
    // `cpu` makes as many calls again to warm up.
    await run(busy, "cpu", 5_000);
    note("heap", contender, await heapOf(busy));
    await busy.close();
    await grow(contender, open, run);
  }
  await context.close();
}

/**
 * @param {string} contender
 * @param {() => Promise<import("playwright-core").Page>} open
 * @param {(page: import("playwright-core").Page, name: string, ...args: number[]) => Promise<number>} run
 */
async function grow(contender, open, run) {
  for (const count of ROSTERS) {
    const page = await open();
    await run(page, "page", 1_000, PAGE_SIZE);
    const before = await heapOf(page);
    note(`roster ${count}`, contender, await run(page, "page", count, PAGE_SIZE));
    // The heap that a smaller one takes is lost in the noise.
    if (count === LARGEST) note(`roster heap ${count}`, contender, (await heapOf(page)) - before);
    await page.close();
  }
  const page = await open();
  for (const bytes of XML_BYTES) {
    const count = Math.max(5, 2_000_000 / bytes);
    note(`xml ${bytes}`, contender, await run(page, "customXml", bytes, count));
  }
  await page.close();
}

/** The memory that scripts hold, that of WebAssembly included. @param {import("playwright-core").Page} page */
async function heapOf(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize, backingStorageSize = 0 } = /** @type {any} */ (
    await session.send("Runtime.getHeapUsage")
  );
  await session.detach();
  return usedSize + backingStorageSize;
}

async function report() {
  const names = Object.keys(CONTENDERS);
  const cell = (/** @type {string} */ figure, /** @type {string} */ name) => {
    const values = measured[figure]?.[name];
    if (!values) return "–";
    const base = measured[figure].fetch;
    return name === "fetch"
      ? rounded(median(values))
      : `${rounded(median(values))} (${ratio(values, base).toFixed(2)})`;
  };
  const rows = (/** @type {Record<string, string>} */ figures, /** @type {string[]} */ columns) =>
    Object.entries(figures).map(([figure, label]) => [label, ...columns.map((name) => cell(figure, name))]);
  const growth = Object.fromEntries([
    ...ROSTERS.map((count) => [
      `roster ${count}`,
      `a roster of ${whole(count)}, in pages of ${whole(PAGE_SIZE)} (ms)`,
    ]),
    [`roster heap ${LARGEST}`, `heap that a roster of ${whole(LARGEST)} takes (bytes)`],
    ...XML_BYTES.map((bytes) => [`xml ${bytes}`, `a call with ${whole(bytes / 1000)} KB of XML (ms)`]),
  ]);
  const text = [
    table(["", ...names], rows(FIGURES, names)),
    table(["", ...STUBBED], rows(growth, STUBBED)),
    table(["target, as a ratio to `fetch`", "inlined", "separate"], targets()),
  ].join("\n\n");
  console.log(text);
  if (options.write) await write(text);
}

function targets() {
  return Object.entries(TARGETS).map(([figure, target]) => {
    const verdict = (/** @type {string} */ name) => {
      const [values, base] = [measured[figure][name], measured[figure].fetch];
      const found =
        "mostMore" in target
          ? median(values.map((value, round) => value - base[round]))
          : ratio(values, base);
      const held =
        "least" in target
          ? found >= target.least
          : found <= ("most" in target ? target.most : target.mostMore);
      return `${found.toFixed(2)}, ${held ? "held" : "missed"}`;
    };
    const [[word, limit]] = Object.entries(target);
    const rule = { most: `at most ${limit}`, least: `at least ${limit}`, mostMore: `at most ${limit} more` }[
      word
    ];
    return [
      `${FIGURES[/** @type {keyof typeof FIGURES} */ (figure)]}: ${rule}`,
      verdict("inlined"),
      verdict("separate"),
    ];
  });
}

/** @param {string} text */
async function write(text) {
  const contenders = Object.entries(CONTENDERS).map(([name, label]) => `- **${name}**: ${label}`);
  const place = new URL("../docs/performance.md", import.meta.url);
  const { readFile } = await import("node:fs/promises");
  const before = await readFile(place, "utf8").catch(() => "");
  const words = before.split("<!-- words -->")[1] ?? "\n";
  const head = `# Performance

\`npm run bench -- --write\` made these tables: ${rounds} rounds in Chromium ${browser.version()} on ${os.cpus().length} cores,
before the local broker (release build) on the same machine, from another origin. Medians; in brackets the
median ratio to \`fetch\` of the same round. The times are this machine's and worth little; the ratios are
what counts. The library has a session in an object, and \`maxInFlight\` at 50; all else is as it comes.

${contenders.join("\n")}

`;
  await writeFile(place, `${head}${text}\n\n<!-- words -->${words}`);
}
