// @ts-check
/** Which functions the library has, for the loader. */

import ts from "typescript-oldest";

/**
 * The groups of the library, their functions, and how many parameters each of those has for its callers:
 * the exported function takes them as one array. Those of a resource are declared; for any other function
 * the type of the array is a tuple.
 *
 * @param {string} types that wasm-bindgen generated
 * @param {import("./declarations.mjs").Resource[]} resources
 * @returns {import("./bindings.mjs").FunctionTable}
 */
export function functionTableOf(types, resources) {
  /** @type {import("./bindings.mjs").FunctionTable} */
  const table = {};
  for (const statement of ts.createSourceFile("agentapi.d.ts", types, ts.ScriptTarget.Latest).statements) {
    if (!ts.isFunctionDeclaration(statement)) continue;
    const [root, group, method] = statement.name?.text.split("__") ?? [];
    if (root !== "AgentAPI") continue;
    const [parameter] = statement.parameters;
    const isTuple = parameter?.type && ts.isTupleTypeNode(parameter.type);
    (table[group] ??= {})[method] = isTuple ? parameter.type.elements.length : 0;
  }
  for (const { group, name, parameters, parametersAs, isExported } of resources) {
    // What follows the parameters are the options. What comes in several orders has no length.
    if (isExported) (table[group] ??= {})[name] = parametersAs ? 0 : parameters.length + 1;
  }
  return table;
}
