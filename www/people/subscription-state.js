// @ts-check
/** The states of a subscription between two people, as RFC 6121 (appendix A.1) names them. */

/**
 * One direction: whether one sees the other's presence, has asked to, or neither.
 *
 * @typedef {"none" | "pending" | "subscribed"} Stage
 *
 * @typedef {object} SubscriptionState what one of them knows
 * @property {Stage} out whether it sees the contact
 * @property {Stage} in whether the contact sees it
 */

/**
 * @param {Pick<import("../../pkg/index.js").RosterItem, "status" | "pendingSubscription"> | undefined} item of the
 *   contact in the roster
 * @param {boolean} isAsked whether a request of the contact waits for an answer
 * @returns {SubscriptionState}
 */
export function stateOf(item, isAsked) {
  const status = item?.status.toLowerCase() ?? "none";
  const sees = status === "to" || status === "both";
  const isSeen = status === "from" || status === "both";
  return {
    out: sees ? "subscribed" : item?.pendingSubscription ? "pending" : "none",
    in: isSeen ? "subscribed" : isAsked ? "pending" : "none",
  };
}

/**
 * One of the nine names, such as `None + Pending Out`.
 *
 * @param {SubscriptionState} state
 */
export function nameOf({ out, in: into }) {
  const sees = out === "subscribed";
  const isSeen = into === "subscribed";
  const status = sees && isSeen ? "Both" : sees ? "To" : isSeen ? "From" : "None";
  const pending = [out === "pending" && "Out", into === "pending" && "In"].filter(Boolean);
  return pending.length ? `${status} + Pending ${pending.join("+")}` : status;
}
