/*! neuron-agent-api 0.1.0 | MIT OR Apache-2.0 | generated from src/ by cargo xtask build */
// Types of neuron-agent-api. Written by hand; tests/types holds them to the generated ones.

/** What a caller can say of one call, beside its arguments. */
export interface CallOptions {
  /**
   * Gives the call up: the promise rejects at once with `code: "aborted"` and the signal's reason
   * as `cause`. A request that is under way may have arrived all the same.
   * @default none
   */
  signal?: AbortSignal | null;
  /**
   * The deadline for the whole call, in milliseconds: a whole number from 1 to 2147483647.
   * Past it the promise rejects with `code: "timeout"`.
   * @default 30000
   */
  timeoutMs?: number | null;
}

/** A contact in the account's roster (RFC 6121 §2). */
export interface RosterItem {
  /** The contact's bare JID, `user@domain`, as the broker normalised it. */
  bareJid: string;
  /** Whether a subscription request of the account waits for the contact's answer. */
  pendingSubscription: boolean;
  /**
   * Who sees whose presence: `None` nobody, `To` the account sees the contact's, `From` the
   * contact sees the account's, `Both` each the other's. Kept as the broker sent it; compare
   * without regard to case, and expect others.
   */
  status: "None" | "To" | "From" | "Both" | (string & {});
  /** The name that the account gave the contact; may be empty. */
  name: string;
  /** The names of the groups that the contact is in; may be empty. */
  Groups: string[];
}

/** The answer to {@link Xmpp.SendPresenceSubscription}. */
export interface PresenceSubscriptionResult {
  /** Whether the broker sent the stanza on. */
  sent: boolean;
  /** The id of the stanza: the caller's, or one that the broker made. */
  id: string;
  /** The contact's roster item after the request. Missing where the broker gives none. */
  RosterItem?: RosterItem;
}

/** The answer to {@link Xmpp.GetRoster}. */
export interface Roster {
  /** The contacts; empty where there are none. */
  RosterItems: RosterItem[];
}

/** The answer to {@link Account.Login} and {@link Account.Refresh}. */
export interface Token {
  /** The session's bearer token. It is a secret: whoever has it has the session. */
  jwt: string;
  /** When the token ends: ISO 8601, in UTC, as `2026-11-23T05:37:42Z`. */
  expires: string;
}

/** The answer to {@link Account.DomainInfo}. */
export interface DomainInfo {
  /** The broker's domain, the part after `@` of its accounts. */
  domain?: string;
  /** Whether the broker asks for an encrypted connection. */
  useEncryption: boolean;
  /** The domain's name, for people. */
  humanReadableName?: string;
  /** What the domain is for, for people. */
  humanReadableDescription?: string;
}

/** Which broker is spoken to, and on what terms. All of it is synchronous and sends nothing. */
export interface IO {
  /**
   * Chooses the broker. The choice lasts as long as the tab (elsewhere: the process). A session
   * with another broker ends here, for its token is nothing to show to this one.
   *
   * @param Host Host name with an optional port, as `neuron.example.org` or `127.0.0.1:8080`.
   *   `undefined`, `null` or `""` goes back to the default: the page's own host, and none outside
   *   a page.
   * @param Secure Whether to use TLS (`https`). Plain `http` is refused at the call, unless the
   *   host is this machine or {@link IO.AllowInsecure} was called. Default: `true`.
   * @throws {AgentApiError} `invalid-argument` for `Host` or `Secure`.
   * @example
   * AgentAPI.IO.SetHost("neuron.example.org");
   */
  SetHost(Host?: string | null, Secure?: boolean | null): void;
  /**
   * The broker's host name, with its port where that is not the protocol's own. Signatures cover it.
   * @throws {AgentApiError} `no-host` outside a page when none was set.
   */
  GetHost(): string;
  /**
   * Protocol and host, as `https://neuron.example.org`.
   * @throws {AgentApiError} `no-host` outside a page when none was set.
   */
  GetBaseURL(): string;
  /**
   * Allows plain `http` to hosts other than this machine, or forbids it again. For a developer's
   * own network: everybody on the way can read the session's token. Default: not allowed.
   * @throws {AgentApiError} `invalid-argument` for `Allowed`.
   */
  AllowInsecure(Allowed: boolean): void;
}

/** Sessions. */
export interface Account {
  /**
   * Reads what the broker says of its domain. Needs no session.
   * @throws {AgentApiError} Rejects; see the list of codes at {@link AgentApiErrorCode}.
   */
  DomainInfo(Options?: CallOptions | null): Promise<DomainInfo>;
  /**
   * Opens a session and keeps its token for the calls that follow: in a browser tab in
   * `sessionStorage`, under the keys of the maintainers' client, elsewhere in memory. The password
   * is not sent; it signs the request (HMAC-SHA256).
   *
   * @param UserName The account's name, the part before `@`.
   * @param Password The account's password; not empty.
   * @param Seconds How long the session shall last, in seconds: a whole number from 1 to 3600.
   * @param Options Signal and deadline.
   * @throws {AgentApiError} Rejects with `invalid-argument` before anything is sent, with
   *   `bad-request`, `unauthorized`, `forbidden` or `rate-limited` when the broker refuses.
   *   Do not repeat a refused login by itself: the broker counts, and blocks.
   * @example
   * await AgentAPI.Account.Login("alice", password, 3600);
   */
  Login(
    UserName: string,
    Password: string,
    Seconds: number,
    Options?: CallOptions | null,
  ): Promise<Token>;
  /**
   * Exchanges the session's token, while it is good, for a new one.
   * @param Seconds How long the new token shall last, in seconds: a whole number from 1 to 3600.
   * @param Options Signal and deadline.
   * @throws {AgentApiError} Rejects with `not-logged-in` without a session, or when the session
   *   ended meanwhile; with `unauthorized` when the broker does not take the token any more.
   */
  Refresh(Seconds: number, Options?: CallOptions | null): Promise<Token>;
  /**
   * Ends the session: here at once, whatever the broker answers, then at the broker. Without a
   * session it asks nobody.
   * @throws {AgentApiError} Rejects when the broker could not be told. The session has ended here
   *   all the same.
   */
  Logout(Options?: CallOptions | null): Promise<Record<string, never>>;
}

/** Messages, presence and contacts. All of it needs a session. */
export interface Xmpp {
  /**
   * Asks a contact for permission to see its presence (RFC 6121 §3.1). If the account has an
   * approved Legal ID, the broker adds it, so that the contact knows who asks.
   *
   * @param To The contact's address, a bare or full JID (RFC 7622), as `bob@example.org`.
   * @param CustomXml XML to add to the request: well-formed element content (any number of
   *   elements, text, comments, CDATA; no DOCTYPE, no processing instruction), at most 64 KiB of
   *   UTF-8, nested at most 64 deep. `undefined`, `null` and `""` mean none.
   * @param Language The language of what is human-readable in it: an ISO 639-1 code or a BCP 47
   *   tag, as `sv`. `undefined`, `null` and `""` mean none.
   * @param Id The id of the stanza, which comes back in the response. `undefined`, `null` and `""`
   *   let the broker make one.
   * @param Options Signal and deadline.
   * @returns Whether the request was sent, its id, and the contact's roster item. That it was sent
   *   does not mean that it was accepted: the contact answers later.
   * @throws {AgentApiError} Rejects with `invalid-argument` (and `parameter`) before anything is
   *   sent, with `unauthorized` when there is no session, else with any of
   *   {@link AgentApiErrorCode}.
   * @example
   * const response = await AgentAPI.Xmpp.SendPresenceSubscription(
   *   "bob@example.org",
   *   "<nick xmlns='http://jabber.org/protocol/nick'>Alice</nick>",
   *   "en",
   * );
   * if (response.sent) console.log(response.id, response.RosterItem?.pendingSubscription);
   */
  SendPresenceSubscription(
    To: string,
    CustomXml?: string | null,
    Language?: string | null,
    Id?: string | null,
    Options?: CallOptions | null,
  ): Promise<PresenceSubscriptionResult>;
  /**
   * Reads the account's contacts.
   * @param Offset How many to skip: a whole number from 0 to 2147483647. Default: the broker's, 0.
   * @param MaxCount How many to read at most: a whole number from 1 to 2147483647. Default: the
   *   broker's, all.
   * @param Options Signal and deadline.
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   */
  GetRoster(
    Offset?: number | null,
    MaxCount?: number | null,
    Options?: CallOptions | null,
  ): Promise<Roster>;
}

/** The client of the Agent API. */
export declare const AgentAPI: {
  /** Which broker is spoken to, and on what terms. */
  readonly IO: Readonly<IO>;
  /** Sessions. */
  readonly Account: Readonly<Account>;
  /** Messages, presence and contacts. */
  readonly Xmpp: Readonly<Xmpp>;
};

/**
 * What went wrong, for a program to branch on.
 *
 * | Code | When | What to do |
 * |---|---|---|
 * | `invalid-argument` | an argument breaks a rule; nothing was sent | mend the one in `parameter` |
 * | `no-host` | no host is set, and there is no page | `AgentAPI.IO.SetHost(…)` |
 * | `insecure-host` | plain `http` beyond this machine | use `https`, or `AgentAPI.IO.AllowInsecure(true)` |
 * | `not-logged-in` | the call needs a session, and there is none | `AgentAPI.Account.Login(…)` |
 * | `network` | no answer: unreachable, or blocked by the browser | look at `cause` and at the browser's console |
 * | `timeout` | no complete answer in time | try again; the request may have arrived |
 * | `aborted` | the caller's signal fired; its reason is `cause` | nothing |
 * | `bad-request` | 400, 422 | read the broker's sentence in `message` |
 * | `unauthorized` | 401; the token was dropped | log in |
 * | `forbidden` | 403 | the account lacks the right, or is not enabled |
 * | `not-found` | 404 | check host and item |
 * | `method-not-allowed`, `not-acceptable`, `unsupported-media-type` | 405, 406, 415 | check that the host is a Neuron® |
 * | `too-large` | 413 | send less |
 * | `rate-limited` | 429 | wait; repeated tries can block the address |
 * | `not-implemented` | 501 | the broker lacks this resource |
 * | `unavailable` | 503 | try again later |
 * | `server-error` | any other 5xx | try again later; tell the operator |
 * | `refused` | any other status, a redirect among them | read `status` |
 * | `bad-response` | the answer is not what the contract says | check that the host is a Neuron® |
 * | `unsupported` | this place lacks WebAssembly, `fetch` or randomness | use another one |
 * | `wasm-blocked` | the page's content security policy forbids WebAssembly | add `'wasm-unsafe-eval'` to `script-src` |
 * | `internal` | a defect of this package | tell us |
 */
export type AgentApiErrorCode =
  | "invalid-argument"
  | "no-host"
  | "insecure-host"
  | "not-logged-in"
  | "network"
  | "timeout"
  | "aborted"
  | "bad-request"
  | "unauthorized"
  | "forbidden"
  | "not-found"
  | "method-not-allowed"
  | "not-acceptable"
  | "unsupported-media-type"
  | "too-large"
  | "rate-limited"
  | "not-implemented"
  | "unavailable"
  | "server-error"
  | "refused"
  | "bad-response"
  | "unsupported"
  | "wasm-blocked"
  | "internal";

/**
 * A failed call. It holds no secret.
 *
 * @example
 * try {
 *   await AgentAPI.Xmpp.SendPresenceSubscription(address);
 * } catch (error) {
 *   if (!AgentApiError.is(error)) throw error;
 *   if (error.code === "invalid-argument") showBesideField(error.parameter, error.message);
 *   else show(error.message);
 * }
 */
export declare class AgentApiError extends Error {
  private constructor();
  /** Whether a value is such an error, be it of another copy of this package or another frame. */
  static is(value: unknown): value is AgentApiError;
  readonly name: "AgentApiError";
  /** What went wrong. */
  readonly code: AgentApiErrorCode;
  /** The method that failed, as `Xmpp.SendPresenceSubscription`. */
  readonly operation: string;
  /** The argument that breaks a rule, as `To`; with `invalid-argument` only. */
  readonly parameter?: string;
  /** The HTTP status; 0 for a redirect. Only where the broker answered. */
  readonly status?: number;
  /** The reason phrase of the answer; empty over HTTP/2. */
  readonly statusText?: string;
  /** {@link AgentApiError.status}, under the name of the maintainers' client. */
  readonly statusCode?: number;
  /** {@link AgentApiError.statusText}, under the name of the maintainers' client. */
  readonly statusMessage?: string;
  /** Account names offered in the place of one that is taken; empty where there are none. */
  readonly alternatives?: readonly string[];
  /** What was below: the error of `fetch`, the reason of the signal. */
  readonly cause?: unknown;
  /** A plain object of the properties above, for a log or another thread; without the stack and the cause. */
  toJSON(): Record<string, unknown>;
}
