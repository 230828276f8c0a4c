// @ts-check
/** The outcomes of calls whose answers are cut off, with the arguments of the fault tests. */

/** The codes of calls that the broker refuses, also if the body of the refusal is cut off. @type {Record<string, string>} */
export const REFUSED = {
  "Account.AuthenticateJwt": "bad-request",
  "Account.GetSessionToken": "not-implemented",
  "Account.PrepareRemoteQuickLogin": "not-implemented",
  "Account.QuickLogin": "not-implemented",
  "Account.Transfer": "not-implemented",
  "Account.VerifyEMail": "bad-request",
  "Account.VerifyPhoneNr": "bad-request",
  "IO.Request": "bad-request",
};

/**
 * Calls that may be refused as well as not: whether the contact is on the roster depends on which of
 * the concurrent calls came first.
 */
export const OPEN = ["Xmpp.GetRosterItem", "Xmpp.RemoveRosterItem", "Xmpp.SendPresenceUnsubscription"];
