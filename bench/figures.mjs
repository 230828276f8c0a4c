// @ts-check
/** Medians, ratios, tables. */

/** @param {number[]} values */
export function median(values) {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * The median of what one was to the other, round by round: a slow round is slow for both.
 *
 * @param {number[]} values
 * @param {number[]} base
 */
export const ratio = (values, base) => median(values.map((value, round) => value / base[round]));

/**
 * Between which ratios the middle half of the rounds lies.
 *
 * @param {number[]} values
 * @param {number[]} base
 */
export function spread(values, base) {
  const ratios = values.map((value, round) => value / base[round]).sort((one, other) => one - other);
  const at = (/** @type {number} */ part) => ratios[Math.round((ratios.length - 1) * part)].toFixed(2);
  return `${at(0.25)}–${at(0.75)}`;
}

/**
 * @param {string[]} head
 * @param {(string | number)[][]} rows
 */
export function table(head, rows) {
  const line = (/** @type {(string | number)[]} */ cells) => `| ${cells.join(" | ")} |`;
  const rule = head.map((_, column) => (column ? "---:" : "---"));
  return [head, rule, ...rows].map(line).join("\n");
}

/** @param {number} value */
export function rounded(value) {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return value.toLocaleString("en", { maximumFractionDigits: digits, minimumFractionDigits: digits });
}

/** @param {number} value */
export const whole = (value) => value.toLocaleString("en", { maximumFractionDigits: 0 });
