// @ts-check
/** Reads from the generated types which functions the library has. */

import ts from "typescript-oldest";

/**
 * The groups of the library, their functions, and how many parameters each of those has for its callers:
 * the exported function takes them as one array, whose type is a tuple.
 *
 * @param {string} types that wasm-bindgen generated
 * @returns {import("./bindings.mjs").Shape}
 */
export function shapeOf(types) {
  /** @type {import("./bindings.mjs").Shape} */
  const shape = {};
  for (const statement of ts.createSourceFile("agentapi.d.ts", types, ts.ScriptTarget.Latest).statements) {
    if (!ts.isFunctionDeclaration(statement)) continue;
    const [root, group, method] = statement.name?.text.split("__") ?? [];
    if (root !== "AgentAPI") continue;
    const [parameter] = statement.parameters;
    const isTuple = parameter?.type && ts.isTupleTypeNode(parameter.type);
    (shape[group] ??= {})[method] = isTuple ? parameter.type.elements.length : 0;
  }
  return shape;
}
