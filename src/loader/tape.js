// @ts-check
/**
 * JSON as one text that the module reads from front to end. To ask for each part of a value that was
 * parsed would cross the border of the module a dozen times a property.
 *
 * A value is a letter, what its kind needs, and its parts: `n`, `t`, `f`; `d`, the bits of a number as
 * a whole one, `;`; `s`, the length of a text in UTF-16, `;`, the text; `[`, the length, `;`, the
 * items; `{`, the count, `;`, the properties, each its name as a text without its `s`, and its value.
 */

/** Deeper than any answer of the broker, and far from the end of the stack. */
const DEEPEST = 200;

/**
 * @param {string} json
 * @returns {string}
 */
export function tapeOf(json) {
  return tapeOfValue(JSON.parse(json), DEEPEST);
}

/**
 * @param {any} value that was parsed
 * @param {number} depthLeft
 * @returns {string}
 */
function tapeOfValue(value, depthLeft) {
  if (value === null) return "n";
  if (value === true) return "t";
  if (value === false) return "f";
  if (typeof value === "number") return `d${new BigUint64Array(Float64Array.of(value).buffer)[0]};`;
  if (typeof value === "string") return "s" + tapeOfText(value);
  if (depthLeft === 0) throw new RangeError("nested too deeply");
  if (Array.isArray(value)) {
    let tape = `[${value.length};`;
    for (const item of value) tape += tapeOfValue(item, depthLeft - 1);
    return tape;
  }
  const names = Object.keys(value);
  let tape = `{${names.length};`;
  for (const name of names) tape += tapeOfText(name) + tapeOfValue(value[name], depthLeft - 1);
  return tape;
}

const tapeOfText = (/** @type {string} */ text) => `${text.length};${text}`;
