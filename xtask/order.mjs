// @ts-check
/**
 * Numbers the functions of a module, in front of their names, so that those which are alike come one
 * after the other; wasm-opt then sorts them by name. Brotli finds again for less what is near.
 *
 *     node xtask/order.mjs <module with names> <module to write>
 */

import { readFile, writeFile } from "node:fs/promises";
import { functions, withNames } from "./sections.mjs";

/** In bytes: the length of the pieces by which functions are compared. */
const PIECE = 4;

const [input, output] = process.argv.slice(2);
const module = await readFile(input);
const all = functions(module);
const pieces = all.map(({ body }) => piecesOf(body));
const owners = ownersOfPieces();
/** @type {string[]} */
const names = [];
order().forEach((index, rank) => {
  names[index] = `${String(rank).padStart(5, "0")} ${all[index].name}`;
});
await writeFile(output, withNames(module, names));

/** From the first on, the next is always the one that is most like the two before it. */
function order() {
  const left = new Set(all.keys());
  const chosen = [];
  let before = likenessTo(0);
  let last = before;
  while (left.size > 0) {
    const likeness = (/** @type {number} */ index) => before[index] + last[index];
    const next = [...left].reduce((best, index) => (likeness(index) > likeness(best) ? index : best));
    chosen.push(next);
    left.delete(next);
    [before, last] = [last, likenessTo(next)];
  }
  return chosen;
}

/**
 * How like a function each other is: by the pieces that both have, rare ones more than others.
 *
 * @param {number} index
 */
function likenessTo(index) {
  const likeness = new Float64Array(all.length);
  for (const piece of pieces[index]) {
    const those = owners.get(piece) ?? [];
    for (const other of those) likeness[other] += 1 / Math.log2(1 + those.length);
  }
  return likeness.map((sum, other) => sum / (all[index].body.length + all[other].body.length));
}

/** @param {Uint8Array} body */
function piecesOf(body) {
  const text = Buffer.from(body).toString("latin1");
  return new Set(Array.from(text, (_, at) => text.slice(at, at + PIECE)));
}

function ownersOfPieces() {
  /** @type {Map<string, number[]>} */
  const found = new Map();
  pieces.forEach((those, index) => {
    for (const piece of those) found.set(piece, [...(found.get(piece) ?? []), index]);
  });
  return found;
}
