// @ts-check
/**
 * `npm run bench`: compares the library with what a page would do without it, before the local broker. A page in
 * Chromium measures itself and posts its figures, with no driver attached; what a call costs its process is
 * measured in Node, Firefox and WebKit too. Each round measures every contender, so that a ratio holds on a busy
 * machine where a time does not.
 *
 *     npm run bench [-- --rounds N] [--write]   --write keeps the tables in docs/performance.md
 */

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { startBroker } from "../tests/support/broker.mjs";
import { ensureFreshPackage, ensureNpmPackages, ensureRust, run as runProgram } from "../xtask/prepare.mjs";
import { median, ratio, rounded, spread, table, whole } from "./figures.mjs";
import { LARGEST, PAGE_SIZE, ROSTERS, STUBBED_ROUND, XML_BYTES } from "./plan.js";

const { values: options } = parseArgs({
  options: { rounds: { type: "string", default: "9" }, write: { type: "boolean", default: false } },
});
const rounds = Number(options.rounds);

/** The longest that a browser may take for all rounds. */
const LONGEST_MS = 30 * 60_000;

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
  heap: "heap that 10,000 calls leave behind (bytes)",
};

/** What a call costs where no network answers it. */
const PROCESS_FIGURES = {
  cpuUs: "one call",
  "roster 1000": "a roster of 1,000",
  "xml 1000000": "a call with 1 MB of XML",
};

/** What is aimed at, as a ratio to `fetch`. */
const TARGETS = {
  coldMs: { most: 1.35 },
  sequentialMs: { most: 1.03 },
  throughput: { least: 0.95 },
  cpuUs: { most: 2.2 },
  "roster 1000": { most: 4 },
};

ensureRust();
ensureNpmPackages();
await ensureFreshPackage();
runProgram("cargo", ["build", "--release", "--package", "broker"]);
process.env.BROKER_PROFILE = "release";

// Imported late: they need the npm packages, which may have been installed just now.
const { startServer } = await import("./server.mjs");
const { startChild } = await import("../tests/support/start-child.mjs");
const engines = {
  chromium: await import("../tests/support/engines/chromium.mjs"),
  firefox: await import("../tests/support/engines/firefox.mjs"),
  webkit: await import("../tests/support/engines/webkit.mjs"),
  display: await import("../tests/support/engines/display.mjs"),
  programs: await import("../xtask/programs.mjs"),
};

/** Takes what the page under way posts. @type {(found: any) => void} */
let take = () => {};
const [broker, server] = await Promise.all([startBroker(), startServer((found) => take(found))]);

/** @typedef {Record<string, Record<string, number[]>>} Figures by figure and contender, one a round */

/** @type {Figures} */
let measured = {};
/** Of a call that no network answers, by where it runs. @type {Record<string, Figures>} */
const processes = {};
let chromiumVersion = "";

try {
  const found = await inChromium();
  measured = found.figures;
  chromiumVersion = /Chrome\/([\d.]+)/.exec(found.agent)?.[1] ?? "";
  processes.Chromium = found.figures;
  processes[`Node ${process.versions.node}`] = await inNode();
  processes.Firefox = await inFirefox();
  processes.WebKit = await inWebKit();
} finally {
  await Promise.all([broker.stop(), server.stop()]);
}
await report();

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
 * Starts a browser with a page of ours, waits for its figures and ends it.
 *
 * @param {string | undefined} program
 * @param {string[]} args all but the page's address
 * @param {Record<string, string>} query
 * @param {NodeJS.ProcessEnv} [env]
 */
async function inBrowser(program, args, query, env = process.env) {
  if (!program) return undefined;
  const url = `${server.url}/bench/page.html?${new URLSearchParams({ rounds: String(rounds), ...query })}`;
  const { promise, resolve, reject } = withResolvers();
  take = resolve;
  const timer = setTimeout(() => reject(new Error(`${program} took too long`)), LONGEST_MS);
  const { exited, stop } = startChild(program, [...args, url], { stdio: "ignore", env });
  exited.then(() => reject(new Error(`${program} ended`)));
  try {
    const found = await promise;
    if (found.error) throw new Error(found.error);
    return found;
  } finally {
    clearTimeout(timer);
    await stop();
  }
}

/** `Promise.withResolvers`, which Node 20 lacks. */
function withResolvers() {
  /** @type {(found: any) => void} */
  let resolve = () => {};
  /** @type {(error: Error) => void} */
  let reject = () => {};
  const promise = new Promise((...settle) => ([resolve, reject] = settle));
  return { promise, resolve, reject };
}

/**
 * Has work done with a folder that is removed after it.
 *
 * @template T
 * @param {(folder: string) => Promise<T>} work
 */
async function withFolder(work) {
  const folder = await mkdtemp(path.join(os.tmpdir(), "neuron-agent-api-bench-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function inChromium() {
  const token = await logIn();
  return withFolder((folder) =>
    inBrowser(
      engines.chromium.program(),
      [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        // For the figures of memory.
        "--js-flags=--expose-gc",
        "--enable-precise-memory-info",
        `--user-data-dir=${folder}`,
      ],
      { broker: broker.url, token },
    ),
  );
}

async function inFirefox() {
  const found = await withFolder((folder) =>
    inBrowser(engines.firefox.program(), ["--headless", "--new-instance", "--profile", folder], {}),
  );
  return found?.figures;
}

async function inWebKit() {
  const program = engines.webkit.miniBrowser();
  const xvfb = engines.programs.findProgram("Xvfb");
  if (!program || !xvfb) return undefined;
  const display = await engines.display.startDisplay(xvfb);
  try {
    const env = { ...process.env, DISPLAY: display.name };
    return (await inBrowser(program, [], {}, env))?.figures;
  } finally {
    await display.stop();
  }
}

/** @returns {Promise<Figures>} */
async function inNode() {
  const { measuresOf } = await import("./measures.js");
  /** @type {Figures} */
  const figures = {};
  const names = Object.keys(STUBBED_ROUND);
  const contenders = await Promise.all(
    names.map(async (name) => {
      const { start } = await import(`./contenders/${name}.js`);
      return measuresOf(await start(broker.url, "a.token"));
    }),
  );
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, name] of names.entries()) {
      for (const { figure, measure, args = [] } of STUBBED_ROUND[name].flat()) {
        const measures = /** @type {Record<string, (...args: number[]) => Promise<number>>} */ (
          contenders[index]
        );
        const value = await measures[measure](...args);
        if (figure) ((figures[figure] ??= {})[name] ??= []).push(value);
      }
    }
  }
  return figures;
}

async function report() {
  const names = Object.keys(CONTENDERS);
  const cell = (/** @type {string} */ figure, /** @type {string} */ name) => {
    const values = measured[figure]?.[name];
    if (!values) return "–";
    const base = measured[figure].fetch;
    // What by hand is nothing has no ratio.
    return name === "fetch" || figure === "heap"
      ? rounded(median(values))
      : `${rounded(median(values))} (${ratio(values, base).toFixed(2)}, ${spread(values, base)})`;
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
    table(["ratio to `fetch`, without a network", ...Object.values(PROCESS_FIGURES)], processRows()),
    table(["target, as a ratio to `fetch`", "inlined", "separate"], targets()),
  ].join("\n\n");
  console.log(text);
  if (options.write) await write(text);
}

/** What a call costs its process, by where it runs. */
function processRows() {
  return Object.entries(processes).map(([place, figures]) => [
    place,
    ...Object.keys(PROCESS_FIGURES).map((figure) => {
      const values = figures?.[figure];
      if (!values) return "not there";
      return `${ratio(values.inlined, values.fetch).toFixed(2)} (${spread(values.inlined, values.fetch)})`;
    }),
  ]);
}

function targets() {
  return Object.entries(TARGETS).map(([figure, target]) => {
    const verdict = (/** @type {string} */ name) => {
      const found = ratio(measured[figure][name], measured[figure].fetch);
      const held = "least" in target ? found >= target.least : found <= target.most;
      return `${found.toFixed(2)}, ${held ? "held" : "missed"}`;
    };
    const rule = "least" in target ? `at least ${target.least}` : `at most ${target.most}`;
    const label = /** @type {Record<string, string>} */ (FIGURES)[figure] ?? PROCESS_FIGURES["roster 1000"];
    return [`${label}: ${rule}`, verdict("inlined"), verdict("separate")];
  });
}

/** @param {string} text */
async function write(text) {
  const contenders = Object.entries(CONTENDERS).map(([name, label]) => `- **${name}**: ${label}`);
  const place = new URL("../docs/performance.md", import.meta.url);
  const before = await readFile(place, "utf8").catch(() => "");
  const words = before.split("<!-- words -->")[1] ?? "\n";
  const head = `# Performance

\`npm run bench -- --write\` made these tables: ${rounds} rounds in Chromium ${chromiumVersion} on ${os.cpus().length} cores,
before the local broker (release build) on the same machine, from another origin, with no driver attached to the
browser. Medians; in brackets the median ratio to \`fetch\` of the same round, and between which ratios the middle
half of the rounds lies. The times are this machine's and worth little; the ratios are what counts. The library has a session in an object, and \`maxInFlight\` at 50; all else is as it comes.

${contenders.join("\n")}

`;
  await writeFile(place, `${head}${text}\n\n<!-- words -->${words}`);
}
