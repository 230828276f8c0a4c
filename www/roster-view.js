// @ts-check
/** The roster as a table. */

import { element } from "./dom.js";
import { roster as texts } from "./texts.js";

const { columns } = texts;

/** @type {[label: string, text: (item: import("../pkg/index.js").RosterItem) => string][]} */
const COLUMNS = [
  [columns.contact, (item) => item.bareJid],
  [columns.name, (item) => item.name],
  [columns.status, (item) => item.status],
  [columns.pending, (item) => (item.pendingSubscription ? texts.yes : texts.no)],
  [columns.groups, (item) => item.Groups.join(", ")],
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
