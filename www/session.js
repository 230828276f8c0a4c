// @ts-check
/** The session, as the library keeps it in this tab; that is how a reload finds it again. */

/**
 * The token itself stays where it is: this page has no use for it.
 *
 * @returns {{ userName: string, endsAt: Date } | null} the one that lasts still
 */
export function currentSession() {
  if (!sessionStorage.getItem("AgentAPI.Token")) return null;
  const userName = sessionStorage.getItem("AgentAPI.UserName") ?? "";
  const endsAt = new Date(1000 * Number(sessionStorage.getItem("AgentAPI.RefreshTimerExpires")));
  return endsAt.getTime() > Date.now() ? { userName, endsAt } : null;
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
    // A browser that restores the form on a reload knows better.
    field.value ||= value;
  }
}

/** @param {string} hostname */
function isThisComputer(hostname) {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d+){3}$/.test(hostname);
}
