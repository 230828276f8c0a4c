// @ts-check
/** The tarball that npm would publish: its files, its manifest, and that it works. */

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { json, startRecorder } from "../support/recorder.mjs";

const run = promisify(execFile);

/** @type {string} */
let folder;
/** @type {{ filename: string, files: { path: string }[] }} */
let packed;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "neuron-agent-api-"));
  const { stdout } = await run("npm", ["pack", "--json", "--pack-destination", folder]);
  // npm 11 gives a list, npm 12 an object keyed by name.
  [packed] = Object.values(JSON.parse(stdout));
  await run("npm", ["init", "--yes"], { cwd: folder });
  await run("npm", ["install", "--offline", "--no-audit", "--no-fund", `./${packed.filename}`], {
    cwd: folder,
  });
});
after(() => rm(folder, { recursive: true, force: true }));

test("it holds what is needed and no more", () => {
  const files = packed.files.map(({ path }) => path).sort();
  assert.deepEqual(files, [
    "CHANGELOG.md",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "SECURITY.md",
    "THIRD-PARTY-NOTICES.txt",
    "docs/command-line.md",
    "docs/errors.md",
    "docs/files.md",
    "docs/frameworks.md",
    "docs/guide.md",
    "docs/identities.md",
    "docs/loading.md",
    "docs/migrating.md",
    "docs/payments.md",
    "docs/retries.md",
    "docs/security.md",
    "docs/sessions.md",
    "docs/things.md",
    "docs/troubleshooting.md",
    "docs/wire.md",
    "package.json",
    "pkg/agentapi.global.d.ts",
    "pkg/agentapi.global.js",
    "pkg/agentapi.wasm",
    "pkg/cli.js",
    "pkg/index.cjs",
    "pkg/index.d.cts",
    "pkg/index.d.ts",
    "pkg/index.js",
    "pkg/things.cjs",
    "pkg/things.d.cts",
    "pkg/things.d.ts",
    "pkg/things.js",
    "pkg/things.workerd.js",
    "pkg/workerd.js",
    "things/package.json",
  ]);
});

test("its documents name and link only files in it, unless they say that those are in the repository", async () => {
  const files = packed.files.map(({ path }) => path);
  const isThere = (/** @type {string} */ name) =>
    files.some((file) => file === name || file.startsWith(`${name}/`));
  let count = 0;
  for (const document of files.filter((file) => /\.(md|txt)$/.test(file))) {
    const text = await readFile(path.join(folder, "node_modules/neuron-agent-api", document), "utf8");
    for (const paragraph of text.split(/\n(?:\s*\n|(?=- |#))/)) {
      const links = [...paragraph.matchAll(/\]\((?!https?:|#)([^)\s#]+)/g)].map(([, target]) =>
        path.posix.join(path.posix.dirname(document), target),
      );
      const names = [
        ...paragraph.matchAll(/`((?:docs|pkg|src|tests)\/[\w./-]+|[A-Z-]+\.(?:md|txt)|LICENSE-\w+)`/g),
      ];
      const named = /\brepository\b/.test(paragraph) ? [] : names.map(([, name]) => name);
      count += links.length + names.length;
      for (const target of [...links, ...named]) {
        assert.ok(isThere(target), `${document} names ${target}: ${paragraph}`);
      }
    }
  }
  assert.ok(count > 20, `${count} names`);
});

test("npm and cargo agree on the version", async () => {
  const [cargo, npm] = await Promise.all(
    ["Cargo.toml", "package.json"].map((file) => readFile(file, "utf8")),
  );
  assert.equal(cargo.match(/^version = "(.*)"$/m)?.[1], JSON.parse(npm).version);
});

test("it evaluates no code at run time, which most content security policies forbid", async () => {
  for (const { path: file } of packed.files.filter(({ path }) => /^pkg\/.*\.c?js$/.test(path))) {
    const code = await readFile(file, "utf8");
    assert.doesNotMatch(code, /\b(new\s+Function|eval)\s*\(|[^.\w]Function\s*\(/, file);
  }
});

test("it depends on nothing", async () => {
  const manifest = JSON.parse(
    await readFile(path.join(folder, "node_modules/neuron-agent-api/package.json"), "utf8"),
  );
  for (const kind of ["dependencies", "peerDependencies", "optionalDependencies"]) {
    assert.equal(manifest[kind], undefined);
  }
});

for (const [label, flags, load] of [
  ["a module", ["--input-type=module"], 'import { AgentAPI } from "neuron-agent-api";'],
  ["CommonJS", ["--input-type=commonjs"], 'const { AgentAPI } = require("neuron-agent-api");'],
]) {
  test(`an empty project calls the broker from ${label}`, async () => {
    const server = await startRecorder();
    server.answer(json({ jwt: "the.token", expires: 0 }), json({ sent: true, id: "x" }));
    const call = `${load}
      AgentAPI.IO.SetHost("${server.host}", false);
      AgentAPI.Account.Login("alice", "pw", 60)
        .then(() => AgentAPI.Xmpp.SendPresenceSubscription("bob@example.org"))
        .then((r) => console.log(r.sent, r.id));`;
    const { stdout } = await run(process.execPath, [...flags, "--eval", call], { cwd: folder });
    assert.equal(stdout, "true x\n");
    assert.equal(server.requests.length, 2);
    await server.stop();
  });
}

for (const [label, flags, load] of [
  [
    "a module",
    ["--input-type=module"],
    'import { AgentAPI } from "neuron-agent-api"; import { Things } from "neuron-agent-api/things";',
  ],
  [
    "CommonJS",
    ["--input-type=commonjs"],
    'const { AgentAPI } = require("neuron-agent-api"); const { Things } = require("neuron-agent-api/things");',
  ],
]) {
  test(`things share the client of the main entry in ${label}`, async () => {
    const server = await startRecorder();
    const token = json({ jwt: "the.token", expires: 0 });
    server.answer(token, json({ ok: true, Stanza: { __name: "iq", __ns: "", bool: { value: "true" } } }));
    const call = `${load}
      AgentAPI.IO.SetHost("${server.host}", false);
      AgentAPI.Account.Login("alice", "pw", 60)
        .then(() => Things.Concentrator.ContainsNode("house@example.org/x", "en", "1"))
        .then(console.log);`;
    const { stdout } = await run(process.execPath, [...flags, "--eval", call], { cwd: folder });
    assert.equal(stdout, "true\n");
    assert.equal(server.requests.length, 2);
    await server.stop();
  });
}

test("the command line works where the package is installed, and by npx", async () => {
  const server = await startRecorder();
  server.answer(json({ domain: "example.org", useEncryption: true }));
  const env = { ...process.env, NEURON_HOST: server.host, NEURON_INSECURE: "1" };
  const command = path.join(folder, "node_modules/.bin/neuron-agent-api");
  const called = await run(command, ["Account.DomainInfo"], { cwd: folder, env });
  assert.deepEqual([called.stdout, called.stderr], ['{"domain":"example.org","useEncryption":true}\n', ""]);
  const help = await run("npx", ["--no-install", "neuron-agent-api", "--help"], { cwd: folder });
  assert.match(help.stdout, /^Usage: neuron-agent-api GROUP\.METHOD [^]*Xmpp\.SendPresenceSubscription/);
  await server.stop();
});

test("things import the main entry of their host, and hold no module", async () => {
  for (const [file, main] of [
    ["things.js", "index.js"],
    ["things.cjs", "index.cjs"],
    ["things.workerd.js", "workerd.js"],
  ]) {
    const code = await readFile(path.join("pkg", file), "utf8");
    const imported = code.matchAll(/\b(?:from|require\()\s*"(\.[^"]*)"/g);
    assert.deepEqual([...new Set(Array.from(imported, ([, name]) => name))], [`./${main}`], file);
    assert.ok(code.length < 32 * 1024, `${file} takes ${code.length} bytes`);
  }
});

for (const [label, main, options] of /** @type {[string, string, import("esbuild").BuildOptions][]} */ ([
  ["a page", "index.js", { platform: "browser" }],
  ["workerd", "workerd.js", { conditions: ["workerd"], external: ["*.wasm"] }],
  ["CommonJS", "index.cjs", { platform: "node", mainFields: ["main"], conditions: [] }],
])) {
  test(`a bundle for ${label} has one copy of the main entry`, async () => {
    const { build } = await import("esbuild");
    const isCommonJs = main.endsWith(".cjs");
    const load = (/** @type {string} */ name) =>
      isCommonJs ? `Object.assign(exports, require("${name}"));` : `export * from "${name}";`;
    const { metafile } = await build({
      stdin: {
        contents: `${load("neuron-agent-api")} ${load("neuron-agent-api/things")}`,
        resolveDir: folder,
      },
      bundle: true,
      format: isCommonJs ? "cjs" : "esm",
      metafile: true,
      write: false,
      ...options,
    });
    const files = Object.keys(metafile?.inputs ?? {}).map((file) => path.basename(file));
    const things = { "index.js": "things.js", "index.cjs": "things.cjs", "workerd.js": "things.workerd.js" }[
      main
    ];
    assert.deepEqual(files.sort(), ["<stdin>", main, things].sort());
  });
}

test("publint finds no problem", async () => {
  const { publint } = await import("publint");
  const { messages } = await publint({ pkgDir: process.cwd(), strict: true });
  assert.deepEqual(messages, []);
});

test("attw finds the types in every mode", async () => {
  // These two are files for a page, and no modules.
  const files = ["--exclude-entrypoints", "./agentapi.global.js", "./agentapi.wasm"];
  await run("npx", ["--no-install", "attw", path.join(folder, packed.filename), ...files]);
});

test("a bundler finds the classic script and the module as files", async () => {
  const { build } = await import("esbuild");
  for (const file of ["agentapi.global.js", "agentapi.wasm"]) {
    for (const name of [file, `pkg/${file}`]) {
      const { outputFiles } = await build({
        stdin: { contents: `export { default } from "neuron-agent-api/${name}";`, resolveDir: folder },
        bundle: true,
        format: "esm",
        loader: { ".js": "file", ".wasm": "file" },
        outdir: folder,
        write: false,
      });
      const shipped = await readFile(path.join("pkg", file));
      assert.ok(
        outputFiles.some(({ contents }) => shipped.equals(contents)),
        name,
      );
    }
  }
});

test("the classic script can be imported for what it adds", async () => {
  const program =
    'await import("neuron-agent-api/agentapi.global.js"); console.log(typeof AgentAPI.IO.SetHost);';
  const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", program], { cwd: folder });
  assert.equal(stdout, "function\n");
});
