// @ts-check
/** The demo page: log in, send a presence subscription, see the outcome. */

import { AgentAPI } from "../pkg/index.js";
import { onSubmit } from "./busy.js";
import { copyTextOf } from "./clipboard.js";
import { callArguments, codeNodes } from "./code-sample.js";
import { byId, clockTime } from "./dom.js";
import { showFailure } from "./failure.js";
import { clearFieldErrors, clearFieldErrorsOnInput } from "./fields.js";
import { showRetries } from "./retries.js";
import { showRoster } from "./roster-view.js";
import { currentSession, fillInDemoAccount, newsOf } from "./session.js";
import { valueNodes } from "./value-view.js";
import { recordFetch } from "./wire-recorder.js";
import { addExchange, milliseconds } from "./wire-view.js";

/** @type {HTMLFormElement} */
const login = byId("login");
/** @type {HTMLFormElement} */
const logout = byId("logout");
/** @type {HTMLFormElement} */
const subscription = byId("subscription");

/** The codes of failures after the request was sent and before it was answered. */
const UNANSWERED = ["network", "timeout", "aborted"];

/** The address in the field To, until the user types another. */
let proposedContact = subscription.To.value;
/** The broker whose domain is known. */
let knownBroker = "";
/** The status of the latest subscription, such as `200 OK`; empty if nothing was sent. */
let answer = "";
/** Counts the reads of the roster: the result of one is ignored after a newer one or a logout. */
let rosterReadings = 0;
/** Why the session ended without the user's doing, or that it was refreshed. */
let sessionNews = "";
/** Whether the user pressed Log out. */
let isLeaving = false;

recordFetch((exchange) => {
  if (exchange.url.endsWith("/SendPresenceSubscription")) {
    answer = `${exchange.status ?? ""} ${exchange.statusText}`.trim();
  }
  addExchange(byId("wire"), exchange);
});

AgentAPI.Account.OnSessionChange((event) => {
  const hasEnded = event.type === "logged-out";
  // A read that is under way belongs to the session that has ended. A lost session fails it anyway.
  if (hasEnded) rosterReadings += 1;
  sessionNews = hasEnded && isLeaving ? "" : newsOf(event);
  showSession();
  proposeAccount();
});

showRetries();

onSubmit(login, async () => {
  const { Host, Secure, UserName, Password, Seconds } = login;
  forgetFailures(login, "session-failure");
  sessionNews = "";
  try {
    AgentAPI.IO.SetHost(Host.value.trim(), Secure.checked);
    await AgentAPI.Account.Login(UserName.value, Password.value, Number(Seconds.value));
  } catch (error) {
    showFailure(error, login, byId("session-failure"));
    return showSession();
  }
  Password.value = "";
  showSession();
  // The button that had the focus is hidden now.
  byId("session-state").focus();
  await Promise.all([proposeContact(), readRoster()]);
});

onSubmit(logout, async () => {
  forgetFailures(login, "session-failure");
  isLeaving = true;
  try {
    await AgentAPI.Account.Logout();
  } catch (error) {
    // The session has ended here; only the broker doesn't know it.
    showFailure(error, null, byId("session-failure"));
  } finally {
    isLeaving = false;
  }
  showSession();
  proposeAccount();
  byId("session-state").focus();
});

onSubmit(subscription, async () => {
  forgetFailures(subscription, "response-failure");
  byId("outcome").textContent = "";
  byId("response-value").replaceChildren();
  answer = "";
  const start = performance.now();
  const elapsed = () => milliseconds(performance.now() - start);
  try {
    const response = await AgentAPI.Xmpp.SendPresenceSubscription(...formArguments());
    byId("outcome").textContent = response.reconciled
      ? `Sent: confirmed by the roster after ${elapsed()}. The response was lost, so the library ` +
        "checked the roster instead of sending again."
      : `${response.sent ? "Sent" : "Not sent"}: ${answer} in ${elapsed()}.`;
    byId("response-value").replaceChildren(...valueNodes(response));
  } catch (error) {
    const { code = "" } = /** @type {{ code?: string }} */ (error);
    if (UNANSWERED.includes(code)) answer = "no response";
    byId("outcome").textContent = answer ? `Failed: ${answer} in ${elapsed()}.` : "Nothing was sent.";
    const besideField = showFailure(error, subscription, byId("response-failure"));
    if (!besideField) reveal(byId("response"));
    return;
  }
  reveal(byId("response"));
  await readRoster();
});

subscription.addEventListener("input", showCode);
[login, subscription].forEach(clearFieldErrorsOnInput);
byId("copy").addEventListener("click", async () => {
  const copied = await copyTextOf(byId("code"));
  byId("copied").textContent = copied ? "Copied." : "Selected. Press Ctrl+C, or ⌘C, to copy.";
});

byId("methods").addEventListener("toggle", openMethods);

start();

/** Loads what only some visitors want; again if that failed. */
async function openMethods() {
  if (!byId("methods").open || !byId("method-form").hidden) return;
  byId("method-failure").replaceChildren();
  try {
    const { showMethods } = await import("./methods.js");
    await showMethods();
  } catch (error) {
    byId("method-failure").textContent = `The methods could not be loaded: ${error}`;
  }
}

async function start() {
  showCode();
  fillInBroker();
  showSession();
  await Promise.all([proposeContact(), continueSession()]);
}

/** Continues the session that this tab had before a reload. */
async function continueSession() {
  try {
    await AgentAPI.Account.RestartActiveSession();
  } catch (error) {
    showFailure(error, null, byId("session-failure"));
  }
  showSession();
  proposeAccount();
  if (currentSession()) await readRoster();
}

/** The arguments of the call, which the code beside the form shows too. */
function formArguments() {
  const { To, CustomXml, Language, Id } = subscription;
  return callArguments(To.value, CustomXml.value, Language.value, Id.value);
}

function showCode() {
  byId("code").replaceChildren(...codeNodes(formArguments()));
  byId("copied").textContent = "";
}

function showSession() {
  const session = currentSession();
  const broker = brokerAddress();
  byId("broker-address").textContent = broker;
  login.hidden = session !== null;
  logout.hidden = session === null;
  if (session) {
    const { userName, endsAt } = session;
    const sentence = `Logged in as ${userName} at ${broker} until ${clockTime(endsAt, "short")}.`;
    byId("session-state").textContent = `${sentence} ${sessionNews}`.trim();
  } else {
    byId("session-state").textContent = `Not logged in. ${sessionNews}`.trim();
    hideRoster();
  }
}

/** Fills in the demo account, which only the page's own broker is known to have. */
function proposeAccount() {
  if (!currentSession() && brokerAddress() === location.origin) fillInDemoAccount(login);
}

/** The URL of the broker; if the library has none, `proposeContact` shows why. */
function brokerAddress() {
  try {
    return AgentAPI.IO.GetBaseURL();
  } catch {
    return "unknown";
  }
}

/** Fills in the broker that this tab used before a reload. */
function fillInBroker() {
  const { protocol, host, origin } = new URL(brokerAddress(), location.href);
  if (origin === location.origin) return;
  login.Host.value = host;
  login.Secure.checked = protocol === "https:";
}

/** Fills in the demo's other account as the contact, at the domain of the broker. */
async function proposeContact() {
  const { To } = subscription;
  try {
    const url = AgentAPI.IO.GetBaseURL();
    if (url === knownBroker) return;
    const { domain } = await AgentAPI.Account.DomainInfo();
    knownBroker = url;
    if (!domain || To.value !== proposedContact) return;
    To.value = proposedContact = `bob@${domain}`;
    showCode();
  } catch (error) {
    showFailure(error, null, byId("session-failure"));
  }
}

async function readRoster() {
  const reading = ++rosterReadings;
  byId("roster-failure").replaceChildren();
  try {
    const { RosterItems } = await AgentAPI.Xmpp.GetRoster();
    if (reading !== rosterReadings || !currentSession()) return;
    byId("roster-state").textContent = RosterItems.length === 0 ? "No contacts yet." : "";
    showRoster(byId("roster"), RosterItems);
  } catch (error) {
    if (reading !== rosterReadings) return;
    byId("roster-state").textContent = "";
    showFailure(error, null, byId("roster-failure"));
    // A token that the broker refused is gone, and the roster with it.
    if (!currentSession()) hideRoster();
  }
}

function hideRoster() {
  byId("roster-state").textContent = "Log in to see the contacts.";
  showRoster(byId("roster"), []);
}

/**
 * @param {HTMLFormElement} form
 * @param {string} place the id of where its other failures are shown
 */
function forgetFailures(form, place) {
  clearFieldErrors(form);
  byId(place).replaceChildren();
}

/**
 * On a narrow page the result is below the button that asked for it.
 *
 * @param {HTMLElement} section
 */
function reveal(section) {
  section.scrollIntoView({ block: "nearest" });
}
