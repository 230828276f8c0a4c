// @ts-check

/**
 * A function with a name and a length of its own, which inspectors show.
 *
 * @template {(...args: any[]) => unknown} Method
 * @param {string} name
 * @param {number} length how many parameters it has, the options included
 * @param {Method} method
 * @returns {Method}
 */
export const method = (name, length, method) =>
  Object.defineProperties(method, { name: { value: name }, length: { value: length } });
