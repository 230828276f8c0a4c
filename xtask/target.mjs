// @ts-check

/** The language level that `index.d.ts` promises: Node 20 and the browsers of its time. */
export const TARGET = "es2022";
