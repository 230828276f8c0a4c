// @ts-check
/** Files of browser tests that are for some engines only, and why. */

const HEAP = "only Chromium's driver can collect garbage and measure the heap";
const NETWORK =
  "it tries the network, and here each request is held back by the driver, or goes by a proxy";

const CLOCK = "only Playwright moves a page's clock, and puts a page aside";

/** @type {Record<string, Partial<Record<import("./index.mjs").EngineName, string>>>} */
export const LEFT_OUT = {
  "burst.test.mjs": { firefox: NETWORK, webkit: NETWORK },
  "faults.test.mjs": { firefox: NETWORK, webkit: NETWORK },
  "memory.test.mjs": { firefox: HEAP, webkit: HEAP },
  "secrets.test.mjs": { firefox: NETWORK, webkit: NETWORK },
  "sessions.test.mjs": { firefox: CLOCK, webkit: CLOCK },
};
