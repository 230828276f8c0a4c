// @ts-check
/**
 * An order of functions in which those that are alike come one after the other: brotli refers for less to
 * what is near.
 */

/** In bytes: the length of the pieces by which functions are compared. */
const PIECE = 4;

/**
 * From the first function on, the next is always the one that is most like the two before it.
 *
 * @param {Uint8Array[]} functions their bodies
 * @returns {number[]} their indices, in the new order
 */
export function orderOf(functions) {
  const pieces = functions.map(piecesOf);
  const owners = ownersOf(pieces);
  const likenessTo = (/** @type {number} */ index) => likenesses(functions, pieces[index], owners, index);
  const left = new Set(functions.keys());
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
 * How like a function each function is: by the pieces that both have, rare ones more than others.
 *
 * @param {Uint8Array[]} functions
 * @param {Set<string>} pieces those of the function
 * @param {Map<string, number[]>} owners of each piece
 * @param {number} index that of the function
 */
function likenesses(functions, pieces, owners, index) {
  const likeness = new Float64Array(functions.length);
  for (const piece of pieces) {
    const those = owners.get(piece) ?? [];
    for (const other of those) likeness[other] += 1 / Math.log2(1 + those.length);
  }
  return likeness.map((sum, other) => sum / (functions[index].length + functions[other].length));
}

/** @param {Uint8Array} body */
function piecesOf(body) {
  const text = Buffer.from(body).toString("latin1");
  return new Set(Array.from(text, (_, at) => text.slice(at, at + PIECE)));
}

/**
 * The functions that have each piece.
 *
 * @param {Set<string>[]} pieces of each function
 */
function ownersOf(pieces) {
  /** @type {Map<string, number[]>} */
  const owners = new Map();
  pieces.forEach((those, index) => {
    for (const piece of those) owners.set(piece, [...(owners.get(piece) ?? []), index]);
  });
  return owners;
}
