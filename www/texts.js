// @ts-check
/**
 * Every sentence that the page's scripts show. The text of the first view stands in `index.html`, so that it is
 * there before any script is.
 */

/** The views: their headings, and what each is for. */
export const VIEWS = {
  call: {
    title: "neuron-agent-api: a presence subscription, live",
    heading: "Subscribe to a contact’s presence",
    intro:
      "This page makes one call of the Agent API from your browser to a broker. Log in, send, and see " +
      "the response, the contact in the roster, and the request as it went over the wire.",
  },
  people: {
    title: "neuron-agent-api: two people",
    heading: "Two people, side by side",
    intro:
      "Each has a client with a session of its own. Log both in, let one ask, and accept on the other " +
      "side: what one does appears at the other within a second.",
  },
  methods: {
    title: "neuron-agent-api: every method",
    heading: "Every method of the Agent API",
    intro:
      "A form for each, made from the same declarations as the library. The address of this page holds " +
      "the method and its arguments, except secrets, so that a form can be shared.",
  },
};

export const viewFailed = (/** @type {unknown} */ error) => `This view could not be loaded: ${error}`;

export const copied = {
  yes: "Copied.",
  no: "Selected. Press Ctrl+C, or ⌘C, to copy.",
};

export const session = {
  none: "Not logged in.",
  loggedIn: (/** @type {string} */ userName, /** @type {string} */ broker, /** @type {string} */ end) =>
    `Logged in as ${userName} at ${broker} until ${end}.`,
  inThisTab: "a broker in this tab",
  refreshed: (/** @type {string} */ time) => `Refreshed at ${time}.`,
  elsewhere: "Somebody logged out in another tab.",
  expired: (/** @type {string} */ owner) => `The session${owner} has expired.`,
  refused: (/** @type {string} */ owner) => `The broker refused the token${owner}.`,
  of: (/** @type {string} */ userName) => (userName ? ` of ${userName}` : ""),
};

export const outcome = {
  reconciled: (/** @type {string} */ elapsed) =>
    `Sent: confirmed by the roster after ${elapsed}. The response was lost, so the library ` +
    "checked the roster instead of sending again.",
  answered: (/** @type {boolean} */ sent, /** @type {string} */ answer, /** @type {string} */ elapsed) =>
    `${sent ? "Sent" : "Not sent"}: ${answer} in ${elapsed}.`,
  failed: (/** @type {string} */ answer, /** @type {string} */ elapsed) => `Failed: ${answer} in ${elapsed}.`,
  unanswered: "no response",
  unsent: "Nothing was sent.",
  retrying: (/** @type {number} */ attempt, /** @type {string} */ code) =>
    `Attempt ${attempt} failed: ${code}. Retrying…`,
};

export const failure = {
  attempts: (/** @type {number} */ attempts) => `after ${attempts} attempts`,
  ambiguous: "may have been processed",
  retryAt: (/** @type {string} */ moment) => `Log in again ${moment}.`,
  at: (/** @type {string} */ time) => `at ${time}`,
  on: (/** @type {string} */ date) => `on ${date}`,
};

export const code = {
  environment: (/** @type {string} */ name) => `// ${name}: in the environment`,
  token: "# TOKEN: the jwt that Account/Login returns",
  placeholders: "# <…>: secret, or signed with a secret (docs/wire.md)",
};

export const roster = {
  columns: { contact: "Contact", name: "Name", status: "Status", pending: "Pending", groups: "Groups" },
  yes: "yes",
  no: "no",
  empty: "No contacts yet.",
  loggedOut: "Log in to see the contacts.",
};

export const wire = {
  milliseconds: (/** @type {number} */ elapsedMs) => `${Math.round(elapsedMs)} ms`,
  elapsed: (/** @type {string} */ elapsed) => ` in ${elapsed}`,
  unanswered: "no response",
  attempt: (/** @type {number} */ attempt) => ` attempt ${attempt}`,
  cleared: "Cleared.",
  exported: (/** @type {string} */ file) => `Saved as ${file}, without secrets.`,
  facts: (
    /** @type {string} */ time,
    /** @type {number} */ sent,
    /** @type {number | undefined} */ received,
    /** @type {number | undefined} */ elapsedMs,
  ) =>
    `${time} · ${sent} bytes sent` +
    (received === undefined ? "" : ` · ${received} bytes received in ${Math.round(elapsedMs ?? 0)} ms`),
};

export const methods = {
  search: "Search",
  found: (/** @type {number} */ count, /** @type {number} */ all) => `${count} of ${all} methods`,
  unknown: (/** @type {string} */ name) => `there is no method ${name}`,
  optional: "Optional. ",
  call: "Call",
  somebody: "alice",
  value: "What the method returned",
  answered: (/** @type {string} */ elapsed) => `Answered in ${elapsed}.`,
  failed: (/** @type {string} */ elapsed) => `Failed after ${elapsed}.`,
  bytes: (/** @type {number} */ length) => `${length} bytes`,
  sameCall: "The same call as code",
  kind: "Kind of code",
  code: "Code",
  copyCode: "Copy",
  copyLink: "Copy link",
  forms: { npm: "npm", module: "page, module", script: "page, script", curl: "curl" },
};

export const timeline = {
  label: "Timeline",
  empty: "Nothing has happened yet.",
  page: "this page",
  kinds: {
    "logged-in": "Login",
    refreshed: "Refresh",
    lost: "Lost",
    "logged-out": "Logout",
    retry: "Retry",
  },
  session: (/** @type {{ userName: string, reason?: string }} */ { userName, reason }) =>
    `the session of ${userName}${reason ? ` (${reason})` : ""}`,
  retry: (
    /** @type {{ operation: string, attempt: number, code: string, status?: number, delayMs: number }} */ retry,
  ) =>
    `${retry.operation}, attempt ${retry.attempt} failed: ${retry.code}` +
    `${retry.status ? ` (${retry.status})` : ""}; again in ${Math.round(retry.delayMs)} ms`,
};

export const switches = {
  encoding: "Encoding",
  attemptMs: "An attempt, at most (ms)",
  totalMs: "A whole call, at most (ms)",
  fault: "Fault",
  faults: {
    none: "none",
    reset: "reset: nothing gets through",
    lost: "lost: handled, no response",
    hang: "hang: handled, never answered",
    "status=503": "503, Retry-After: 1",
    "status=429": "429, Retry-After: 1",
    html: "html: a page instead of JSON",
    empty: "empty: 204 instead of JSON",
  },
  share: "Meets",
  shares: { next: "the next request", some: "three in ten requests", all: "every request" },
  latency: "Delay of each request (ms)",
  hint:
    "For every client of this page. The faults are simulated here, between the library and the network; " +
    "PopMessages is spared. A broker with --fault has them too.",
  encodingSet: (/** @type {string} */ encoding) => `Requests are ${encoding.toUpperCase()} from now on.`,
  timeoutSet: (/** @type {number} */ milliseconds) => `Set to ${milliseconds} ms.`,
  faultSet: (/** @type {string} */ fault) => `Fault: ${fault}.`,
  faultSpent: "The request has met its fault; there is none now.",
};

export const people = {
  subscription: "The subscription between them",
  absent: "not logged in",
  stateSentence: (/** @type {string} */ name, /** @type {string} */ state) => `${name}: ${state}.`,
  stages: {
    none: (/** @type {string} */ asker, /** @type {string} */ contact) => `${asker} does not see ${contact}`,
    pending: (/** @type {string} */ asker, /** @type {string} */ contact) => `${asker} has asked ${contact}`,
    subscribed: (/** @type {string} */ asker, /** @type {string} */ contact) => `${asker} sees ${contact}`,
  },
  userName: "User name",
  password: "Password",
  logIn: "Log in",
  logOut: "Log out",
  tabBroker: "At the broker in this tab.",
  broker: (/** @type {string} */ broker) => `At ${broker}, the broker of the view One call.`,
  loggedOut: "Not logged in.",
  loggedIn: (/** @type {string} */ jid) => `Logged in as ${jid}.`,
  lost: (/** @type {string} */ reason) => `The session has ended: ${reason}.`,
  requests: "Requests",
  noRequests: "None waits for an answer.",
  languageOf: "Language",
  legalId: "Legal ID",
  accept: "Accept",
  decline: "Decline",
  asks: (/** @type {string} */ from) => `${from} asks to see your presence.`,
  accepted: (/** @type {string} */ from) => `Accepted: ${from} sees your presence.`,
  declined: (/** @type {string} */ from) => `Declined: ${from} does not see your presence.`,
  news: {
    subscribed: (/** @type {string} */ from) => `${from} has accepted: you see its presence.`,
    unsubscribed: (/** @type {string} */ from) => `${from} has declined: you don’t see its presence.`,
    unsubscribe: (/** @type {string} */ from) => `${from} has unsubscribed from your presence.`,
  },
  contacts: "Contacts",
  contactsOf: (/** @type {string} */ person) => `Contacts of ${person}`,
  noContacts: "No contacts yet.",
  actions: {
    withdraw: "Withdraw",
    unsubscribe: "Unsubscribe",
    cancel: "Stop sharing",
    remove: "Remove",
  },
  done: {
    withdraw: (/** @type {string} */ contact) => `Withdrawn: ${contact} is no longer asked.`,
    unsubscribe: (/** @type {string} */ contact) => `You no longer see the presence of ${contact}.`,
    cancel: (/** @type {string} */ contact) => `${contact} no longer sees your presence.`,
    remove: (/** @type {string} */ contact) => `Removed ${contact}.`,
  },
  askHeading: "Ask to see somebody’s presence",
  to: "To",
  customXml: "CustomXml",
  language: "Language",
  ask: "Ask",
  asked: (/** @type {string} */ to) => `Asked ${to}.`,
  notSent: (/** @type {string} */ to) => `The broker did not send it to ${to}.`,
  messages: "Messages",
  messagesOf: (/** @type {string} */ person) => `Messages of ${person}`,
  sentTo: (/** @type {string} */ to) => `to ${to}`,
  text: "Message",
  send: "Send",
  sent: (/** @type {string} */ to) => `Sent to ${to}.`,
};
