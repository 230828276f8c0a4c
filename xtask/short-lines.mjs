// @ts-check
/**
 * Breaks the lines of minified code where an error may be thrown: Node prints the line on which an
 * uncaught error was thrown, and must not print the module with it.
 */

import { parse } from "acorn";
import { full } from "acorn-walk";
import MagicString from "magic-string";

/**
 * Stands for the text of the module until the end: the minifier would choose names by its characters, and
 * others compress better.
 */
export const PLACEHOLDER = "the text of the module";

/**
 * Puts the text of the module in its place, on a line of its own. Each declaration of a function or class
 * begins a line; each `throw` of a value that was made before is a line, and so is the method by which other code
 * makes errors of this package.
 *
 * @param {string} code
 * @param {string} [moduleText] absent for a bundle that imports the module as a file
 */
export function withShortLines(code, moduleText) {
  const program = parse(code, { ecmaVersion: "latest", sourceType: "module" });
  const text = new MagicString(code);
  let places = 0;
  full(program, (node) => {
    if (node.type === "Literal" && /** @type {import("acorn").Literal} */ (node).value === PLACEHOLDER) {
      places += 1;
      text.overwrite(node.start, node.end, `\n"${moduleText}"\n`);
    } else if (isDeclaration(node) && code[node.start - 1] === "}") {
      text.appendLeft(node.start, "\n");
    } else if (restoresErrors(node)) {
      text.prependLeft(node.start, "\n");
      text.appendRight(node.end, "\n");
    } else if (node.type === "ThrowStatement" && !makesItsValue(node)) {
      text.prependLeft(node.start, "\n");
      text.appendRight(code[node.end] === "}" ? node.end + 1 : node.end, "\n");
    }
  });
  const expected = moduleText === undefined ? 0 : 1;
  if (places !== expected) {
    throw new Error(`expected ${expected} place(s) for the text of the module, but found ${places}`);
  }
  return text.toString();
}

/** @param {import("acorn").Node} node */
const isDeclaration = ({ type }) => type === "FunctionDeclaration" || type === "ClassDeclaration";

/** @param {import("acorn").Node} node */
function restoresErrors(node) {
  if (node.type !== "MethodDefinition") return false;
  const { key } = /** @type {import("acorn").MethodDefinition} */ (node);
  return key.type === "Identifier" && key.name === "fromJSON";
}

/**
 * Whether a `throw` writes its value out, with texts, objects or functions.
 *
 * @param {import("acorn").Node} statement
 */
function makesItsValue(statement) {
  let makes = false;
  full(statement, (node) => {
    const isText = node.type === "Literal" && typeof (/** @type {any} */ (node).value) === "string";
    makes ||= isText || ["TemplateLiteral", "ObjectExpression", "FunctionExpression"].includes(node.type);
  });
  return makes;
}
