// @ts-check
/** Says of a call that takes longer than usual that it is being repeated, and why. */

import { AgentAPI } from "../pkg/index.js";
import { byId } from "./dom.js";

/** Where the outcome of each call will stand. */
const PLACES = new Map([
  ["Account.Login", "session-state"],
  ["Account.Logout", "session-state"],
  ["Xmpp.SendPresenceSubscription", "outcome"],
  // After a lost answer.
  ["Xmpp.GetRosterItem", "outcome"],
  ["Xmpp.GetRoster", "roster-state"],
]);

export function showRetries() {
  AgentAPI.IO.OnRetry(({ operation, attempt, code }) => {
    const place = PLACES.get(operation);
    if (place) byId(place).textContent = `Attempt ${attempt} failed: ${code}. Trying again…`;
  });
}
