// @ts-check
/** The session that the library has stored in this tab, where a reload finds it again. */

import { clockTime } from "./dom.js";
import { session as texts } from "./texts.js";

/**
 * Without the token, which this page does not need.
 *
 * @returns {{ userName: string, endsAt: Date } | null}
 */
export function currentSession() {
  if (!sessionStorage.getItem("AgentAPI.Token")) return null;
  const userName = sessionStorage.getItem("AgentAPI.UserName") ?? "";
  const endsAt = new Date(1000 * Number(sessionStorage.getItem("AgentAPI.RefreshTimerExpires")));
  return { userName, endsAt };
}

/**
 * What happened to the session, where its state does not show it.
 *
 * @param {import("../pkg/index.js").SessionEvent} event
 */
export function newsOf({ type, userName, reason }) {
  if (type === "refreshed") return texts.refreshed(clockTime(new Date(), "short"));
  if (type === "logged-out") return texts.elsewhere;
  if (type !== "lost") return "";
  const owner = texts.of(userName);
  return reason === "expired" ? texts.expired(owner) : texts.refused(owner);
}

/** An account of a local broker that was started without `--account`. */
const DEMO_ACCOUNT = { UserName: "alice", Password: "wonderland" };

/**
 * Fills in the demo account, on a page of the local broker only: nowhere else does it exist.
 *
 * @param {HTMLFormElement} form
 */
export function fillInDemoAccount(form) {
  if (!isThisComputer(location.hostname)) return;
  for (const [name, value] of Object.entries(DEMO_ACCOUNT)) {
    const field = /** @type {HTMLInputElement} */ (form.elements.namedItem(name));
    // On a reload the browser may have restored what the user typed.
    field.value ||= value;
  }
}

/** @param {string} hostname */
export function isThisComputer(hostname) {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d+){3}$/.test(hostname);
}
