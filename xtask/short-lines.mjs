// @ts-check
/**
 * Breaks the lines of minified code where an error may be thrown: Node prints the line on which an
 * uncaught error was thrown, and must not print the module with it.
 */

import { parse } from "acorn";
import { full } from "acorn-walk";
import MagicString from "magic-string";

/** @typedef {import("../src/loader/embedded.js").EmbeddedModule} EmbeddedModule */

/**
 * Stand for the texts of an embedded module until the end: the minifier would choose names by their characters, and
 * others compress better.
 */
export const PLACEHOLDERS = { unpacker: "what unpacks the module", text: "the text of the module" };

/**
 * Puts the texts of a module in their places, each on a line of its own. Each declaration of a function or class
 * begins a line; each `throw` of a value that was made before is a line, and so is the method by which other code
 * makes errors of this package.
 *
 * @param {string} code
 * @param {Pick<EmbeddedModule, keyof typeof PLACEHOLDERS>} [embedded] absent for a bundle that imports the module as a
 *   file, or has none
 */
export function withShortLines(code, embedded) {
  const texts = new Map([
    [PLACEHOLDERS.unpacker, embedded?.unpacker],
    [PLACEHOLDERS.text, embedded?.text],
  ]);
  const program = parse(code, { ecmaVersion: "latest", sourceType: "module" });
  const text = new MagicString(code);
  let places = 0;
  full(program, (node) => {
    const { value } = /** @type {{ value?: any }} */ (node);
    if (node.type === "Literal" && texts.has(value)) {
      places += 1;
      text.overwrite(node.start, node.end, `\n"${texts.get(value)}"\n`);
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
  const expected = embedded ? texts.size : 0;
  if (places !== expected) {
    throw new Error(`expected ${expected} places for the texts of a module, but found ${places}`);
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
