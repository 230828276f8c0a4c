// @ts-check
/** The view of every method: a list to search, and the form of the one that the address names. */

import { byId, element } from "../dom.js";
import { methods as texts } from "../texts.js";
import { loadMethods, plainText } from "./declarations.js";
import { createForm } from "./form.js";
import { linkOf, valuesOf } from "./link.js";

/** @typedef {import("./declarations.js").Method} Method */

/** What is shown if the address names none. */
const FIRST = "Xmpp.GetRoster";

/** @type {ReturnType<typeof createForm> | undefined} */
let form;

/** @param {string} path such as `Xmpp.GetRoster?MaxCount=5` */
export async function show(path) {
  const methods = await loadMethods();
  if (!form) {
    form = createForm(byId("method"));
    showList(methods);
  }
  const [named, query = ""] = (path || FIRST).split(/\?(.*)/s);
  const method = methods.find(({ group, name }) => `${group}.${name}` === named);
  if (!method) throw new Error(texts.unknown(named));
  for (const link of byId("method-list").querySelectorAll("a")) {
    if (link.dataset.method === named) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  bringIntoSight(byId("method-list").querySelector("[aria-current]"));
  form.show(method, valuesOf(method, query));
}

/**
 * Scrolls the list, and not the page.
 *
 * @param {HTMLElement | null} link
 */
function bringIntoSight(link) {
  const list = link?.closest(".methods");
  if (!link || !list) return;
  const [inner, outer] = [link, list].map((part) => part.getBoundingClientRect());
  if (inner.top < outer.top) list.scrollTop += inner.top - outer.top;
  if (inner.bottom > outer.bottom) list.scrollTop += inner.bottom - outer.bottom;
}

/** @param {Method[]} methods */
function showList(methods) {
  const search = /** @type {HTMLInputElement} */ (
    element("input", { id: "method-search", type: "search", autocomplete: "off", spellcheck: "false" })
  );
  const found = element("p", { class: "hint", role: "status" });
  const list = element("div", { class: "methods" });
  for (const [group, members] of groups(methods)) {
    const links = members.map((method) => element("li", {}, linkTo(method)));
    list.append(
      element("section", { class: "group" }, element("h3", {}, group), element("ul", {}, ...links)),
    );
  }
  search.addEventListener("input", () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const link of list.querySelectorAll("a")) {
      const text = `${link.dataset.method} ${link.title}`.toLowerCase();
      const matches = words.every((word) => text.includes(word));
      link.parentElement?.toggleAttribute("hidden", !matches);
      count += Number(matches);
    }
    for (const group of list.querySelectorAll(".group")) {
      group.toggleAttribute("hidden", !group.querySelector("li:not([hidden])"));
    }
    found.textContent = texts.found(count, methods.length);
  });
  byId("method-list").append(
    element(
      "div",
      { class: "field" },
      element("label", { for: "method-search" }, texts.search),
      search,
      found,
    ),
    list,
  );
}

/** @param {Method[]} methods */
function groups(methods) {
  /** @type {Map<string, Method[]>} */
  const found = new Map();
  for (const method of methods) found.set(method.group, [...(found.get(method.group) ?? []), method]);
  return found;
}

/** @param {Method} method */
function linkTo(method) {
  const { group, name, text } = method;
  const summary = plainText(text.join(" "));
  return element("a", { href: linkOf(method), "data-method": `${group}.${name}`, title: summary }, name);
}
