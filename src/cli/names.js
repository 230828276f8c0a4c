// @ts-check
/** The names that parameters and methods have on a command line. */

/**
 * The option of a parameter, without its hyphens: `custom-xml` of `CustomXml`.
 *
 * @param {string} parameter
 */
export const optionOf = (parameter) =>
  parameter.replaceAll(/(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, "-").toLowerCase();

/**
 * The environment variable of an option.
 *
 * @param {string} option
 */
export const variableOf = (option) => `NEURON_${option.replaceAll("-", "_").toUpperCase()}`;

/**
 * What was probably meant.
 *
 * @param {string} written
 * @param {string[]} names
 * @returns {string | undefined} none if nothing is near
 */
export function nearest(written, names) {
  const distances = names.map((name) => distance(written.toLowerCase(), name.toLowerCase()));
  const least = Math.min(...distances);
  return least <= Math.max(2, written.length / 3) ? names[distances.indexOf(least)] : undefined;
}

/**
 * How many characters have to be inserted, deleted or replaced (Levenshtein).
 *
 * @param {string} one
 * @param {string} other
 */
function distance(one, other) {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 0; i < one.length; i += 1) {
    const next = [i + 1];
    for (let j = 0; j < other.length; j += 1) {
      next.push(Math.min(row[j + 1] + 1, next[j] + 1, row[j] + (one[i] === other[j] ? 0 : 1)));
    }
    row = next;
  }
  return row[other.length];
}
