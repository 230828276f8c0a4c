// @ts-check
/**
 * Runs the contenders in turn, each in frames of its own, and posts the figures. Nothing drives the browser: a
 * driver keeps a stack for each request, which makes the deeper ones slower.
 */

import { ROUND, STUBBED_ROUND } from "./plan.js";

const params = new URLSearchParams(location.search);
const rounds = Number(params.get("rounds"));
/** Without a broker only what needs none is measured. */
const isStubbed = !params.has("broker");
const plan = isStubbed ? STUBBED_ROUND : ROUND;

/** @type {Record<string, Record<string, number[]>>} figure, contender, rounds */
const figures = {};
let frames = 0;

try {
  for (let round = 0; round < rounds; round += 1) {
    const names = Object.keys(plan);
    // Each round begins with another contender.
    for (let turn = 0; turn < names.length; turn += 1) {
      const contender = names[(round + turn) % names.length];
      await measure(contender, plan[contender]);
    }
    document.title = `round ${round + 1} of ${rounds}`;
  }
  await post({ figures, agent: navigator.userAgent });
} catch (error) {
  await post({ error: String(error) });
}

/**
 * @param {string} contender
 * @param {import("./plan.js").Step[][]} pages each a page of its own, and what is measured there
 */
async function measure(contender, pages) {
  // An address that no cache knows, for all frames of this turn.
  frames += 1;
  const folder = `/turn-${frames}`;
  for (const steps of pages) {
    const frame = await open(
      `${folder}/bench/frame.html?${new URLSearchParams([...params, ["contender", contender]])}`,
    );
    const { bench } = /** @type {any} */ (frame.contentWindow);
    for (const { figure, measure, args = [], isHeap } of steps) {
      const before = isHeap ? heap() : 0;
      const value = await bench[measure](...args);
      const found = isHeap ? heap() - before : value;
      if (figure) ((figures[figure] ??= {})[contender] ??= []).push(found);
    }
    frame.remove();
  }
}

/**
 * @param {string} url
 * @returns {Promise<HTMLIFrameElement>}
 */
function open(url) {
  const frame = document.createElement("iframe");
  return new Promise((resolve, reject) => {
    addEventListener("message", function onMessage({ source, data }) {
      if (source !== frame.contentWindow) return;
      removeEventListener("message", onMessage);
      if (data === "ready") resolve(frame);
      else reject(new Error(`${url}: ${data.error}`));
    });
    frame.src = url;
    document.body.append(frame);
  });
}

/** The memory that scripts hold, that of WebAssembly included. Chromium alone tells, with two switches. */
function heap() {
  const { gc, performance } = /** @type {any} */ (globalThis);
  gc?.();
  return performance.memory?.usedJSHeapSize ?? 0;
}

/** @param {object} found */
function post(found) {
  return fetch("/figures", { method: "POST", body: JSON.stringify(found) });
}
