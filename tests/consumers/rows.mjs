// @ts-check
/** The rows of the matrix: how each project is run, and what has to come out. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { answer, build, run, whileServing } from "./support/programs.mjs";
import { read } from "./support/site.mjs";
import { findTool } from "./support/tools.mjs";

/**
 * @typedef {object} Place where a row runs
 * @property {string} toolbox
 * @property {string} stage
 * @property {string} site its address on the web
 * @property {string} host of a broker that nobody has used yet
 * @property {() => Promise<import("playwright-core").Browser>} browser
 *
 * @typedef {object} Row
 * @property {import("./support/tools.mjs").Toolbox} toolbox
 * @property {(place: Place) => Promise<void>} run
 */

/** What `story.mjs` returns. */
const STORY = { sent: true, pending: true, roster: ["bob@localhost"] };

const NODE = process.execPath;

/** Takes from a newer Node what 20.0 lacks: `require` of a module, and the condition for it. */
const WITHOUT_REQUIRE_OF_MODULES = "--no-experimental-require-module";
const AS_NODE_20_0 = process.allowedNodeEnvironmentFlags.has(WITHOUT_REQUIRE_OF_MODULES)
  ? [WITHOUT_REQUIRE_OF_MODULES]
  : [];

/**
 * @param {Place} place
 * @param {string} project
 * @param {string[]} words the name of a tool or the path of a program, and its arguments
 */
const command = ({ toolbox, stage, host }, project, [name, ...args]) => ({
  program: path.isAbsolute(name) ? name : findTool(toolbox, name),
  args,
  cwd: path.join(stage, project),
  env: {
    BROKER: host,
    // Nothing is left on the machine, and nobody but the broker is called.
    TMPDIR: stage,
    DENO_DIR: path.join(stage, "deno-cache"),
    DENO_NO_UPDATE_CHECK: "1",
    NEXT_TELEMETRY_DISABLED: "1",
  },
});

/**
 * @param {Row["run"]} run
 * @returns {Row}
 */
const row = (run) => ({ toolbox: "tools", run });

/**
 * @param {string} project
 * @param {...string} words
 */
const program = (project, ...words) =>
  row(async (place) => {
    assert.deepEqual(await answer(command(place, project, [...words, place.host])), STORY);
  });

/** @param {Place} place */
const forBroker = ({ host }) => `?host=${host}`;

/**
 * @param {string} name
 * @param {unknown} [result]
 */
const page = (name, result = STORY) =>
  row(async (place) => {
    const url = `${place.site}/pages/${name}.html${forBroker(place)}`;
    assert.deepEqual(await read(await place.browser(), url), result);
  });

/**
 * @param {string} project whose page loads what a bundler makes
 * @param {string} index
 * @param {...string} words
 */
const bundled = (project, index, ...words) =>
  row(async (place) => {
    await build(command(place, project, words));
    const url = `${place.site}/${project}/${index}${forBroker(place)}`;
    assert.deepEqual(await read(await place.browser(), url), STORY);
  });

/**
 * One copy of the package, whether it is imported or required: two would do everything twice.
 *
 * @param {string[]} program
 * @param {string[]} [bundler] that makes it
 */
const mixed = (program, bundler) =>
  row(async (place) => {
    if (bundler) await build(command(place, "mixed", bundler));
    assert.deepEqual(await answer(command(place, "mixed", program)), { isOneCopy: true });
  });

/**
 * @param {string} file
 * @param {...string} bundler
 */
const unused = (file, ...bundler) =>
  row(async (place) => {
    await build(command(place, "unused", bundler));
    const code = await readFile(path.join(place.stage, "unused", file), "utf8");
    assert.match(code, /console\.log/);
    assert.ok(code.length < 200, `${code.length} bytes, where some dozens are all that is used`);
  });

/**
 * @param {string} module
 * @param {string} resolution
 */
const types = (module, resolution) =>
  row(async (place) => {
    const strict = ["--noEmit", "--strict", "--target", "es2022", "--types", ""];
    const files = ["main.mts", "main.cts"];
    const modules = ["--module", module, "--moduleResolution", resolution];
    await build(command(place, "types", ["tsc", "--ignoreConfig", ...strict, ...modules, ...files]));
  });

/**
 * @param {any} error as JSON
 * @param {string} code
 * @param {RegExp} message
 */
function assertHelps(error, code, message) {
  assert.equal(error.code, code);
  assert.match(error.message, message);
}

/** @type {Record<string, Row>} */
export const ROWS = {
  "node-esm": program("node", NODE, "main.mjs"),
  "node-cjs": program("node", NODE, "main.cjs"),
  "node-20.0-esm": program("node", NODE, ...AS_NODE_20_0, "main.mjs"),
  "node-20.0-cjs": program("node", NODE, ...AS_NODE_20_0, "main.cjs"),
  "node-threads": program("node", NODE, "threads.mjs"),
  "node-without-wasm": row(async (place) => {
    const error = await answer(command(place, "node", [NODE, "no-wasm.mjs"]));
    assertHelps(error, "unsupported", /has no WebAssembly, which neuron-agent-api needs/);
  }),
  // The network is all that Deno is asked to allow.
  deno: program("deno", "deno", "run", "--allow-net", "main.mjs"),
  bun: program("bun", "bun", "main.mjs"),
  workerd: row(async (place) => {
    const forWorkers = ["--conditions=workerd", "--external:*.wasm", "--outfile=dist/worker.js"];
    await build(command(place, "workerd", ["esbuild", "worker.js", "--bundle", "--format=esm", ...forWorkers]));
    const serve = command(place, "workerd", ["workerd", "serve", "config.capnp", "--control-fd=1"]);
    await whileServing(serve, /"port":(\d+)/, async (url) => {
      const response = await fetch(`${url}/${forBroker(place)}`);
      const said = await response.text();
      assert.equal(response.status, 200, said);
      assert.deepEqual(JSON.parse(said), STORY);
    });
  }),
  jest: row(async (place) => {
    // Its report goes to standard error.
    const { stdout } = await run(command(place, "jest", ["jest"]));
    assert.deepEqual(JSON.parse(stdout), STORY);
  }),

  "vite-dev": row(async (place) => {
    const serve = command(place, "vite", ["vite", "--host", "127.0.0.1", "--port", "0"]);
    await whileServing(serve, /Local:\s+http:\/\/127\.0\.0\.1:(\d+)/, async (url) => {
      const shown = await read(await place.browser(), `${url}/${forBroker(place)}`);
      assert.deepEqual(shown, STORY);
    });
  }),
  // The page is not at the root of its site.
  "vite-build": bundled("vite", "dist/index.html", "vite", "build", "--base", "./"),
  webpack: bundled("webpack", "index.html", "webpack", "--mode", "production"),
  esbuild: bundled("esbuild", "index.html", "esbuild", "main.js", "--bundle", "--outdir=dist"),
  rollup: bundled("rollup", "index.html", "rollup", "main.js", "-p", "node-resolve", "-d", "dist"),

  "mixed-node": mixed([NODE, "src/index.mjs"]),
  "mixed-bun": mixed(["bun", "src/index.mjs"]),
  "mixed-esbuild": mixed(
    [NODE, "dist/esbuild.js"],
    ["esbuild", "src/index.mjs", "--bundle", "--outfile=dist/esbuild.js"],
  ),
  "mixed-webpack": mixed(
    [NODE, "dist/webpack.js"],
    ["webpack", "./src/index.mjs", "--mode", "production", "--output-filename", "webpack.js"],
  ),

  "unused-esbuild": unused(
    "dist/esbuild.js",
    ...["esbuild", "src/index.js", "--bundle", "--minify", "--outfile=dist/esbuild.js"],
  ),
  "unused-rollup": unused(
    "dist/rollup.js",
    ...["rollup", "src/index.js", "-p", "node-resolve", "-o", "dist/rollup.js"],
  ),
  "unused-webpack": unused(
    "dist/webpack.js",
    ...["webpack", "--mode", "production", "--output-filename", "webpack.js"],
  ),

  "types-node16": types("node16", "node16"),
  "types-nodenext": types("nodenext", "nodenext"),
  // The module kind that knows the `require` of a .cts file under this resolution.
  "types-bundler": types("preserve", "bundler"),

  "script-module": page("script-module"),
  "import-map": page("import-map"),
  "script-classic": page("script-classic"),
  "worker-module": page("worker-module"),
  "worker-classic": page("worker-classic"),
  "worker-service": page("worker-service"),
  "worker-shared": page("worker-shared"),
  "two-copies": page("two-copies", {
    ...STORY,
    areTwo: true,
    rosterOfSecond: STORY.roster,
    isErrorOfSecond: true,
  }),
  "sandboxed-frame": page("sandboxed", { ...STORY, origin: "null", hasStorage: false }),
  policy: page("policy"),
  "policy-without-wasm": row(async (place) => {
    const url = `${place.site}/pages/policy-without-wasm.html`;
    // The browser tells its console of what the policy forbids.
    const error = await read(await place.browser(), url, { expected: /wasm|WebAssembly/i });
    assertHelps(error, "wasm-blocked", /add 'wasm-unsafe-eval' to its script-src/);
  }),
};

/** Rows that take long, and whose tools are many: they are run when they are asked for. */
export const LONG_ROWS = {
  /** @type {Row} */
  next: {
    toolbox: "next",
    async run(place) {
      // The page that is made here runs the story for the first time.
      await build(command(place, "next", ["next", "build"]));
      const serve = command(place, "next", ["next", "start", "--hostname", "127.0.0.1", "--port", "0"]);
      await whileServing(serve, /Local:\s+http:\/\/127\.0\.0\.1:(\d+)[^]*Ready/, async (url) => {
        const response = await fetch(`${url}/api${forBroker(place)}`);
        const said = await response.text();
        assert.equal(response.status, 200, said);
        assert.deepEqual(JSON.parse(said), STORY);
        for (const selector of ["#prerendered", "#client"]) {
          const shown = await read(await place.browser(), `${url}/${forBroker(place)}`, { selector });
          assert.deepEqual(shown, STORY, selector);
        }
      });
    },
  },
};
