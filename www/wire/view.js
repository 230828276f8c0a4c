// @ts-check
/** The list of what went over the wire. */

import { element } from "./dom.js";
import { MASK } from "./wire-recorder.js";

/** A page that stays open all day must not grow for ever. */
const LONGEST_LIST = 20;

/** Requests that the page or the library makes by itself are listed too, but not opened. */
const ASKED_BY_ITSELF = /\/(DomainInfo|GetRoster|GetRosterItem|Refresh)$/;

/**
 * @param {HTMLElement} list
 * @param {import("./wire-recorder.js").Exchange} exchange
 */
export function addExchange(list, exchange) {
  const { pathname } = new URL(exchange.url, location.href);
  const details = element("details", {}, summary(pathname, exchange), request(exchange));
  if (!ASKED_BY_ITSELF.test(pathname)) {
    for (const open of list.querySelectorAll("details[open]")) open.removeAttribute("open");
    details.setAttribute("open", "");
  }
  list.prepend(element("li", {}, details));
  while (list.children.length > LONGEST_LIST) list.lastElementChild?.remove();
}

/**
 * @param {string} pathname
 * @param {import("./wire-recorder.js").Exchange} exchange
 */
function summary(pathname, { method, status, statusText, elapsedMs }) {
  const good = status !== null && status >= 200 && status < 300;
  return element(
    "summary",
    {},
    element("span", { class: "path" }, `${method} ${pathname}`),
    " ",
    element("span", { class: good ? "good" : "bad" }, String(status ?? statusText)),
    ` in ${milliseconds(elapsedMs)}`,
  );
}

/** @param {import("./wire-recorder.js").Exchange} exchange */
function request({ method, url, headers, body }) {
  return element(
    "pre",
    { class: "code wrapped" },
    element("span", { class: "keyword" }, method),
    ` ${url}\n`,
    ...headers.flatMap(([name, value]) => [
      element("span", { class: "name" }, name),
      ": ",
      ...maskedNodes(value),
      "\n",
    ]),
    ...(body ? ["\n", ...maskedNodes(body)] : []),
  );
}

/**
 * Marks what stands for a secret, so that it is not taken for what was sent.
 *
 * @param {string} text
 */
function maskedNodes(text) {
  return text
    .split(MASK)
    .flatMap((part, index) => (index ? [element("span", { class: "masked" }, MASK), part] : [part]));
}

/** @param {number} elapsedMs */
export function milliseconds(elapsedMs) {
  return `${Math.round(elapsedMs)} ms`;
}
