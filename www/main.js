// @ts-check
/** The first view: log in, send a presence subscription, see the outcome. */

import { AgentAPI } from "../pkg/index.js";
import { onSubmit } from "./busy.js";
import { watchSharedClient } from "./clients.js";
import { byId, clockTime } from "./dom.js";
import { showFailure } from "./failure.js";
import { clearFieldErrors, clearFieldErrorsOnInput } from "./fields.js";
import { isInThisTab, TAB_HOST } from "./network.js";
import { showRetries } from "./retries.js";
import { showRoster } from "./roster-view.js";
import { currentSession, fillInDemoAccount, isDemoBroker, newsOf } from "./session.js";
import { outcome, roster as rosterTexts, session as sessionTexts, wire } from "./texts.js";
import { valueNodes } from "./value-view.js";
import { startViews } from "./views.js";
import { onLog } from "./wire/log.js";

/** @type {HTMLFormElement} */
const login = byId("login");
/** @type {HTMLFormElement} */
const logout = byId("logout");
/** @type {HTMLFormElement} */
const subscription = byId("subscription");

const INPUTS = ["to", "customXml", "language", "id"].map((name) => ({
  name,
  parameter: name.charAt(0).toUpperCase() + name.slice(1),
  place: { is: "body" },
  kind: { is: "text" },
}));

/** What `pkg/resources.json` says of the one method of this view. All of that file is loaded for the others only. */
const DECLARATION = {
  group: "Xmpp",
  name: "SendPresenceSubscription",
  access: "token",
  method: "POST",
  path: "/Agent/Xmpp/SendPresenceSubscription",
  body: "object",
  parameters: INPUTS,
  request: INPUTS,
};

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
/** Shows the code of the call; nothing until that is loaded. */
let showCode = () => {};

chooseBroker();
watchSharedClient();
onLog({
  added({ client, url, status, statusText }) {
    if (client || !url.endsWith("/SendPresenceSubscription")) return;
    answer = `${status ?? ""} ${statusText}`.trim();
  },
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
  const elapsed = () => wire.milliseconds(performance.now() - start);
  try {
    const response = await AgentAPI.Xmpp.SendPresenceSubscription(...formArguments());
    byId("outcome").textContent = response.reconciled
      ? outcome.reconciled(elapsed())
      : outcome.answered(response.sent, answer, elapsed());
    byId("response-value").replaceChildren(...valueNodes(response));
  } catch (error) {
    const { code = "" } = /** @type {{ code?: string }} */ (error);
    if (UNANSWERED.includes(code)) answer = outcome.unanswered;
    byId("outcome").textContent = answer ? outcome.failed(answer, elapsed()) : outcome.unsent;
    const besideField = showFailure(error, subscription, byId("response-failure"));
    if (!besideField) reveal(byId("response"));
    return;
  }
  reveal(byId("response"));
  await readRoster();
});

[login, subscription].forEach(clearFieldErrorsOnInput);

start();

async function start() {
  fillInBroker();
  showSession();
  await Promise.all([showTheRest(), startViews(), proposeContact(), continueSession()]);
}

/** What shows and does not act: it is loaded once the forms can be used. */
async function showTheRest() {
  const [panel, code] = await Promise.all([import("./wire/panel.js"), import("./code-panel.js")]);
  panel.showPanel();
  showCode = code.showCodePanel(byId("code-panel"), subscription, currentCall);
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

/** The arguments of the call, which the code beside the form shows too. Optional ones that are empty are none. */
function formArguments() {
  const { To, CustomXml, Language, Id } = subscription;
  const optional = [CustomXml, Language, Id].map(({ value }) => value || null);
  return /** @type {[To: string, ...(string | null)[]]} */ ([To.value, ...optional]);
}

/** The call of the form, for the code beside it. */
function currentCall() {
  const { userName = login.UserName.value } = currentSession() ?? {};
  return { method: DECLARATION, values: formArguments(), userName, broker: brokerAddress() };
}

/**
 * The broker in this tab has no host that anybody has chosen, and is new with each load of the page: a session that
 * is stored is another broker's.
 */
function chooseBroker() {
  const wasInThisTab = new URL(brokerAddress()).host === TAB_HOST;
  // Ends the session.
  if (isInThisTab || wasInThisTab) AgentAPI.IO.SetHost();
  if (isInThisTab) AgentAPI.IO.SetHost(TAB_HOST);
}

function showSession() {
  const session = currentSession();
  const broker = isInThisTab ? sessionTexts.inThisTab : brokerAddress();
  byId("broker-address").textContent = broker;
  showCode();
  login.hidden = session !== null;
  logout.hidden = session === null;
  if (session) {
    const { userName, endsAt } = session;
    const sentence = sessionTexts.loggedIn(userName, broker, clockTime(endsAt, "short"));
    byId("session-state").textContent = `${sentence} ${sessionNews}`.trim();
  } else {
    byId("session-state").textContent = `${sessionTexts.none} ${sessionNews}`.trim();
    hideRoster();
  }
}

/** Fills in the demo account, which only the demo's brokers are known to have. */
function proposeAccount() {
  if (!currentSession() && isDemoBroker()) fillInDemoAccount(login);
}

/** The URL of the broker; this page's own if the library has none, and then `proposeContact` shows why. */
function brokerAddress() {
  try {
    return AgentAPI.IO.GetBaseURL();
  } catch {
    return location.origin;
  }
}

/** Fills in the broker that this tab used before a reload. */
function fillInBroker() {
  for (const id of ["broker-elsewhere", "broker-host"]) byId(id).hidden = isInThisTab;
  byId("broker-in-this-tab").hidden = !isInThisTab;
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
    byId("roster-state").textContent = RosterItems.length === 0 ? rosterTexts.empty : "";
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
  byId("roster-state").textContent = rosterTexts.loggedOut;
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
