// @ts-check
/** Values as XML Schema writes them. */

import { isTrue } from "./xml.js";

const DOUBLE = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const INTEGER = /^[+-]?\d+$/;
const LARGEST_INT = 2 ** 31;

/** The numbers that are not written in digits. @type {Record<string, number>} */
const NAMED = { INF: Infinity, "+INF": Infinity, "-INF": -Infinity, NaN: Number.NaN };

/**
 * How the value of each type is read: `undefined` for a text that is none. All other types are texts.
 *
 * @type {Record<string, (text: string) => boolean | number | string | undefined>}
 */
const READERS = {
  boolean: (text) => (["true", "false", "1", "0"].includes(text) ? isTrue(text) : undefined),
  double: (text) => (DOUBLE.test(text) ? Number(text) : NAMED[text]),
  int: (text) => {
    const value = INTEGER.test(text) ? Number(text) : Number.NaN;
    return value >= -LARGEST_INT && value < LARGEST_INT ? value : undefined;
  },
  long: (text) => {
    if (!INTEGER.test(text)) return undefined;
    return Number.isSafeInteger(Number(text)) ? Number(text) : text;
  },
};

/**
 * @param {string} type of XML Schema, such as `double`
 * @param {string} text
 * @returns {any} `undefined` if the text is no value of that type
 */
export const readValue = (type, text) => (Object.hasOwn(READERS, type) ? READERS[type](text.trim()) : text);
