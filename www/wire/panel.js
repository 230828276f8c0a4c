// @ts-check
/** The panel below every view: the log, and what is done with it. The rest is loaded when it is opened. */

import { byId } from "../dom.js";
import { viewFailed, wire } from "../texts.js";
import { loadStyle } from "../views.js";
import { clear } from "./log.js";
import { showLog } from "./view.js";

/** @type {Record<string, () => Promise<{ show(place: HTMLElement): unknown }>>} */
const LOADED = {
  switches: () => import("./switches.js"),
  timeline: () => import("./timeline-view.js"),
};

export function showPanel() {
  showLog(byId("wire"), byId("wire-filter"));
  byId("wire-clear").addEventListener("click", () => {
    clear();
    tell(wire.cleared);
  });
  byId("wire-export").addEventListener("click", async () => {
    try {
      const { downloadHar } = await import("./har.js");
      tell(wire.exported(downloadHar()));
    } catch (error) {
      tell(viewFailed(error));
    }
  });
  for (const [id, load] of Object.entries(LOADED)) showOnceOpened(byId(id), load);
}

/**
 * @param {HTMLDetailsElement} details
 * @param {() => Promise<{ show(place: HTMLElement): unknown }>} load
 */
function showOnceOpened(details, load) {
  let isLoaded = false;
  async function fill() {
    if (!details.open || isLoaded) return;
    isLoaded = true;
    try {
      await loadStyle();
      (await load()).show(details);
    } catch (error) {
      isLoaded = false;
      tell(viewFailed(error));
    }
  }
  details.addEventListener("toggle", fill);
  // It may have been opened before this was loaded.
  fill();
}

/** @param {string} sentence */
function tell(sentence) {
  byId("wire-state").textContent = sentence;
}
