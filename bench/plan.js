// @ts-check
/** What is measured, in which order. */

/**
 * @typedef {object} Step
 * @property {string} measure the function of `measures.js` or `frame.js`
 * @property {string} [figure] under which it is noted; none for a warm-up
 * @property {number[]} [args]
 * @property {boolean} [isHeap] whether the memory is noted that is held after it, and not what it gives
 */

export const ROSTERS = [10, 1_000, 100_000];
export const PAGE_SIZE = 1_000;
export const XML_BYTES = [1_000, 100_000, 1_000_000];
export const LARGEST = 100_000;

/** Those that no network answers. @type {Step[][]} */
const STUBBED = [
  [{ figure: "cpuUs", measure: "cpu", args: [3_000] }],
  // `cpu` makes as many calls again to warm up.
  [
    { measure: "cpu", args: [1_000] },
    { figure: "heap", measure: "cpu", args: [5_000], isHeap: true },
  ],
  ...ROSTERS.map((count) => [
    { measure: "page", args: [1_000, PAGE_SIZE] },
    { figure: `roster ${count}`, measure: "page", args: [count, PAGE_SIZE] },
  ]),
  [
    { measure: "page", args: [1_000, PAGE_SIZE] },
    { figure: `roster heap ${LARGEST}`, measure: "page", args: [LARGEST, PAGE_SIZE], isHeap: true },
  ],
  XML_BYTES.map((bytes) => ({
    figure: `xml ${bytes}`,
    measure: "customXml",
    args: [bytes, Math.max(5, 2_000_000 / bytes)],
  })),
];

/** @type {Step[][]} */
const NETWORK = [
  [
    { figure: "coldMs", measure: "coldMs" },
    { figure: "bytes", measure: "bytes" },
  ],
  [
    { figure: "warmMs", measure: "coldMs" },
    { measure: "sequential", args: [100] },
    { figure: "sequentialMs", measure: "sequential", args: [300] },
    { figure: "throughput", measure: "throughput", args: [1_000, 50] },
  ],
];

/** A round in Chromium, by contenders; `XMLHttpRequest` can't be replaced. @type {Record<string, Step[][]>} */
export const ROUND = {
  fetch: [...NETWORK, ...STUBBED],
  xhr: NETWORK,
  inlined: [...NETWORK, ...STUBBED],
  separate: [...NETWORK, ...STUBBED],
};

/** A round elsewhere: what a call costs its process. @type {Record<string, Step[][]>} */
export const STUBBED_ROUND = Object.fromEntries(
  ["fetch", "inlined"].map((name) => [
    name,
    [
      [{ figure: "cpuUs", measure: "cpu", args: [3_000] }],
      [
        { measure: "page", args: [1_000, PAGE_SIZE] },
        { figure: "roster 1000", measure: "page", args: [1_000, PAGE_SIZE] },
      ],
      [{ figure: "xml 1000000", measure: "customXml", args: [1_000_000, 5] }],
    ],
  ]),
);
