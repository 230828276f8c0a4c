// @ts-check
/** The loader, independently of the library behind it. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { afterEach, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import vm from "node:vm";
import binaryen from "binaryen";
import esbuild from "esbuild";
import { unpack } from "../../src/loader/unpack.js";
import { encode } from "../../xtask/encode.mjs";
import { keptInMemory } from "../support/stores.mjs";

const require = createRequire(import.meta.url);
const asModule = import.meta.resolve("neuron-agent-api");
const asCommonJs = new URL("../../pkg/index.cjs", import.meta.url);
const asWasm = new URL("../../pkg/agentapi.wasm", import.meta.url);
const asScript = new URL("../../pkg/agentapi.global.js", import.meta.url);

let copies = 0;

/** A copy of the package that nothing has loaded yet. */
async function freshCopy() {
  copies += 1;
  return import(`${asModule}?copy=${copies}`);
}

const RealWebAssembly = globalThis.WebAssembly;
afterEach(() => {
  globalThis.WebAssembly = RealWebAssembly;
});

/** @param {Record<string, unknown>} replacements */
function replaceInWebAssembly(replacements) {
  const real = Object.getOwnPropertyDescriptors(RealWebAssembly);
  globalThis.WebAssembly = Object.assign(Object.create(null, real), replacements);
}

/** Lets every call into the module trap while the returned switch is on. */
function trapSwitch() {
  const trap = { on: false, calls: 0, instances: 0 };
  replaceInWebAssembly({
    // biome-ignore lint/complexity/useArrowFunction: it is called with new
    Instance: function (/** @type {[WebAssembly.Module, WebAssembly.Imports]} */ ...args) {
      if (!isOfTheLibrary(args[1])) return new RealWebAssembly.Instance(...args);
      trap.instances += 1;
      const exports = Object.entries(new RealWebAssembly.Instance(...args).exports).map(([name, value]) => {
        if (typeof value !== "function") return [name, value];
        const trapping = (/** @type {unknown[]} */ ...args) => {
          trap.calls += 1;
          if (trap.on) throw new RealWebAssembly.RuntimeError("unreachable");
          return value(...args);
        };
        return [name, trapping];
      });
      return { exports: Object.fromEntries(exports) };
    },
  });
  return trap;
}

/** What unpacks the library's module imports nothing. */
const isOfTheLibrary = (/** @type {WebAssembly.Imports} */ imports) => Object.keys(imports).length > 0;

/**
 * Lets only the library's instances fail.
 *
 * @param {() => never} refuse
 */
function refusing(refuse) {
  // biome-ignore lint/complexity/useArrowFunction: it is called with new
  return function (/** @type {[WebAssembly.Module, WebAssembly.Imports]} */ ...args) {
    if (isOfTheLibrary(args[1])) refuse();
    return new RealWebAssembly.Instance(...args);
  };
}

/** @returns {never} */
function refuseMemory() {
  throw new RangeError("out of memory");
}

/** @param {Uint8Array<ArrayBuffer>} bytes */
function refuseSize(bytes) {
  if (bytes.length <= 4096) return new RealWebAssembly.Module(bytes);
  throw new RangeError(
    "WebAssembly.Compile is disallowed on the main thread, if the buffer size is larger than 4KB.",
  );
}

/** @returns {never} */
function refuseToCompile() {
  throw new RealWebAssembly.CompileError("refused");
}

/** @param {Record<string, Record<string, Function>>} namespace */
function shapeOf(namespace) {
  return Object.fromEntries(
    Object.entries(namespace).map(([group, functions]) => [
      group,
      Object.fromEntries(Object.entries(functions).map(([name, { length }]) => [name, length])),
    ]),
  );
}

describe("importing", () => {
  test("touches no global of the host and compiles nothing", () => {
    // A bare context has what the language has, and nothing of a host: no TextDecoder, no fetch.
    const context = vm.createContext();
    vm.runInContext(
      `globalThis.WebAssembly = new Proxy({}, { get() { throw new Error("was touched"); } });
       globalThis.before = Reflect.ownKeys(globalThis);`,
      context,
    );
    const module = { exports: /** @type {any} */ ({}) };
    const source = readFileSync(asCommonJs, "utf8");
    vm.runInContext(`(module) => { ${source}\n }`, context)(module);
    assert.equal(typeof module.exports.AgentAPI.Xmpp.SendPresenceSubscription, "function");
    const added = "Reflect.ownKeys(globalThis).filter((key) => !before.includes(key))";
    assert.deepEqual([...vm.runInContext(added, context)], ["before"]);
  });

  test("gives the same names by import, by require and as CommonJS", async () => {
    const imported = await import("neuron-agent-api");
    for (const other of [require("neuron-agent-api"), require(fileURLToPath(asCommonJs))]) {
      assert.deepEqual(Object.keys(other).sort(), ["AgentAPI", "AgentApiError", "createAgentAPI"]);
      assert.deepEqual(shapeOf(other.AgentAPI), shapeOf(Object(imported.AgentAPI)));
    }
  });

  test("finds the names of the CommonJS file by import too", async () => {
    const { AgentAPI, AgentApiError } = await import(asCommonJs.href);
    assert.equal(typeof AgentAPI.IO.SetHost, "function");
    assert.equal(typeof AgentApiError.is, "function");
  });
});

describe("the classic script", () => {
  const source = readFileSync(asScript, "latin1");

  test("is ASCII, so that the page's character set can't change it", () => {
    assert.match(source, /^[\n\x20-\x7e]+$/);
    assert.doesNotMatch(source, /<\/script|<!--/i);
  });

  test("sets three globals, which work", () => {
    const context = vm.createContext({ TextDecoder, TextEncoder, queueMicrotask });
    vm.runInContext(source, context);
    assert.deepEqual(Object.keys(context).sort(), [
      "AgentAPI",
      "AgentApiError",
      "TextDecoder",
      "TextEncoder",
      "createAgentAPI",
      "queueMicrotask",
    ]);
    context.AgentAPI.IO.SetHost("neuron.example.org");
    assert.equal(context.AgentAPI.IO.GetHost(), "neuron.example.org");
    // By a test, or by a script that builds on it.
    context.AgentAPI.IO.GetHost = () => "a double";
    context.AgentAPI.Another = {};
    assert.equal(context.AgentAPI.IO.GetHost(), "a double");
  });
});

describe("the entry for workerd", () => {
  test("is chosen by that condition, and takes a compiled module from the host", async () => {
    const { outputFiles, metafile } = await esbuild.build({
      stdin: { contents: 'export * from "neuron-agent-api";', resolveDir: import.meta.dirname },
      bundle: true,
      conditions: ["workerd"],
      format: "cjs",
      metafile: true,
      plugins: [compiledByTheHost],
      write: false,
    });
    assert.ok("pkg/workerd.js" in metafile.inputs);
    const module = { exports: /** @type {any} */ ({}) };
    new Function("module", "hostModule", outputFiles[0].text)(
      module,
      new WebAssembly.Module(readFileSync(asWasm)),
    );
    // Like the real one for `instanceof`.
    replaceInWebAssembly({
      Module: new Proxy(RealWebAssembly.Module, { construct: refuseToCompile }),
    });
    const { AgentAPI } = module.exports;
    AgentAPI.IO.SetHost("neuron.example.org");
    assert.equal(AgentAPI.IO.GetHost(), "neuron.example.org");
  });

  /** @type {esbuild.Plugin} */
  const compiledByTheHost = {
    name: "compiled-by-the-host",
    setup(build) {
      build.onLoad({ filter: /\.wasm$/ }, () => ({ contents: "export default hostModule;" }));
    },
  };
});

describe("the namespace", () => {
  test("has methods that a test can replace, without effect on other clients and the library", async (context) => {
    const { AgentAPI, createAgentAPI } = await freshCopy();
    const client = createAgentAPI();
    for (const [name, group] of Object.entries(AgentAPI)) {
      for (const method of Object.keys(group)) {
        const { configurable, writable } = Object.getOwnPropertyDescriptor(group, method) ?? {};
        assert.deepEqual([configurable, writable], [true, true], `${name}.${method}`);
        const spy = context.mock.method(group, method, () => "a double");
        assert.equal(group[method](), "a double");
        assert.notEqual(client[name][method], group[method]);
        assert.equal(spy.mock.callCount(), 1);
      }
    }
    // Which sets hosts, encodings and limits.
    const made = createAgentAPI({
      host: "neuron.example.org",
      encoding: "xml",
      attemptMs: 5,
      maxInFlight: 1,
    });
    assert.equal(made.IO.GetHost(), "neuron.example.org");
    assert.equal(AgentAPI.IO.SetHost.mock.callCount(), 1);
    for (const each of [client, made]) each.dispose();
  });

  test("has functions with the documented name and number of parameters", async () => {
    const { AgentAPI } = await freshCopy();
    const { name, length } = AgentAPI.Xmpp.SendPresenceSubscription;
    assert.deepEqual({ name, length }, { name: "SendPresenceSubscription", length: 5 });
    assert.equal(AgentAPI.IO.SetHost.length, 2);
  });

  test("has functions that work without their object", async () => {
    const { SetHost, GetHost } = (await freshCopy()).AgentAPI.IO;
    SetHost("apart.example.org");
    assert.equal(GetHost(), "apart.example.org");
  });
});

describe("a failed load", () => {
  const hosts = {
    "no WebAssembly": {
      code: "unsupported",
      says: /no WebAssembly/,
      spoil: () => Reflect.deleteProperty(globalThis, "WebAssembly"),
    },
    "WebAssembly forbidden by a content security policy": {
      code: "wasm-blocked",
      says: /script-src 'self' 'wasm-unsafe-eval'/,
      spoil: () => replaceInWebAssembly({ Module: refuseToCompile }),
    },
    "a module too large for the main thread of an old Chromium": {
      code: "unsupported",
      says: /Chromium before 115 can do so in a worker only/,
      spoil: () => replaceInWebAssembly({ Module: refuseSize }),
    },
    "WebAssembly too old": {
      code: "unsupported",
      says: /too old/,
      spoil: () => replaceInWebAssembly({ Module: refuseToCompile, validate: () => false }),
    },
    "WebAssembly too old for the library's module alone": {
      code: "unsupported",
      says: /too old/,
      spoil: () =>
        replaceInWebAssembly({
          // biome-ignore lint/complexity/useArrowFunction: it is called with new
          Module: function (/** @type {Uint8Array<ArrayBuffer>} */ bytes) {
            return bytes.length > 4096 ? refuseToCompile() : new RealWebAssembly.Module(bytes);
          },
          validate: (/** @type {Uint8Array} */ bytes) => bytes.length <= 4096,
        }),
    },
    "instances forbidden by a content security policy, as in WebKit": {
      code: "wasm-blocked",
      says: /script-src 'self' 'wasm-unsafe-eval'/,
      spoil: () => replaceInWebAssembly({ Instance: refuseToCompile }),
    },
    "instances of the library forbidden": {
      code: "wasm-blocked",
      says: /script-src 'self' 'wasm-unsafe-eval'/,
      spoil: () => replaceInWebAssembly({ Instance: refusing(refuseToCompile) }),
    },
    "no memory to unpack": {
      code: "unsupported",
      says: /short of memory/,
      spoil: () => replaceInWebAssembly({ Instance: refuseMemory }),
    },
    "no memory for another instance": {
      code: "internal",
      says: /internal error in this library/,
      spoil: () => replaceInWebAssembly({ Instance: refusing(refuseMemory) }),
    },
  };

  for (const [host, { code, says, spoil }] of Object.entries(hosts)) {
    test(`says why (${host}), and the next call tries again`, async () => {
      const { AgentAPI, AgentApiError, createAgentAPI } = await freshCopy();
      spoil();
      /** @type {[string, () => void][]} */
      const synchronous = [
        ["IO.SetHost", () => AgentAPI.IO.SetHost("neuron.example.org")],
        ["createAgentAPI", () => createAgentAPI({ host: "neuron.example.org" })],
        ["createAgentAPI", () => createAgentAPI()],
      ];
      for (const [operation, call] of synchronous) {
        assert.throws(call, (/** @type {import("neuron-agent-api").AgentApiError} */ error) => {
          assert.ok(error instanceof AgentApiError);
          assert.equal(error.code, code);
          assert.equal(error.operation, operation);
          assert.equal(error.parameter, undefined);
          assert.match(error.message, says);
          assert.ok(error.message.startsWith(`${operation}: `), error.message);
          return true;
        });
      }
      // An argument that is wrong in every host is reported first.
      assert.throws(() => createAgentAPI({ secure: 1 }), {
        code: "invalid-argument",
        parameter: "Options.secure",
      });
      // A promise rather than an exception, also when the function never got as far as running.
      const promise = AgentAPI.Account.Logout();
      await assert.rejects(promise, { name: "AgentApiError", code, operation: "Account.Logout" });
      globalThis.WebAssembly = RealWebAssembly;
      AgentAPI.IO.SetHost("again.example.org");
      assert.equal(AgentAPI.IO.GetHost(), "again.example.org");
    });
  }

  test("keeps the host's own error as the cause", async () => {
    const { AgentAPI } = await freshCopy();
    replaceInWebAssembly({ Module: refuseToCompile });
    await assert.rejects(AgentAPI.Xmpp.GetRoster(), (/** @type {Error} */ error) => {
      assert.ok(error.cause instanceof RealWebAssembly.CompileError);
      return true;
    });
  });
});

describe("a trap", () => {
  test("in a synchronous function becomes an error, and the next call a new instance", async () => {
    const { AgentAPI } = await freshCopy();
    const trap = trapSwitch();
    AgentAPI.IO.SetHost("neuron.example.org");
    trap.on = true;
    assert.throws(() => AgentAPI.IO.GetHost(), {
      name: "AgentApiError",
      code: "internal",
      operation: "IO.GetHost",
    });
    trap.on = false;
    AgentAPI.IO.SetHost("next.example.org");
    assert.equal(AgentAPI.IO.GetHost(), "next.example.org");
    assert.equal(trap.instances, 2);
  });

  test("in asynchronous code fails every pending call, and nothing else", async (context) => {
    context.mock.method(globalThis, "fetch", () => new Promise(() => {}));
    const { AgentAPI } = await freshCopy();
    const trap = trapSwitch();
    AgentAPI.IO.SetHost("neuron.example.org");
    keptInMemory().set("AgentAPI.Token", "kept.token");
    // A timer of a lost instance keeps the process, so it is a short one.
    const soon = { timeoutMs: 50 };
    const calls = [
      AgentAPI.Xmpp.GetRoster(null, null, soon),
      AgentAPI.Xmpp.SendPresenceSubscription("a@b", null, null, null, soon),
    ];
    trap.on = true;
    const outcomes = await Promise.allSettled(calls);
    assert.deepEqual(
      outcomes
        .map((outcome) => outcome.status === "rejected" && outcome.reason.toJSON())
        .map((error) => error && { code: error.code, operation: error.operation }),
      [
        { code: "internal", operation: "Xmpp.GetRoster" },
        { code: "internal", operation: "Xmpp.SendPresenceSubscription" },
      ],
    );
    trap.on = false;
    await assert.rejects(AgentAPI.Xmpp.SendPresenceSubscription(5), { code: "invalid-argument" });
    assert.equal(trap.instances, 2);
  });
});

describe("an instance that was discarded after a trap", () => {
  test("takes no further step, whatever comes for its calls", async (context) => {
    const { AgentAPI } = await freshCopy();
    const trap = trapSwitch();
    AgentAPI.IO.SetHost("neuron.example.org");
    keptInMemory().set("AgentAPI.Token", "kept.token");
    /** @type {(response: unknown) => void} */
    let answer = () => {};
    context.mock.method(globalThis, "fetch", () => new Promise((resolve) => (answer = resolve)));
    const call = AgentAPI.Xmpp.GetRoster(null, null, { timeoutMs: 50 });
    trap.on = true;
    assert.throws(() => AgentAPI.IO.GetHost(), { code: "internal" });
    await assert.rejects(call, { code: "internal", operation: "Xmpp.GetRoster" });
    trap.on = false;
    trap.calls = 0;
    answer(Response.json({ RosterItems: [] }));
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal(trap.calls, 0);
  });
});

describe("AgentApiError", () => {
  const details = {
    code: "forbidden",
    message: "Xmpp.GetRoster: the broker refused.",
    operation: "Xmpp.GetRoster",
    status: 403,
    statusText: "Forbidden",
    parameter: undefined,
    cause: new Error("secret"),
  };

  test("is an Error with its own name, whatever a minifier called its class", async () => {
    const { AgentApiError } = await freshCopy();
    const error = new AgentApiError(details);
    assert.ok(error instanceof Error);
    assert.equal(error.name, "AgentApiError");
    assert.equal(AgentApiError.name, "AgentApiError");
    assert.equal(String(error), "AgentApiError: Xmpp.GetRoster: the broker refused.");
    assert.match(String(error.stack), /^AgentApiError: /);
    assert.equal(error.cause, details.cause);
  });

  test("has the properties that were given, those of every error, and no others", async () => {
    const { AgentApiError } = await freshCopy();
    const error = new AgentApiError(details);
    assert.deepEqual(Object.keys(error).sort(), ["attempts", "code", "operation", "status", "statusText"]);
    assert.equal(error.statusCode, 403);
    assert.equal(error.statusMessage, "Forbidden");
  });

  test("becomes JSON without stack and cause", async () => {
    const { AgentApiError } = await freshCopy();
    assert.deepEqual(JSON.parse(JSON.stringify(new AgentApiError(details))), {
      name: "AgentApiError",
      message: details.message,
      code: "forbidden",
      operation: "Xmpp.GetRoster",
      status: 403,
      statusText: "Forbidden",
      attempts: 0,
    });
  });

  test("is recognised across copies and frames, and nothing else is", async () => {
    const { AgentApiError } = await freshCopy();
    const frame = vm.createContext({});
    vm.runInContext(readFileSync(asScript, "latin1"), frame);
    for (const { AgentApiError: Other } of [require(fileURLToPath(asCommonJs)), frame]) {
      const foreign = new Other(details);
      assert.ok(!(foreign instanceof AgentApiError), "the copies share a class: nothing is tested");
      assert.ok(AgentApiError.is(foreign));
      assert.ok(Other.is(new AgentApiError(details)));
    }
    for (const other of [undefined, null, "AgentApiError", { name: "AgentApiError" }, new Error()]) {
      assert.equal(AgentApiError.is(other), false);
    }
  });
});

describe("the module's text", () => {
  const shipped = readFileSync(asWasm);
  /** What unpacks modules. @type {Buffer} */
  let unpacker;

  /** @param {Uint8Array<ArrayBuffer>} bytes */
  const compileBytes = (bytes) => new WebAssembly.Module(bytes);

  before(async () => {
    const { AgentAPI } = await freshCopy();
    /** @type {Buffer[]} */
    const compiled = [];
    replaceInWebAssembly({
      // biome-ignore lint/complexity/useArrowFunction: it is called with new
      Module: function (/** @type {Uint8Array<ArrayBuffer>} */ bytes) {
        compiled.push(Buffer.from(bytes));
        return new RealWebAssembly.Module(bytes);
      },
    });
    AgentAPI.IO.SetHost("neuron.example.org");
    globalThis.WebAssembly = RealWebAssembly;
    assert.equal(compiled.length, 2);
    assert.deepEqual(compiled[1], shipped, "the text holds another module");
    unpacker = compiled[0];
  });

  /** @type {Record<string, string>} */
  const samples = {
    "an empty function": "(module (func))",
    "each kind of instruction": `(module
      (type $one (func (param i32) (result i32)))
      (import "env" "f" (func $f (type $one)))
      (memory 1)
      (table $t 2 funcref)
      (global $g (mut i64) (i64.const -1))
      (elem (i32.const 0) $f $all)
      (elem $e func $f)
      (data $d "abc")
      (func $all (export "all") (type $one) (local i64 f32 f64 f64 funcref)
        (local.set 1 (i64.const -0x8000000000000000))
        (local.set 2 (f32.const -0.5))
        (local.set 3 (f64.const 1e300))
        (local.set 5 (ref.null func))
        (local.set 5 (ref.func $f))
        (global.set $g (i64.add (global.get $g) (local.get 1)))
        (i64.store offset=70000 align=1 (i32.const 8) (i64.load32_u offset=3 (i32.const -1)))
        (memory.copy (i32.const 0) (i32.const 1) (memory.size))
        (memory.fill (i32.const 0) (i32.const 0) (memory.grow (i32.const 1)))
        (memory.init $d (i32.const 0) (i32.const 0) (i32.const 3))
        (data.drop $d)
        (table.set $t (i32.const 1) (table.get $t (i32.const 0)))
        (table.init $t $e (i32.const 0) (i32.const 0) (i32.const 1))
        (elem.drop $e)
        (table.copy $t $t (i32.const 0) (i32.const 1) (table.size $t))
        (table.fill $t (i32.const 0) (ref.null func) (table.grow $t (ref.null func) (i32.const 1)))
        (drop (ref.is_null (select (result funcref) (local.get 5) (ref.null func) (i32.const 1))))
        (drop (i32.trunc_sat_f64_s (local.tee 4 (local.get 3))))
        (block $out
          (loop $again
            (br_if $again (i32.eqz (local.get 0)))
            (br_table $out $again $out (local.get 0))))
        (if (result i32) (local.get 0)
          (then (call_indirect $t (type $one) (i32.const 5) (i32.const 1)))
          (else (call $f (select (i32.const 127) (i32.const 128) (i32.const -64)))))))`,
    "lengths of one, two and three bytes": `(module ${[0, 125, 126, 127, 16_381, 16_382, 16_383, 180_000]
      .map((count) => `(func ${"(nop)".repeat(count)})`)
      .join("")})`,
    "a long table of labels": `(module (func (param i32)
      (block (br_table ${"0 ".repeat(300)} (local.get 0)))))`,
    "runs of zeros": `(module (memory 1) (func) (data (i32.const 0) "${Array.from(
      { length: 50 },
      (_, zeros) => `${"\\00".repeat(zeros)}\\0${zeros % 7}`,
    ).join("")}"))`,
    "every byte": `(module (memory 1) (func) (data (i32.const 0) "${Array.from(
      { length: 9000 },
      (_, at) => `\\${((at * at + (at >> 8)) % 256).toString(16).padStart(2, "0")}`,
    ).join("")}"))`,
  };

  for (const [name, text] of Object.entries(samples)) {
    test(`comes back as the same bytes (${name})`, () => {
      const parsed = binaryen.parseText(text);
      const { ReferenceTypes, BulkMemory, NontrappingFPToInt } = binaryen.Features;
      parsed.setFeatures(ReferenceTypes | BulkMemory | NontrappingFPToInt);
      const bytes = Buffer.from(parsed.emitBinary());
      assert.ok(WebAssembly.validate(bytes));
      assert.deepEqual(Buffer.from(unpack(encode(bytes, unpacker), compileBytes)), bytes);
    });
  }

  test("is read without TextEncoder too", () => {
    const { TextEncoder } = globalThis;
    Reflect.deleteProperty(globalThis, "TextEncoder");
    try {
      assert.deepEqual(Buffer.from(unpack(encode(shipped, unpacker), compileBytes)), shipped);
    } finally {
      globalThis.TextEncoder = TextEncoder;
    }
  });

  test("is not made of a module that does not come back as it was", () => {
    // An instruction of a later edition (SIMD), whose operands look like the end of a function.
    const parsed = binaryen.parseText(`(module (func (export "a") (result v128)
      (v128.const i64x2 0x0b0b0b0b0b0b0b0b 0x0b0b0b0b0b0b0b0b)))`);
    parsed.setFeatures(binaryen.Features.SIMD128);
    const bytes = Buffer.from(parsed.emitBinary());
    assert.throws(() => encode(bytes, unpacker), /lacks one of its instructions/);
    const withoutCode = Buffer.from(binaryen.parseText("(module (memory 1))").emitBinary());
    assert.throws(() => encode(withoutCode, unpacker), /ends too early/);
  });

  test("needs no escape in any kind of JavaScript string, nor in a page", () => {
    const { text } = encode(shipped, unpacker);
    assert.match(text, /^[\x20-\x7e]+$/);
    assert.doesNotMatch(text, /["'`\\$<]/);
  });
});
