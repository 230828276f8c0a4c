// @ts-check
/** How long a broker asks to wait before the next request. */

/** The three forms of a date in HTTP (RFC 9110 §5.6.7), which engines don't read alike. */
const DATE = /(?:(\d\d)[ -](\w{3})[ -](\d{4}|\d\d)|\w{3} (\w{3}) ([ \d]\d)) (\d\d:\d\d:\d\d) (?:GMT|(\d{4}))/;

/** What the broker's login auditor writes. */
const SENTENCE = /Try again in (\d+) (second|minute|hour|day)/;

/** @type {Record<string, number>} */
const SECONDS = { second: 1, minute: 60, hour: 3600, day: 86400 };

/**
 * @param {string} header `Retry-After` (RFC 9110 §10.2.3); one that was sent twice is a list
 * @param {string} date of the response: the broker's clock may be wrong
 * @param {string} sentence of the response, read if the header is absent
 * @returns {number | undefined} milliseconds
 */
export function retryAfterMs(header, date, sentence) {
  const numbers = header.split(",").filter((part) => /^\s*\d+\s*$/.test(part));
  if (numbers.length > 0) return Math.max(...numbers.map(Number)) * 1000;
  const until = parseDate(header);
  if (!Number.isNaN(until)) {
    const left = until - (parseDate(date) || Date.now());
    return Math.ceil(Math.max(0, left) / 1000) * 1000;
  }
  const [, number, unit] = SENTENCE.exec(sentence) ?? [];
  return unit ? Number(number) * SECONDS[unit] * 1000 : undefined;
}

/**
 * @param {string} text
 * @returns {number} milliseconds since 1970, `NaN` for anything but a date
 */
function parseDate(text) {
  const [, day, month, year, month2, day2, time, year2] = DATE.exec(text) ?? [];
  return Date.parse(`${day ?? day2} ${month ?? month2} ${year ?? year2} ${time} GMT`);
}
