// @ts-check
/** The call that the form makes, shown as code to copy. */

import { element } from "./dom.js";
import { literal } from "./value-view.js";

const METHOD = ["AgentAPI", "Xmpp", "SendPresenceSubscription"];

/** The longest line that is read without scrolling, in characters. */
const LONGEST_LINE = 80;

/**
 * @typedef {string | null} Optional
 * @typedef {[To: string, CustomXml?: Optional, Language?: Optional, Id?: Optional]} CallArguments
 */

/**
 * The arguments without the empty ones at the end.
 *
 * @param {string} To
 * @param {string[]} optional
 * @returns {CallArguments}
 */
export function callArguments(To, ...optional) {
  const given = optional.slice(0, optional.findLastIndex(Boolean) + 1);
  const values = [To, ...given.map((argument) => argument || null)];
  return /** @type {CallArguments} */ (values);
}

/**
 * The code as nodes: their text is the code, the elements only colour it.
 *
 * @param {CallArguments} callArguments
 * @returns {(Node | string)[]}
 */
export function codeNodes(callArguments) {
  const call = [
    keyword("const"),
    " response = ",
    keyword("await"),
    ` ${METHOD.slice(0, -1).join(".")}.`,
    element("span", { class: "name" }, METHOD[METHOD.length - 1]),
  ];
  const literals = callArguments.map(literal);
  const inOneLine = [...call, "(", ...literals.flatMap((node) => [node, ", "]).slice(0, -1), ");"];
  if (lengthOf(inOneLine) <= LONGEST_LINE) return inOneLine;
  return [...call, "(", ...literals.flatMap((node) => ["\n  ", node, ","]), "\n);"];
}

/** @param {string} word */
const keyword = (word) => element("span", { class: "keyword" }, word);

/** @param {(Node | string)[]} nodes */
function lengthOf(nodes) {
  return nodes.map((node) => (typeof node === "string" ? node : node.textContent)).join("").length;
}
