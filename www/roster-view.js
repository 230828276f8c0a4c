// @ts-check
/** The roster as a table. */

import { element } from "./dom.js";

/** @type {[label: string, text: (item: import("../pkg/index.js").RosterItem) => string][]} */
const COLUMNS = [
  ["Contact", (item) => item.bareJid],
  ["Name", (item) => item.name],
  ["Status", (item) => item.status],
  ["Pending", (item) => (item.pendingSubscription ? "yes" : "no")],
  ["Groups", (item) => item.Groups.join(", ")],
];

/**
 * @param {HTMLTableElement} table
 * @param {import("../pkg/index.js").RosterItem[]} items
 */
export function showRoster(table, items) {
  table.tBodies[0].replaceChildren(...items.map(row));
  table.hidden = items.length === 0;
}

/** @param {import("../pkg/index.js").RosterItem} item */
function row(item) {
  // A narrow page shows the label before the cell.
  const cells = COLUMNS.map(([label, text]) =>
    element("td", { role: "cell", "data-label": label }, text(item) || "–"),
  );
  return element("tr", { role: "row" }, ...cells);
}
