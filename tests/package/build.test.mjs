// @ts-check
/** The steps of the build that change generated code, and what they say where it has another form. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { inOrderOfExports, withOneCall, wrapInFunction } from "../../xtask/bindings.mjs";
import { functionTableOf } from "../../xtask/function-table.mjs";
import { orderOf } from "../../xtask/order.mjs";
import { PLACEHOLDERS, withShortLines } from "../../xtask/short-lines.mjs";

/** As `wasm-bindgen` writes bindings, in short. */
const BINDINGS = `/* @ts-self-types="./agentapi.d.ts" */
import { Timer } from './timer.js';

/**
 * Reads one contact.
 */
function AgentAPI__Xmpp__GetRosterItem(_arguments) {
    const ret = wasm.AgentAPI__Xmpp__GetRosterItem(_arguments);
    return ret;
}

function AgentAPI__IO__GetHost() {
    const ret = wasm.AgentAPI__IO__GetHost();
    if (ret[2]) {
        throw takeFromExternrefTable0(ret[1]);
    }
    return takeFromExternrefTable0(ret[0]);
}

export const AgentAPI = {};
AgentAPI.IO = {};
AgentAPI.IO.GetHost = AgentAPI__IO__GetHost;
AgentAPI.Xmpp = {};
AgentAPI.Xmpp.GetRosterItem = AgentAPI__Xmpp__GetRosterItem;

export function maintainSession() {
    wasm.maintainSession();
}
function __wbg_get_imports() {
    const import0 = {
        __proto__: null,
        __wbg_now_5162639ced473db8: function() {
            return new Timer(wasm.memory);
        },
    };
    return { __proto__: null, "./agentapi_bg.js": import0 };
}
function takeFromExternrefTable0(idx) {
    return wasm.__wbindgen_externrefs.get(idx);
}
let wasm;
function __wbg_finalize_init(instance, module) {
    wasm = instance.exports;
    wasm.__wbindgen_start();
    return wasm;
}
`;

const SHORT_NAMES = {
  __wbg_now_5162639ced473db8: "_0",
  AgentAPI__IO__GetHost: "_1",
  AgentAPI__Xmpp__GetRosterItem: "_2",
  maintainSession: "_3",
  __wbindgen_externrefs: "_4",
  __wbindgen_start: "_5",
};

/** What esbuild makes of it, in short. */
const BUNDLED = `import { Timer } from "./timer.js";
function start(module) { return new Timer(module); }
function call() {} function attach() {} function select() {} function detach() {} function maintainSession() {}
function loggedOutElsewhere() {} function isReplaceable() {} function go() {}
export { start, call, attach, select, detach, isReplaceable, maintainSession, loggedOutElsewhere, go as step };
`;

/**
 * The message of the error that a function throws.
 *
 * @param {() => unknown} work
 * @returns {string}
 */
function messageOf(work) {
  try {
    work();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  throw new Error("nothing was thrown");
}

test("one function calls any of the library's, under short names", () => {
  const code = withOneCall(BINDINGS, SHORT_NAMES, 1);
  assert.doesNotMatch(code, /AgentAPI__|AgentAPI\.|const AgentAPI|__wbg_now|wasm\.maintainSession/);
  assert.match(code, /wasm\["_" \+ \(1 \+ number\)\]\(args\)/);
  for (const kept of ["wasm._3()", "_0: function()", "wasm._4.get(idx)", "wasm._5()", "wasm.memory"]) {
    assert.ok(code.includes(kept), kept);
  }
});

test("the bindings work once they are wrapped", () => {
  // As the build does, but for what esbuild leaves out.
  const bundled = withOneCall(BINDINGS, SHORT_NAMES, 1).replace(/export (?=function)/g, "");
  const list =
    "export { start, call, maintainSession, maintainSession as attach, maintainSession as select, maintainSession as detach, maintainSession as loggedOutElsewhere, maintainSession as isReplaceable, maintainSession as step };";
  const wrapped = wrapInFunction(`${bundled}\n${list}`);
  const program = wrapped
    .replace(/^import .*$/m, "const Timer = Object;")
    .replace("export function", "return function");
  const bind = new Function(program)();
  /** @type {unknown[]} */
  const called = [];
  const exports = {
    _1: () => [0, 1, 1],
    _2: (/** @type {unknown} */ args) => called.push(args),
    _4: { get: (/** @type {number} */ index) => ["value", "error"][index] },
    _5: () => called.push("started"),
  };
  const { start, call } = withInstance(exports, () => bind());
  withInstance(exports, () => start({}));
  call(1, ["bob@example.org"]);
  assert.throws(
    () => call(0, []),
    (error) => error === "error",
  );
  exports._1 = () => [0, 0, 0];
  assert.equal(call(0, []), "value");
  assert.deepEqual(called, ["started", ["bob@example.org"]]);
});

/**
 * Has `new WebAssembly.Instance` give an object with these exports.
 *
 * @template T
 * @param {object} exports
 * @param {() => T} work
 */
function withInstance(exports, work) {
  const { Instance } = WebAssembly;
  Reflect.set(
    WebAssembly,
    "Instance",
    class {
      exports = exports;
    },
  );
  try {
    return work();
  } finally {
    WebAssembly.Instance = Instance;
  }
}

/** @type {[string, (code: string) => string, RegExp][]} */
const ALTERED = [
  [
    "a function of the library of another kind",
    (code) => code.replace("    return ret;", "    return ret >>> 0;"),
    /^xtask\/bindings\.mjs expected function AgentAPI__Xmpp__GetRosterItem\(_arguments\) \{[^]*but found [^]*return ret >>> 0;/,
  ],
  [
    "a second parameter that is not passed on",
    (code) => code.replace("wasm.AgentAPI__IO__GetHost()", "wasm.AgentAPI__IO__GetHost(0)"),
    /expected function AgentAPI__IO__GetHost\(\)[^]*but found [^]*GetHost\(0\)/,
  ],
  [
    "another name of a function that is called",
    (code) => code.replaceAll("takeFromExternrefTable0", "takeObject"),
    /expected a function takeFromExternrefTable0 in the bindings\nbut found none of that name$/,
  ],
  [
    "an export that the module has not",
    (code) => code.replace("wasm.maintainSession()", "wasm.look_after()"),
    /expected an export look_after of the module\nbut found none of that name$/,
  ],
  [
    "an export that is computed",
    (code) => code.replace("wasm.maintainSession()", 'wasm["maintainSession"]()'),
    /expected properties of `wasm` that are named\nbut found one that is computed$/,
  ],
  [
    "imports that are made elsewhere",
    (code) => code.replace("__wbg_now_5162639ced473db8: function", "[0]: function"),
    /expected an import __wbg_now_5162639ced473db8 in what __wbg_get_imports returns\nbut found none/,
  ],
  [
    "no JavaScript",
    (code) => `${code}}`,
    /expected the bindings to be a JavaScript module\nbut found SyntaxError/,
  ],
];

for (const [label, alter, message] of ALTERED) {
  test(`bindings with ${label} are refused`, () => {
    assert.notEqual(alter(BINDINGS), BINDINGS);
    assert.match(
      messageOf(() => withOneCall(alter(BINDINGS), SHORT_NAMES, 1)),
      message,
    );
  });
}

test("bundled bindings become a function that touches no global before it is called", () => {
  const code = wrapInFunction(BUNDLED);
  assert.ok(
    code.startsWith(
      'import { Timer } from "./timer.js";\nexport function bind(tasks, TextDecoder, TextEncoder) {\n',
    ),
  );
  assert.equal(code.match(/import |export /g)?.length, 2);
  assert.match(code, /return \{[^}]*maintainSession,[^}]*step: go\n\};\n\n\}\n$/);
});

test("bundled bindings with other exports are refused", () => {
  const renamed = BUNDLED.replace("go as step", "go");
  assert.match(
    messageOf(() => wrapInFunction(renamed)),
    /expected the exports attach, .*, step of .*\nbut found attach, .*, go, /,
  );
  const second = `${BUNDLED}export const more = 1;\n`;
  assert.match(
    messageOf(() => wrapInFunction(second)),
    /expected one list of exports .*\nbut found export \{[^]*export const more/,
  );
  const none = BUNDLED.replace(/^export .*$/m, "");
  assert.match(
    messageOf(() => wrapInFunction(none)),
    /expected one list of exports .*\nbut found none$/,
  );
});

test("the function table is that of the types and of the declarations, in the order of the exports", () => {
  const types = `
    type Maybe<T> = T | null;
    declare function AgentAPI__Xmpp__GetRosterItem(_arguments: any[]): Promise<any>;
    declare function AgentAPI__IO__SetHost(_arguments: [Host: string, Options?: Maybe<(a: [1, 2], b: 3) => void>]): void;
    declare function AgentAPI__IO__GetHost(): string;
    declare function maintainSession(): void;
  `;
  const [resource] = JSON.parse(readFileSync("pkg/resources.json", "utf8")).filter(
    (/** @type {{ name: string }} */ { name }) => name === "GetRosterItem",
  );
  const names = {
    AgentAPI__IO__SetHost: "_1",
    AgentAPI__IO__GetHost: "_2",
    AgentAPI__Xmpp__GetRosterItem: "_3",
  };
  const all = functionTableOf(types, [resource]);
  assert.deepEqual(all, { Xmpp: { GetRosterItem: 2 }, IO: { SetHost: 2, GetHost: 0 } });
  assert.deepEqual(inOrderOfExports(all, names), { table: all, first: 1 });
  const { SetHost: _, ...io } = all.IO;
  const table = { ...all, IO: io };
  assert.deepEqual(table, { Xmpp: { GetRosterItem: 2 }, IO: { GetHost: 0 } });
  const ordered = inOrderOfExports(table, SHORT_NAMES);
  assert.deepEqual(ordered, { table, first: 1 });
  assert.deepEqual(Object.keys(ordered.table), ["IO", "Xmpp"]);
});

test("a function table that is not that of the module is refused", () => {
  const table = { IO: { GetHost: 0 }, Xmpp: { GetRosterItem: 2 } };
  const missing = { ...table, Xmpp: {} };
  assert.match(
    messageOf(() => inOrderOfExports(missing, SHORT_NAMES)),
    /expected AgentAPI__Xmpp__GetRosterItem in the function table/,
  );
  const more = { ...table, Legal: { Sign: 1 } };
  assert.match(
    messageOf(() => inOrderOfExports(more, SHORT_NAMES)),
    /expected an export AgentAPI__Legal__Sign of the module/,
  );
  const apart = { ...SHORT_NAMES, AgentAPI__Xmpp__GetRosterItem: "_7" };
  assert.match(
    messageOf(() => inOrderOfExports(table, apart)),
    /one after the other among the exports\nbut found _7 apart$/,
  );
});

test("lines are short where an error may be thrown", () => {
  const code = `var t="${PLACEHOLDERS.text}",u="${PLACEHOLDERS.unpacker}";function a(e){if(e)throw e;throw Error("no")}class B{}async function c(){try{a()}catch(e){throw e}}var s="}function x throw y;";`;
  assert.equal(
    withShortLines(code, { text: "WASM$&", unpacker: "0061" }),
    'var t=\n"WASM$&"\n,u=\n"0061"\n;function a(e){if(e)\nthrow e;\nthrow Error("no")}\nclass B{}\nasync function c(){try{a()}catch(e){\nthrow e}\n}var s="}function x throw y;";',
  );
});

test("the texts of the module have a place each, or none where it is a file", () => {
  const once = `var a="${PLACEHOLDERS.text}";`;
  const texts = { text: "x", unpacker: "y" };
  const message = (/** @type {string} */ code) => messageOf(() => withShortLines(code, texts));
  assert.equal(message(once + once + once), "expected 2 places for the texts of a module, but found 3");
  assert.equal(message("var a;"), "expected 2 places for the texts of a module, but found 0");
  assert.equal(
    messageOf(() => withShortLines(once)),
    "expected 0 places for the texts of a module, but found 1",
  );
  assert.equal(withShortLines("var a;"), "var a;");
});

test("the code is strict in the files that are not modules", async () => {
  for (const file of ["index.cjs", "agentapi.global.js"]) {
    const [, code] = (await readFile(`pkg/${file}`, "utf8")).split("\n");
    assert.match(code, /^"use strict";/, file);
  }
});

test("functions that are alike come one after the other", () => {
  // No locals, and letters as opcodes that nothing follows.
  const bodies = ["aaaabbbbcccc", "jklmnopq", "bbbbccccaaaa", "mnopqjkl"].map((text) =>
    Buffer.from(`\0${text}`),
  );
  const order = orderOf(bodies);
  assert.deepEqual(order.toSorted(), [0, 1, 2, 3]);
  const distance = (/** @type {number} */ one, /** @type {number} */ other) =>
    Math.abs(order.indexOf(one) - order.indexOf(other));
  assert.equal(distance(0, 2), 1);
  assert.equal(distance(1, 3), 1);
  assert.deepEqual(orderOf(bodies), order);
});
