// @ts-check
/** The kinds of rows: how a project is run, and what has to come out. */

import assert from "node:assert/strict";
import { cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { answer, build, run, whileServing } from "./programs.mjs";
import { read } from "./site.mjs";
import { pack } from "./stage.mjs";
import { findNode, findTool } from "./tools.mjs";

/**
 * @typedef {object} Place where a row runs
 * @property {string} toolbox
 * @property {string} stage
 * @property {string} site its address on the web
 * @property {string} host of a new broker
 * @property {() => Promise<import("playwright-core").Browser>} browser
 *
 * @typedef {object} Row
 * @property {import("./tools.mjs").Toolbox} toolbox
 * @property {(place: Place) => Promise<void>} run
 */

/** What `story.mjs` returns. */
export const STORY = { sent: true, pending: true, roster: ["bob@localhost"] };

export const NODE = process.execPath;

/** What Node's own documentation has the tool look for in its program. */
export const SEA_FUSE = "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2";

/** Each copy of the package has it once. */
const MARK = "neuron-agent-api.AgentApiError";

/** Takes from a newer Node what 20.0 lacks: `require` of a module, and the condition for it. */
const WITHOUT_REQUIRE_OF_MODULES = "--no-experimental-require-module";
export const AS_NODE_20_0 = process.allowedNodeEnvironmentFlags.has(WITHOUT_REQUIRE_OF_MODULES)
  ? [WITHOUT_REQUIRE_OF_MODULES]
  : [];

/**
 * @param {Place} place
 * @param {string} project
 * @param {string[]} words the name of a tool or the path of a program, and its arguments
 */
export const command = ({ toolbox, stage, host }, project, [name, ...args]) => ({
  program: name.includes(path.sep) ? path.resolve(stage, project, name) : findTool(toolbox, name),
  args,
  cwd: path.join(stage, project),
  env: {
    BROKER: host,
    // Nothing is left on the machine, and only the broker is called.
    TMPDIR: stage,
    XDG_CACHE_HOME: path.join(stage, "cache"),
    XDG_CONFIG_HOME: path.join(stage, "config"),
    XDG_DATA_HOME: path.join(stage, "data"),
    XDG_STATE_HOME: path.join(stage, "state"),
    YARN_GLOBAL_FOLDER: path.join(stage, "yarn-global"),
    DENO_DIR: path.join(stage, "deno-cache"),
    DENO_NO_UPDATE_CHECK: "1",
    CLOUDFLARE_CF_FETCH_ENABLED: "false",
    ASTRO_TELEMETRY_DISABLED: "1",
    NEXT_TELEMETRY_DISABLED: "1",
    NUXT_TELEMETRY_DISABLED: "1",
    WRANGLER_SEND_METRICS: "false",
    YARN_ENABLE_TELEMETRY: "0",
  },
});

/**
 * For tools that need a newer Node than the one that runs the matrix. They find it by its name too, to
 * start others.
 *
 * @param {import("./programs.mjs").Command} command
 * @returns {import("./programs.mjs").Command}
 */
export const underNode24 = ({ program, args, env, ...rest }) => {
  const node = findNode(24);
  const PATH = [path.dirname(node), process.env.PATH].join(path.delimiter);
  return { ...rest, program: node, args: [program, ...args], env: { ...env, PATH } };
};

/**
 * @param {Row["run"]} run
 * @returns {Row}
 */
export const row = (run) => ({ toolbox: "tools", run });

/**
 * @param {string} project
 * @param {...string} words
 */
export const program = (project, ...words) => programTo(STORY, project, ...words);

/**
 * @param {unknown} result what the program prints
 * @param {string} project
 * @param {...string} words
 */
export const programTo = (result, project, ...words) =>
  row(async (place) => {
    assert.deepEqual(await answer(command(place, project, [...words, place.host])), result);
  });

/**
 * @param {unknown} result what the worker answers
 * @param {string} project whose worker esbuild bundles
 */
export const worker = (result, project) =>
  row(async (place) => {
    const forWorkers = ["--conditions=workerd", "--external:*.wasm", "--outfile=dist/worker.js"];
    const words = ["esbuild", "worker.js", "--bundle", "--format=esm", ...forWorkers];
    await build(command(place, project, words));
    const serve = command(place, project, ["workerd", "serve", "config.capnp", "--control-fd=1"]);
    await whileServing(serve, /"port":(\d+)/, async (url) => {
      assert.deepEqual(await fetchStory(`${url}/`, place), result);
    });
  });

/**
 * @param {number} major of another Node than the one that runs the matrix
 * @param {string} project
 */
export const inNode = (major, project) =>
  row(async (place) => {
    const words = [findNode(major), "main.mjs", place.host];
    assert.deepEqual(await answer(command(place, project, words)), STORY);
  });

/**
 * @param {string} project whose tests say themselves what has to come out
 * @param {number} count of its tests
 * @param {...string} words
 */
export const tested = (project, count, ...words) =>
  row(async (place) => {
    const report = path.join(place.stage, project, "report.json");
    await run(underNode24(command(place, project, [...words, `--outputFile=${report}`])));
    // Vitest writes what Jest does.
    const { numPassedTests, numTotalTests } = JSON.parse(await readFile(report, "utf8"));
    assert.deepEqual({ numPassedTests, numTotalTests }, { numPassedTests: count, numTotalTests: count });
  });

/**
 * @param {string} environment
 * @param {...string} more
 */
export const vitest = (environment, ...more) => {
  const reports = ["--reporter=default", "--reporter=json"];
  return tested("vitest", 4, "vitest", "run", `--environment=${environment}`, ...reports, ...more);
};

/** @param {Place} place */
export const forBroker = ({ host }) => `?host=${host}`;

/**
 * @param {string} url of a server that does the story when it is asked
 * @param {Place} place
 */
export async function fetchStory(url, place) {
  const response = await fetch(url + forBroker(place));
  const said = await response.text();
  assert.equal(response.status, 200, said);
  return JSON.parse(said);
}

/**
 * @param {string} project into which another tool than npm installs the package
 * @param {string[]} install
 * @param {string[]} start
 * @param {object} [more] that it says besides
 */
export const installed = (project, install, start, more = {}) =>
  row(async (place) => {
    // Elsewhere, so that what npm has installed is not found.
    const folder = await mkdtemp(path.join(tmpdir(), "neuron-agent-api-"));
    const here = (/** @type {string[]} */ words) => ({
      ...command(place, project, words),
      cwd: path.join(folder, project),
    });
    try {
      for (const name of [project, "story.mjs", "story.js"]) {
        await cp(path.join(place.stage, name), path.join(folder, name), { recursive: true });
      }
      const tarball = await pack(folder, path.join(place.stage, "node_modules", "neuron-agent-api"));
      // Yarn warns of its own loader.
      await run(underNode24(here([...install, `neuron-agent-api@file:${tarball}`])));
      const result = await answer(here([...start, place.host]));
      assert.deepEqual(result, { ...STORY, ...more });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

/**
 * @param {string} name
 * @param {unknown} [result]
 */
export const page = (name, result = STORY) =>
  row(async (place) => {
    const url = `${place.site}/pages/${name}.html${forBroker(place)}`;
    assert.deepEqual(await read(await place.browser(), url), result);
  });

/**
 * @param {string} project whose page loads what a bundler makes
 * @param {string} index
 * @param {...string} words
 */
export const bundled = (project, index, ...words) => bundledTo(STORY, project, index, ...words);

/**
 * @param {unknown} result
 * @param {string} project
 * @param {string} index
 * @param {...string} words
 */
export const bundledTo = (result, project, index, ...words) =>
  row(async (place) => {
    await build(command(place, project, words));
    await assertOneCopy(path.join(place.stage, project, "dist"));
    const url = `${place.site}/${project}/${index}${forBroker(place)}`;
    assert.deepEqual(await read(await place.browser(), url), result);
  });

/**
 * @param {string} folder of what a bundler has made for browsers
 */
export async function assertOneCopy(folder) {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const scripts = files.filter((file) => file.isFile() && /\.m?js$/.test(file.name));
  const paths = scripts.map(({ parentPath, name }) => path.join(parentPath, name));
  const texts = await Promise.all(paths.map((file) => readFile(file, "utf8")));
  assert.equal(texts.join("").split(MARK).length - 1, 1, `copies of the package in ${folder}`);
}

/**
 * One copy of the package, whether it is imported or required: two would do everything twice.
 *
 * @param {string[]} program
 * @param {string[]} [bundler] that makes it
 */
export const mixed = (program, bundler) =>
  row(async (place) => {
    if (bundler) await build(command(place, "mixed", bundler));
    assert.deepEqual(await answer(command(place, "mixed", program)), { isOneCopy: true });
  });

/**
 * @param {string} file
 * @param {...string} bundler
 */
export const unused = (file, ...bundler) =>
  row(async (place) => {
    await build(command(place, "unused", bundler));
    const code = await readFile(path.join(place.stage, "unused", file), "utf8");
    assert.match(code, /console\.log/);
    assert.ok(code.length < 200, `${code.length} bytes, where some dozens are all that is used`);
  });

/**
 * @param {string} module
 * @param {string} resolution
 * @param {...string} more
 */
export const types = (module, resolution, ...more) =>
  row((place) => checkTypes(place, ["main.mts", "main.cts"], module, resolution, ...more));

/**
 * @param {Place} place
 * @param {string[]} files
 * @param {string} module
 * @param {string} resolution
 * @param {...string} more
 */
export async function checkTypes(place, files, module, resolution, ...more) {
  const strict = ["--noEmit", "--strict", "--target", "es2022", "--types", ""];
  const modules = ["--module", module, "--moduleResolution", resolution];
  const words = ["tsc", "--ignoreConfig", ...strict, ...modules, ...more, ...files];
  await build(command(place, "types", words));
}

/**
 * @param {any} error as JSON
 * @param {string} code
 * @param {RegExp} message
 */
export function assertHelps(error, code, message) {
  assert.equal(error.code, code);
  assert.match(error.message, message);
}
