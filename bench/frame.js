// @ts-check
/** One contender in a frame of its own, for the page around it. */

import { measuresOf } from "./measures.js";

const params = new URLSearchParams(location.search);
/** Where there is no broker, no network is used. */
const broker = params.get("broker") ?? "http://127.0.0.1:9";
addEventListener("error", ({ message }) => parent.postMessage({ error: message }, location.origin));
addEventListener("unhandledrejection", ({ reason }) =>
  parent.postMessage({ error: String(reason) }, location.origin),
);
/** @type {{ start: import("./contenders/contender.d.ts").Start }} */
const { start } = await import(`./contenders/${params.get("contender")}.js`);
const api = await start(broker, params.get("token") ?? "a.token");
if (params.has("broker")) await api.roster(0, 10);
const coldMs = performance.now();

Object.assign(globalThis, {
  bench: {
    coldMs: () => coldMs,

    /** How many bytes came for the contender's code, as they went over the wire. */
    bytes: () =>
      performance
        .getEntriesByType("resource")
        .filter((entry) => entry instanceof PerformanceResourceTiming)
        .filter(({ name }) => /\/(pkg|contenders)\//.test(name))
        .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),

    ...measuresOf(api),
  },
});
parent.postMessage("ready", location.origin);
