// @ts-check
/** The three forms of a date in HTTP (RFC 9110 §5.6.7), which engines don't read alike. */

const DATE =
  /(?:(\d\d)[ -](\w{3})[ -](\d{4}|\d\d)|\w{3} (\w{3}) ([ \d]\d)) (\d\d:\d\d:\d\d) (?:GMT|(\d{4}))/;

/**
 * @param {string} text
 * @returns {number} milliseconds since 1970, `NaN` for what is no date
 */
export function parseDate(text) {
  const [, day, month, year, month2, day2, time, year2] = DATE.exec(text) ?? [];
  return Date.parse(`${day ?? day2} ${month ?? month2} ${year ?? year2} ${time} GMT`);
}
