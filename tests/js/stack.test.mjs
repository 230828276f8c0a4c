// @ts-check
/** The stack of an uncaught error: a few lines, with the caller's own among them. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import vm from "node:vm";
import { AgentAPI, AgentApiError, createAgentAPI } from "neuron-agent-api";

const pkg = fileURLToPath(new URL("../../pkg/", import.meta.url));

/** How a program of each kind gets at the package. @type {Record<string, { file: string, load: string }>} */
const PROGRAMS = {
  "a module": {
    file: "program.mjs",
    load: `import { AgentAPI, AgentApiError, createAgentAPI } from ${JSON.stringify(`${pkg}index.js`)};`,
  },
  CommonJS: {
    file: "program.cjs",
    load: `const { AgentAPI, AgentApiError, createAgentAPI } = require(${JSON.stringify(`${pkg}index.cjs`)});`,
  },
  "a classic script": {
    file: "script.cjs",
    load: `require(${JSON.stringify(`${pkg}agentapi.global.js`)});`,
  },
};

/** How a program gets at things, which no classic script has. @type {Record<string, string>} */
const THINGS = {
  "a module": `import { createThings, Things } from ${JSON.stringify(`${pkg}things.js`)};`,
  CommonJS: `const { createThings, Things } = require(${JSON.stringify(`${pkg}things.cjs`)});`,
};

/** An uncaught error, in one line. */
const FAILURES = {
  "a synchronous method": "AgentAPI.IO.GetHost();",
  createAgentAPI: 'createAgentAPI({ host: "a b" });',
  "a promise": "AgentAPI.Xmpp.GetRoster();",
  "a promise that is awaited": "(async () => { await AgentAPI.Xmpp.GetRoster(); })();",
  "a call that was sent": 'createAgentAPI({ host: "127.0.0.1:1", secure: false }).IO.Request("/x");',
  "an error that was restored": 'throw AgentApiError.fromJSON({ code: "network", message: "no" });',
};

/** Likewise, of things. */
const FAILURES_OF_THINGS = {
  createThings: "createThings({});",
  "a query": 'Things.Concentrator.GetNode("house@example.org", "en");',
  "a query that is awaited":
    '(async () => { await Things.Concentrator.GetNode("house@example.org", "en"); })();',
  "a readout that is begun": 'Things.Sensor.StartReadoutStandaloneDevice("house@example.org");',
  "a readout": 'Things.Sensor.ReadStandaloneDevice("house@example.org", "en", true);',
  "a loop over a readout":
    '(async () => { for await (const _ of Things.Sensor.ReadStandaloneDevice({ JID: "a b" })); })();',
};

/** @type {string} */
let folder;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "neuron-agent-api-"));
});
after(() => rm(folder, { recursive: true, force: true }));

/** @param {string} file */
async function standardError(file) {
  // A pipe, as a container's log is one: Node gives it 64 KiB before it ends.
  const child = spawn(process.execPath, [file], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text) => (said += text));
  const [code] = await once(child, "close");
  assert.equal(code, 1, said);
  return said;
}

for (const [kind, { file, load }] of Object.entries(PROGRAMS)) {
  const things = THINGS[kind];
  const failures = Object.entries({ ...FAILURES, ...(things && FAILURES_OF_THINGS) });
  describe(`uncaught in ${kind}`, () => {
    for (const [label, line] of failures) {
      test(`${label} is reported in a few lines, with that of the caller`, async () => {
        const program = path.join(folder, file);
        await writeFile(program, `${load}\n${things ?? ""}\n${line}\n`);
        const said = await standardError(program);
        assert.match(said, /^AgentApiError: \w+/m);
        // The first frame is the caller's; of an error that the caller makes itself, the second.
        const own = line.includes("fromJSON") ? "    at .*\\.fromJSON .*\\n" : "";
        assert.match(said, new RegExp(`^AgentApiError: .*\\n${own}    at .*${file}:3:\\d+`, "m"));
        assert.ok(said.split("\n").length < 60, said);
        for (const each of said.split("\n")) assert.ok(each.length < 400, each.slice(0, 400));
      });
    }
  });
}

test("the module's text and what unpacks it stand on lines of their own", async () => {
  for (const file of ["index.js", "index.cjs", "agentapi.global.js", "workerd.js"]) {
    const lines = (await readFile(`${pkg}${file}`, "utf8")).split("\n");
    const long = lines.filter((line) => line.length > 4_000);
    assert.equal(long.length, file === "workerd.js" ? 0 : 2, file);
    for (const line of long) assert.match(line, /^"[^"]*"$/, file);
  }
});

describe("the stack of an error", () => {
  const client = createAgentAPI({ host: "127.0.0.1:1", secure: false });
  after(() => client.dispose());

  /** @param {() => unknown} call */
  async function errorOf(call) {
    try {
      await call();
    } catch (error) {
      if (AgentApiError.is(error)) return error;
      throw error;
    }
    throw new Error("it did not fail");
  }

  const CALLS = {
    synchronous: function theCaller() {
      return AgentAPI.IO.GetHost();
    },
    asynchronous: function theCaller() {
      return client.Xmpp.GetRosterItem("nobody");
    },
    "after an answer": function theCaller() {
      return client.Xmpp.SendTextMessage("bob@example.org", "Hi");
    },
    "of createAgentAPI": function theCaller() {
      return createAgentAPI(/** @type {any} */ ({ hots: "a" }));
    },
  };

  for (const [label, call] of Object.entries(CALLS)) {
    test(`has its message, and begins with the caller (${label})`, async () => {
      const error = await errorOf(call);
      const [title, first] = String(error.stack).split("\n");
      assert.equal(title, `AgentApiError: ${error.message}`);
      assert.match(first, /theCaller.*stack\.test\.mjs/);
      assert.doesNotMatch(String(error.stack), /pkg|wasm/);
    });
  }

  test("is the engine's own where it can't be changed", async () => {
    const { captureStackTrace } = Error;
    Reflect.deleteProperty(Error, "captureStackTrace");
    try {
      const error = await errorOf(() => AgentAPI.IO.GetHost());
      assert.match(String(error.stack), /^AgentApiError: IO\.GetHost: no host is set/);
    } finally {
      Error.captureStackTrace = captureStackTrace;
    }
  });

  for (const [label, prepare] of Object.entries({
    "call sites": (/** @type {Error} */ _, /** @type {NodeJS.CallSite[]} */ sites) => sites,
    "a text with another title": (/** @type {Error} */ error, /** @type {NodeJS.CallSite[]} */ sites) =>
      `${error.name || "Error"}: ${error.message || ""}\n    at mapped:${sites.length}`,
  })) {
    test(`may be replaced by ${label} by the program`, async () => {
      const { prepareStackTrace } = Error;
      Error.prepareStackTrace = prepare;
      try {
        for (const call of Object.values(CALLS)) {
          const error = await errorOf(call);
          if (label !== "call sites") {
            assert.match(String(error.stack), /^AgentApiError: \w+.*\n {4}at mapped:\d+$/);
          }
        }
      } finally {
        Error.prepareStackTrace = prepareStackTrace;
      }
    });
  }

  test("belongs to the realm that the package is in", async () => {
    const realm = vm.createContext({ TextDecoder, TextEncoder, queueMicrotask });
    vm.runInContext(await readFile(`${pkg}agentapi.global.js`, "latin1"), realm);
    const stack = vm.runInContext(
      "try { AgentAPI.IO.GetHost() } catch (error) { error.stack }",
      realm,
      "page.js",
    );
    assert.match(stack, /^AgentApiError: .*\n {4}at page\.js:1/);
  });
});
