// @ts-check
/**
 * Changes the JavaScript that wasm-bindgen generates into what the loader imports as `glue.js`.
 *
 * Each function takes a text and returns another one. Generated code that has another form than expected
 * is an error that says what was expected and what was found: the form changes with a release of
 * wasm-bindgen, and this file has to change with it.
 */

import { parse } from "acorn";
import { ancestor } from "acorn-walk";
import MagicString from "magic-string";

/**
 * The groups of the library, their functions, and how many parameters each of those has.
 *
 * @typedef {Record<string, Record<string, number>>} FunctionTable
 */

/** What the loader uses of the bindings. */
export const USED = [
  "start",
  "call",
  "attach",
  "select",
  "detach",
  "isReplaceable",
  "maintainSession",
  "loggedOutElsewhere",
  "step",
];

/** What the test broker uses of its own. */
export const USED_FOR_TESTS = ["TestBroker", "initSync"];

/** The functions of the bindings that `start` and `call` are made of. */
const CALLED = ["__wbg_finalize_init", "__wbg_get_imports", "takeFromExternrefTable0"];

/** Under which the library exports its functions: `AgentAPI__<Group>__<Method>`. */
const ROOT = "AgentAPI";

/**
 * The forms that the binding of a function of the library may have: it returns a promise, or returns or
 * throws at once. `call` serves both.
 *
 * @type {((name: string, parameter: string) => string)[]}
 */
const FORMS = [
  (name, parameter) => `function ${name}(${parameter}) {
    const ret = wasm.${name}(${parameter});
    return ret;
  }`,
  (name, parameter) => `function ${name}(${parameter}) {
    const ret = wasm.${name}(${parameter});
    if (ret[2]) {
      throw takeFromExternrefTable0(ret[1]);
    }
    return takeFromExternrefTable0(ret[0]);
  }`,
];

/**
 * Puts the function table into the order in which the module exports the functions, whose numbers follow one
 * another, so that the loader can call each by its place.
 *
 * @param {FunctionTable} table
 * @param {Record<string, string>} shortNames of what the module imports and exports, in its order
 * @returns {{ table: FunctionTable, first: number }} with the number in the short name of the first function
 */
export function inOrderOfExports(table, shortNames) {
  /** @type {FunctionTable} */
  const ordered = {};
  /** @type {number[]} */
  const numbers = [];
  for (const [name, short] of Object.entries(shortNames)) {
    const [root, group, method] = name.split("__");
    if (root !== ROOT) continue;
    const count = table[group]?.[method];
    if (count === undefined) fail(`${name} in the function table`, "no such function there");
    (ordered[group] ??= {})[method] = count;
    numbers.push(Number(short.slice(1)));
  }
  for (const [group, methods] of Object.entries(table)) {
    for (const method of Object.keys(methods)) {
      const isExported = ordered[group]?.[method] !== undefined;
      if (!isExported) fail(`an export ${exportName(group, method)} of the module`, "none of that name");
    }
  }
  const [first] = numbers;
  const gap = numbers.find((number, index) => number !== first + index);
  if (gap !== undefined) {
    fail("the functions of the library one after the other among the exports", `_${gap} apart`);
  }
  return { table: ordered, first };
}

/** @type {(group: string, method: string) => string} */
const exportName = (group, method) => [ROOT, group, method].join("__");

/**
 * Gives the bindings one function that calls any of the library's, instead of a function for each and the
 * tree of their names; a plain `start`; and the short names that the module has by now.
 *
 * @param {string} bindings
 * @param {Record<string, string>} shortNames
 * @param {number} first the number of the library's first function
 */
export function withOneCall(bindings, shortNames, first) {
  const program = parseModule(bindings, "the bindings");
  const text = new MagicString(bindings);
  requireFunctions(program, CALLED);
  renameImportsAndExports(program, text, shortNames);
  for (const statement of program.body) {
    if (isOfLibrary(statement)) requireKnownForm(statement, bindings);
    if (isOfLibrary(statement) || isOfTree(statement)) text.remove(statement.start, statement.end);
  }
  text.append(`
    export function start(module) {
      __wbg_finalize_init(new WebAssembly.Instance(module, __wbg_get_imports()), module);
      return wasm.memory;
    }
    export function call(number, args) {
      const result = wasm["_" + (${first} + number)](args);
      if (!Array.isArray(result)) return result;
      if (result[2]) throw takeFromExternrefTable0(result[1]);
      return takeFromExternrefTable0(result[0]);
    }`);
  return text.toString();
}

/**
 * Wraps bindings, which esbuild has reduced to what is used, in a function. As wasm-bindgen writes them
 * they access globals at import (`TextDecoder`, `FinalizationRegistry`) and hold one instance for ever; as
 * a function they do neither, and they can be given what belongs to an instance.
 *
 * @param {string} bindings
 * @param {string[]} [used] their exports
 * @param {string[]} [parameters] of the function
 */
export function wrapInFunction(bindings, used = USED, parameters = ["tasks", "TextDecoder", "TextEncoder"]) {
  const program = parseModule(bindings, "the bundled bindings");
  const text = new MagicString(bindings);
  const imports = program.body.filter(({ type }) => type === "ImportDeclaration");
  for (const { start, end } of imports) text.remove(start, end);
  const exported = program.body.filter(({ type }) => type.startsWith("Export"));
  const [last] = exported;
  if (exported.length !== 1 || last.type !== "ExportNamedDeclaration" || last.declaration || last.source) {
    fail("one list of exports in the bundled bindings", quote(exported, bindings) || "none");
  }
  const names = last.specifiers.map(({ local, exported }) => [nameOf(local), nameOf(exported)]);
  const listed = names
    .map(([, name]) => name)
    .sort()
    .join(", ");
  const wanted = used.toSorted().join(", ");
  if (listed !== wanted) fail(`the exports ${wanted} of the bundled bindings`, listed);
  const properties = names.map(([local, name]) => (local === name ? name : `${name}: ${local}`));
  text.overwrite(last.start, last.end, `return {\n  ${properties.join(",\n  ")}\n};`);
  return [
    ...imports.map(({ start, end }) => bindings.slice(start, end)),
    `export function bind(${parameters.join(", ")}) {`,
    // The module frees each of its closures itself; to watch over them takes a part of each call.
    "const FinalizationRegistry = undefined;",
    text.toString(),
    "}\n",
  ].join("\n");
}

/**
 * @param {import("acorn").Program} program
 * @param {string[]} names
 */
function requireFunctions(program, names) {
  const declared = program.body.map((statement) =>
    statement.type === "FunctionDeclaration" ? statement.id.name : undefined,
  );
  for (const name of names) {
    if (!declared.includes(name)) fail(`a function ${name} in the bindings`, "none of that name");
  }
}

/**
 * Renames what the module is given, which is in an object that `__wbg_get_imports` makes, and what it
 * gives, which are properties of `wasm`.
 *
 * @param {import("acorn").Program} program
 * @param {MagicString} text
 * @param {Record<string, string>} shortNames
 */
function renameImportsAndExports(program, text, shortNames) {
  const left = new Set(Object.keys(shortNames).filter((name) => name.startsWith("__wbg_")));
  const rename = (/** @type {import("acorn").Identifier} */ { name, start, end }) => {
    left.delete(name);
    text.overwrite(start, end, shortNames[name]);
  };
  ancestor(program, {
    MemberExpression({ object, property, computed }) {
      if (object.type !== "Identifier" || object.name !== "wasm") return;
      if (computed || property.type !== "Identifier") {
        fail("properties of `wasm` that are named", "one that is computed");
      }
      if (property.name === "memory") return;
      if (!Object.hasOwn(shortNames, property.name)) {
        fail(`an export ${property.name} of the module`, "none of that name");
      }
      rename(property);
    },
    Property({ key, computed }, _, parents) {
      const isImport = parents.some(
        (parent) =>
          parent.type === "FunctionDeclaration" &&
          /** @type {any} */ (parent).id.name === "__wbg_get_imports",
      );
      if (isImport && !computed && key.type === "Identifier" && Object.hasOwn(shortNames, key.name))
        rename(key);
    },
  });
  const [missing] = left;
  if (missing) fail(`an import ${missing} in what __wbg_get_imports returns`, "none of that name");
}

/**
 * Whether a statement is a function of the library.
 *
 * @param {import("acorn").AnyNode} statement
 * @returns {statement is import("acorn").FunctionDeclaration}
 */
const isOfLibrary = (statement) =>
  statement.type === "FunctionDeclaration" && !!statement.id?.name.startsWith(`${ROOT}__`);

/**
 * Whether a statement makes a part of the tree of names: `export const AgentAPI = {}`, or an assignment to
 * a property of it.
 *
 * @param {import("acorn").AnyNode} statement
 */
function isOfTree(statement) {
  if (statement.type === "ExportNamedDeclaration") {
    const { declaration } = statement;
    return declaration?.type === "VariableDeclaration" && nameOf(declaration.declarations[0].id) === ROOT;
  }
  if (statement.type !== "ExpressionStatement") return false;
  const { expression } = statement;
  if (expression.type !== "AssignmentExpression") return false;
  /** @type {import("acorn").AnyNode} */
  let object = expression.left;
  while (object.type === "MemberExpression") object = object.object;
  return nameOf(object) === ROOT;
}

/**
 * @param {import("acorn").FunctionDeclaration} declaration
 * @param {string} bindings
 */
function requireKnownForm(declaration, bindings) {
  const [parameter] = declaration.params;
  const known = FORMS.map((form) => form(declaration.id.name, parameter ? nameOf(parameter) : ""));
  const forms = known.map((code) => formOf(parseModule(code, "a known form").body[0]));
  if (!forms.includes(formOf(declaration))) {
    fail(known.join("\nor\n"), quote([declaration], bindings));
  }
}

/**
 * A piece of code whatever its spaces and comments are.
 *
 * @param {import("acorn").AnyNode} node
 */
const formOf = (node) =>
  JSON.stringify(node, (key, value) => (key === "start" || key === "end" ? undefined : value));

/** @param {import("acorn").AnyNode} node */
function nameOf(node) {
  if (node.type === "Identifier") return node.name;
  return node.type === "Literal" ? String(node.value) : "";
}

/**
 * @param {import("acorn").AnyNode[]} nodes
 * @param {string} source
 */
const quote = (nodes, source) => nodes.map(({ start, end }) => source.slice(start, end)).join("\n");

/**
 * @param {string} source
 * @param {string} what
 */
function parseModule(source, what) {
  try {
    return parse(source, { ecmaVersion: "latest", sourceType: "module" });
  } catch (error) {
    return fail(`${what} to be a JavaScript module`, String(error));
  }
}

/**
 * @param {string} expected
 * @param {string} found
 * @returns {never}
 */
function fail(expected, found) {
  throw new Error(`xtask/bindings.mjs expected ${expected}\nbut found ${found}`);
}
