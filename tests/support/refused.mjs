// @ts-check
/** What becomes of calls whose answers are cut off, with the arguments that the fault tests give. */

/** What the broker refuses anyhow is a refusal though its words are cut off. @type {Record<string, string>} */
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
 * Whether these are refused (and a contact that is on no roster is one that was unsubscribed from)
 * depends on which of the others were faster.
 */
export const OPEN = ["Xmpp.GetRosterItem", "Xmpp.RemoveRosterItem", "Xmpp.SendPresenceUnsubscription"];
