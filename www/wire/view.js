// @ts-check
/** The list of what went over the wire, the newest first. */

import { element } from "../dom.js";
import { wire } from "../texts.js";
import { exchanges, onLog } from "./log.js";
import { MASK } from "./masking.js";

/** Requests that the page or the library makes by itself are listed too, but not opened. */
const ASKED_BY_ITSELF = /\/(DomainInfo|GetRoster|GetRosterItem|PopMessages|Refresh)$/;

/** @typedef {import("./log.js").Exchange} Exchange */

/**
 * Shows the log in the list from now on.
 *
 * @param {HTMLElement} list
 * @param {HTMLInputElement} filter
 */
export function showLog(list, filter) {
  /** @type {Map<Exchange, HTMLElement>} */
  const items = new Map();
  const filterItem = (/** @type {HTMLElement} */ item) => {
    item.hidden = !item.textContent?.toLowerCase().includes(filter.value.trim().toLowerCase());
  };
  filter.addEventListener("input", () => items.forEach(filterItem));
  /** What was opened for the reader, who has not touched it. @type {HTMLElement | undefined} */
  let opened;
  list.addEventListener("click", ({ target }) => {
    if (opened?.contains(/** @type {Node} */ (target))) opened = undefined;
  });
  const added = (/** @type {Exchange} */ exchange) => {
    const { pathname } = new URL(exchange.url);
    const details = element("details", {}, ...contentOf(exchange));
    if (!ASKED_BY_ITSELF.test(pathname)) {
      opened?.removeAttribute("open");
      details.setAttribute("open", "");
      opened = details;
    }
    const item = element("li", {}, details);
    items.set(exchange, item);
    filterItem(item);
    list.prepend(item);
  };
  exchanges.forEach(added);
  onLog({
    added,
    changed(exchange) {
      const item = items.get(exchange);
      if (!item) return;
      // The summary stays, because it may have the focus.
      const [, ...rest] = contentOf(exchange);
      const details = /** @type {Element} */ (item.firstElementChild);
      details.replaceChildren(/** @type {Element} */ (details.firstElementChild), ...rest);
      filterItem(item);
    },
    removed(exchange) {
      items.get(exchange)?.remove();
      items.delete(exchange);
    },
  });
}

/** @param {Exchange} exchange */
const contentOf = (exchange) => [summary(exchange), facts(exchange), request(exchange), ...answer(exchange)];

/** @param {Exchange} exchange */
function summary({ client, attempt = 1, method, url, status, statusText, elapsedMs }) {
  const good = status !== null && status >= 200 && status < 300;
  return element(
    "summary",
    {},
    ...(client ? [element("span", { class: "client" }, client), " "] : []),
    element("span", { class: "path" }, `${method} ${new URL(url).pathname}`),
    " ",
    element("span", { class: good ? "good" : "bad" }, String(status ?? statusText)),
    wire.elapsed(wire.milliseconds(elapsedMs)),
    ...(attempt > 1 ? [element("span", { class: "badge" }, wire.attempt(attempt))] : []),
  );
}

/** @param {Exchange} exchange */
function facts({ startedAt, bodyBytes, answer }) {
  const time = startedAt.toLocaleTimeString([], { hourCycle: "h23" });
  return element("p", { class: "hint" }, wire.facts(time, bodyBytes, answer?.bodyBytes, answer?.elapsedMs));
}

/** @param {Exchange} exchange */
function request({ method, url, headers, body }) {
  return element(
    "pre",
    { class: "code wrapped" },
    element("span", { class: "keyword" }, method),
    ` ${url}\n`,
    ...message(headers, body),
  );
}

/** @param {Exchange} exchange */
function answer({ status, statusText, answer }) {
  if (!answer) return [];
  return [
    element(
      "pre",
      { class: "code wrapped answer" },
      element("span", { class: "keyword" }, String(status)),
      ` ${statusText}\n`,
      ...message(answer.headers, answer.body),
    ),
  ];
}

/**
 * @param {[name: string, value: string][]} headers
 * @param {string} body
 */
const message = (headers, body) => [
  ...headers.flatMap(([name, value]) => [
    element("span", { class: "name" }, name),
    ": ",
    ...maskedNodes(value),
    "\n",
  ]),
  ...(body ? ["\n", ...maskedNodes(body)] : []),
];

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
