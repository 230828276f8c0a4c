// @ts-check
/** Shows that a call is being retried, and why. */

import { AgentAPI } from "../pkg/index.js";
import { byId } from "./dom.js";
import { outcome } from "./texts.js";

/** Where the outcome of each call is shown. */
const PLACES = new Map([
  ["Account.Login", "session-state"],
  ["Account.Logout", "session-state"],
  ["Xmpp.SendPresenceSubscription", "outcome"],
  // Reconciles a lost response.
  ["Xmpp.GetRosterItem", "outcome"],
  ["Xmpp.GetRoster", "roster-state"],
]);

export function showRetries() {
  AgentAPI.IO.OnRetry(({ operation, attempt, code }) => {
    const place = PLACES.get(operation);
    if (place) byId(place).textContent = outcome.retrying(attempt, code);
  });
}
