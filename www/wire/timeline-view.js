// @ts-check
/** The timeline as a list, the newest first. */

import { element } from "../dom.js";
import { timeline as texts } from "../texts.js";
import { moments, onMoment } from "./timeline.js";

/** @param {HTMLElement} place */
export function show(place) {
  const empty = element("p", { class: "hint" }, texts.empty);
  // A region that scrolls must be reachable with the keyboard.
  const list = element("ol", { class: "timeline", "aria-label": texts.label, tabindex: "0" });
  place.append(empty, list);
  const render = () => {
    empty.hidden = moments.length > 0;
    list.replaceChildren(...moments.map(itemOf).reverse());
  };
  onMoment(render);
  render();
}

/** @param {import("./timeline.js").DatedMoment} moment */
function itemOf({ client, at, session, retry }) {
  const kind = retry ? "retry" : String(session?.type);
  return element(
    "li",
    { class: kind },
    element("time", { datetime: at.toISOString() }, at.toLocaleTimeString([], { hourCycle: "h23" })),
    element("strong", {}, texts.kinds[/** @type {keyof typeof texts.kinds} */ (kind)] ?? kind),
    element(
      "span",
      {},
      client || texts.page,
      ": ",
      retry ? texts.retry(retry) : session ? texts.session(session) : "",
    ),
  );
}
