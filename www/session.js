// @ts-check
/** The session that the library has stored in this tab, where a reload finds it again. */

import { AgentAPI } from "../pkg/index.js";
import { clockTime } from "./dom.js";
import { isInThisTab } from "./network.js";
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

/** The accounts of a local broker that was started without `--account`, and of the one in this tab: their passwords. */
export const DEMO_ACCOUNTS = { alice: "wonderland", bob: "builder" };

/** @param {HTMLFormElement} form */
export function fillInDemoAccount(form) {
  for (const [name, value] of Object.entries({ UserName: "alice", Password: DEMO_ACCOUNTS.alice })) {
    const field = /** @type {HTMLInputElement} */ (form.elements.namedItem(name));
    // On a reload the browser may have restored what the user typed.
    field.value ||= value;
  }
}

/** Whether the accounts of the demo exist: at the broker in this tab, and at one of this computer that serves this page. */
export function isDemoBroker() {
  if (isInThisTab) return true;
  const isHere = /^(localhost|\[::1\]|127(\.\d+){3})$/.test(location.hostname);
  return isHere && AgentAPI.IO.GetBaseURL() === location.origin;
}
