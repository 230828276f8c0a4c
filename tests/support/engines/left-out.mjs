// @ts-check
/** Files of browser tests that are for some engines only, and why. */

const HEAP = "only Chromium's driver can collect garbage and measure the heap";

/** @type {Record<string, Partial<Record<import("./index.mjs").EngineName, string>>>} */
export const LEFT_OUT = {
  "memory.test.mjs": { firefox: HEAP, webkit: HEAP },
};
