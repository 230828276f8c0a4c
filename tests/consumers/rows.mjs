// @ts-check
/** The rows of the matrix, but for those that take long. */

import assert from "node:assert/strict";
import { copyFile, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { openProfile } from "../support/engines/chromium.mjs";
import {
  AS_NODE_20_0,
  assertHelps,
  bundled,
  bundledTo,
  checkTypes,
  command,
  fetchStory,
  forBroker,
  inNode,
  installed,
  mixed,
  NODE,
  page,
  program,
  programTo,
  row,
  SEA_FUSE,
  STORY,
  tested,
  types,
  unused,
  vitest,
  worker,
} from "./support/kinds.mjs";
import { answer, build, run, whileServing } from "./support/programs.mjs";
import { read } from "./support/site.mjs";
import { findNode } from "./support/tools.mjs";

/** @typedef {import("./support/kinds.mjs").Row} Row */

/** What the project `things` reads. */
const READ = { values: [["Power", 1.2], ...[1021.4, 1020.1, 1018.9].map((energy) => ["Energy", energy])] };

/** What a page says that asks for the package's files themselves. */
const FILES = { ...STORY, isWasm: true };

const VITEST = ["vitest", "run", "--reporter=default", "--reporter=json"];

/**
 * A test of the document about tests, in a project that has nothing else.
 *
 * @param {string} project
 * @param {string} heading of its section
 * @param {...string} words that run it and have it write a report
 */
const example = (project, heading, ...words) =>
  row(async (place) => {
    const document = path.join(place.stage, "node_modules", "neuron-agent-api", "docs", "testing.md");
    const section = `^## ${heading}$[^]*?^\`\`\`js\n([^]*?)^\`\`\``;
    const [, program] = new RegExp(section, "m").exec(await readFile(document, "utf8")) ?? [];
    assert.ok(program, `the document has an example for ${heading}`);
    await writeFile(path.join(place.stage, project, "example.test.js"), program);
    await tested(project, 1, ...words).run(place);
  });

/** @type {Record<string, Row>} */
export const ROWS = {
  "node-esm": program("node", NODE, "main.mjs"),
  "node-cjs": program("node", NODE, "main.cjs"),
  "node-20.0-esm": program("node", NODE, ...AS_NODE_20_0, "main.mjs"),
  "node-20.0-cjs": program("node", NODE, ...AS_NODE_20_0, "main.cjs"),
  "node-threads": program("node", NODE, "threads.mjs"),
  "node-without-wasm": row(async (place) => {
    const error = await answer(command(place, "node", [NODE, "no-wasm.mjs"]));
    assertHelps(error, "unsupported", /has no WebAssembly/);
  }),
  "node-22": inNode(22, "node"),
  "node-24": inNode(24, "node"),
  // One file that is both Node and the program.
  sea: row(async (place) => {
    const node = findNode(24);
    const file = path.join(place.stage, "sea", "program");
    const of = (/** @type {string[]} */ ...words) => command(place, "sea", words);
    await build(of("esbuild", "main.js", "--bundle", "--platform=node", "--outfile=dist/main.js"));
    await run(of(node, "--experimental-sea-config", "sea-config.json"));
    await copyFile(node, file);
    await run(of("postject", file, "NODE_SEA_BLOB", "dist/main.blob", "--sentinel-fuse", SEA_FUSE));
    assert.deepEqual(await answer(of(file, place.host)), STORY);
  }),
  pnpm: installed("pnpm", ["pnpm", "add"], [NODE, "main.mjs"], { isOneCopy: true }),
  // Without a folder `node_modules`: Yarn resolves packages for Node.
  "yarn-esm": installed("yarn", ["yarn", "add"], ["yarn", "node", "main.mjs"]),
  "yarn-cjs": installed("yarn", ["yarn", "add"], ["yarn", "node", "main.cjs"]),
  // The network is all that Deno is asked to allow.
  deno: program("deno", "deno", "run", "--allow-net", "main.mjs"),
  bun: program("bun", "bun", "main.mjs"),
  "bun-compiled": row(async (place) => {
    await build(command(place, "bun", ["bun", "build", "--compile", "main.mjs", "--outfile=dist/program"]));
    const file = path.join(place.stage, "bun", "dist", "program");
    assert.deepEqual(await answer(command(place, "bun", [file, place.host])), STORY);
  }),
  workerd: worker(STORY, "workerd"),
  "workerd-shared": row(async (place) => {
    const forWorkers = ["--conditions=workerd", "--external:*.wasm", "--outfile=dist/shared.js"];
    const words = ["esbuild", "shared.js", "--bundle", "--format=esm", ...forWorkers];
    await build(command(place, "workerd", words));
    const serve = command(place, "workerd", ["workerd", "serve", "shared.capnp", "--control-fd=1"]);
    await whileServing(serve, /"port":(\d+)/, async (url) => {
      const answers = await Promise.all(Array.from({ length: 5 }, () => fetchStory(`${url}/`, place)));
      assert.deepEqual(new Set(answers), new Set(["localhost"]));
    });
  }),
  "edge-runtime": row(async (place) => {
    const words = ["--bundle", "--conditions=edge-light", "--outfile=dist/main.js"];
    await build(command(place, "edge-runtime", ["esbuild", "main.js", ...words]));
    const toServe = ["edge-runtime", "dist/main.js", "--listen", "--port", "0"];
    const serve = command(place, "edge-runtime", toServe);
    await whileServing(serve, /http:\/\/[^:]+:(\d+)/, async (url) => {
      assert.deepEqual(await fetchStory(`${url}/`, place), STORY);
    });
  }),
  "things-deno": programTo(READ, "things", "deno", "run", "--allow-net", "main.mjs"),
  "things-bun": programTo(READ, "things", "bun", "main.mjs"),
  "things-workerd": worker(READ, "things"),
  "things-page": page("things", READ),
  jest: row(async (place) => {
    // Its report goes to standard error.
    const { stdout } = await run(command(place, "jest", ["jest"]));
    assert.deepEqual(JSON.parse(stdout), STORY);
  }),
  "jest-jsdom": tested("jest-jsdom", 2, "jest", "--json"),
  "vitest-node": vitest("node"),
  "vitest-jsdom": vitest("jsdom"),
  // In a realm of its own, as Jest has it.
  "vitest-jsdom-vm": vitest("jsdom", "--pool=vmThreads"),
  "vitest-happy-dom": vitest("happy-dom"),
  // The examples of `docs/testing.md`.
  "testing-jest": example("jest-testing", "Jest", "jest", "--json"),
  "testing-jest-jsdom": example("jest-testing", "Jest", "jest", "--json", "--env=jsdom"),
  "testing-vitest": example("vitest-testing", "Vitest", ...VITEST),
  "testing-vitest-jsdom": example("vitest-testing", "Vitest", ...VITEST, "--environment=jsdom"),
  // They answer instead of a broker.
  msw: inNode(24, "msw"),
  nock: inNode(24, "nock"),
  undici: inNode(24, "undici"),

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
  rspack: bundled("rspack", "index.html", "rspack", "build", "--mode", "production"),
  "vite-url": bundledTo(FILES, "url-vite", "dist/index.html", "vite", "build", "--base", "./"),
  "webpack-url": bundledTo(FILES, "url-webpack", "index.html", "webpack", "--mode", "production"),

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
  "mixed-rspack": mixed(
    [NODE, "dist/rspack/main.js"],
    ["rspack", "build", "--entry", "./src/index.mjs", "--mode", "production", "--output-path", "dist/rspack"],
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
  "unused-rspack": unused(
    "dist/rspack/main.js",
    ...["rspack", "build", "--mode", "production", "--output-path", "dist/rspack"],
  ),

  "types-node16": types("node16", "node16"),
  "types-nodenext": types("nodenext", "nodenext"),
  // The module kind that knows the `require` of a .cts file under this resolution.
  "types-bundler": types("preserve", "bundler"),
  // As for a server, without the package that has its types; what the package declares is checked too.
  "types-without-dom": types("nodenext", "nodenext", "--lib", "es2022"),
  "types-readme": row(async (place) => {
    const readme = path.join(place.stage, "node_modules", "neuron-agent-api", "README.md");
    const [, example] = /^```js\n(import [^]*?)^```/m.exec(await readFile(readme, "utf8")) ?? [];
    assert.ok(example?.includes("SendPresenceSubscription"), "the README has a first example");
    await writeFile(path.join(place.stage, "types", "readme.mts"), example);
    await checkTypes(place, ["readme.mts"], "nodenext", "nodenext");
  }),

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
  // Both of its places: in each page of a site, and in the background.
  extension: row(async (place) => {
    const folder = path.join(place.stage, "extension");
    const words = ["esbuild", "content.js", "service.js", "--bundle", "--outdir=dist"];
    await build(command(place, "extension", words));
    const switches = [`--disable-extensions-except=${folder}`, `--load-extension=${folder}`];
    const without = ["--disable-extensions"];
    const profile = await openProfile(path.join(place.stage, "profile"), { switches, without });
    const shown = await read(profile, `${place.site}/extension/page.html${forBroker(place)}`);
    // What the page could read is not where the token is.
    assert.deepEqual(shown, { content: STORY, worker: STORY, keptInPage: [] });
  }),
  policy: page("policy"),
  "policy-without-wasm": row(async (place) => {
    const url = `${place.site}/pages/policy-without-wasm.html`;
    // The browser writes what the policy forbids to its console.
    const error = await read(await place.browser(), url, { expected: /wasm|WebAssembly/i });
    assertHelps(error, "wasm-blocked", /script-src 'self' 'wasm-unsafe-eval'/);
  }),
};
