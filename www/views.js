// @ts-check
/** Which view is shown: the address says so, such as `#people`. Each but the first is loaded when it is opened. */

import { byId } from "./dom.js";
import { VIEWS, viewFailed } from "./texts.js";

/** @typedef {keyof typeof VIEWS} ViewName */

/** @type {Record<string, () => Promise<{ show(path: string): unknown, hide?(): unknown }>>} */
const LOADED = {
  people: () => import("./people/people.js"),
  methods: () => import("./methods/methods.js"),
};

/** @type {{ hide?(): unknown } | undefined} */
let shown;

/** Shows the view of the address, now and whenever it changes. */
export function startViews() {
  addEventListener("hashchange", showView);
  return showView();
}

async function showView() {
  const [name, ...path] = location.hash.slice(1).split("/");
  const view = /** @type {ViewName} */ (Object.hasOwn(LOADED, name) ? name : "call");
  const { title, heading, intro } = VIEWS[view];
  document.title = title;
  byId("heading").textContent = heading;
  byId("intro").textContent = intro;
  byId("view-failure").replaceChildren();
  for (const link of document.querySelectorAll("#views a")) {
    if (link.getAttribute("href") === `#${view}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  for (const part of document.querySelectorAll("[data-views]")) {
    const views = part.getAttribute("data-views")?.split(" ") ?? [];
    part.toggleAttribute("hidden", !views.includes(view));
  }
  shown?.hide?.();
  shown = undefined;
  if (view === "call") return;
  try {
    await loadStyle();
    const module = await LOADED[view]();
    // Another one may have been opened meanwhile.
    if (!location.hash.startsWith(`#${view}`)) return;
    shown = module;
    await module.show(path.join("/"));
  } catch (error) {
    byId("view-failure").textContent = viewFailed(error);
  }
}

/** @type {Promise<void> | undefined} */
let style;

/** The style of all but the first view. */
export function loadStyle() {
  style ??= new Promise((resolve, reject) => {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: "workbench.css" });
    link.addEventListener("load", () => resolve());
    link.addEventListener("error", () => {
      style = undefined;
      reject(new Error(link.href));
    });
    document.head.append(link);
  });
  return style;
}
