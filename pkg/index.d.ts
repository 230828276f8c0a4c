/*! neuron-agent-api 0.1.0 | MIT OR Apache-2.0 | generated from src/ by cargo xtask build */
// Types of neuron-agent-api. Written by hand; tests/types holds them to the generated ones.

/** What is used of an `AbortSignal`, be it of this realm or another one, or a polyfill's. */
export interface Signal {
  /** Whether it has fired. */
  readonly aborted: boolean;
  /** Why it has fired. */
  readonly reason?: unknown;
  /** Hears of it. */
  addEventListener(type: "abort", listener: () => void): void;
  /** Stops hearing of it. */
  removeEventListener(type: "abort", listener: () => void): void;
}

/** The type of the global `fetch`, where the program's types have one. */
export type Fetch = typeof globalThis extends { fetch: infer Global }
  ? Global
  : (url: string, options: object) => Promise<unknown>;

/** What a caller can say of one call, beside its arguments. */
export interface CallOptions {
  /**
   * Gives the call up: the promise rejects at once with `code: "aborted"` and the signal's reason
   * as `cause`. A request that is under way may have arrived all the same.
   * @default none
   */
  signal?: Signal | null;
  /**
   * The deadline for the whole call, with all of its attempts, in milliseconds: a whole number from
   * 1 to 2147483647. Past it the promise rejects with `code: "timeout"`.
   * @default that of {@link IO.SetTimeout}: 30000
   */
  timeoutMs?: number | null;
  /**
   * The encoding of this call, in the place of that of {@link IO.SetEncoding}. The response is the
   * same object in both.
   * @default the client's
   */
  encoding?: Encoding | null;
}

/** How requests and responses are written: `application/json` or `text/xml`. */
export type Encoding = "json" | "xml";

/** How long calls may take. What is left out stays as it is. */
export interface Timeouts {
  /**
   * One attempt, the reading of the answer included, in milliseconds: from 1 to 2147483647.
   * @default 10000
   */
  attemptMs?: number | null;
  /**
   * A call, with all of its attempts, the pauses between them and the wait for its turn, in
   * milliseconds: from 1 to 2147483647.
   * @default 30000
   */
  totalMs?: number | null;
}

/** How much is asked for at a time. What is left out stays as it is. */
export interface Limits {
  /**
   * How many requests are under way at a time, the rest waiting in order: from 1 to 2147483647.
   * @default 32
   */
  maxInFlight?: number | null;
  /**
   * How large a response may be, in bytes: from 1 to 2147483647. A larger one is a `bad-response`.
   * That of {@link Xmpp.PopMessages} is read whatever its size, for it is nowhere else any more.
   * @default 8388608
   */
  maxResponseBytes?: number | null;
}

/** How much is written to the console; each level has those before it. */
export type LogLevel = "silent" | "error" | "warn" | "info" | "debug";

/** A request goes out. Nothing of what it holds is told. */
export interface RequestEvent {
  /** The number of the call, counted by its client: that of all requests of one call is the same. */
  readonly callId: number;
  /** The method, as `Xmpp.GetRoster`. */
  readonly operation: string;
  /** Which attempt of the call it is: 1 for the first. */
  readonly attempt: number;
  /** The method of HTTP. */
  readonly method: "GET" | "POST";
  /** The size of the body, in bytes of UTF-8. Missing for a `GET` and for a form. */
  readonly requestBytes?: number;
}

/** A request was answered, or will not be. There is one for each {@link RequestEvent}. */
export interface ResponseEvent extends RequestEvent {
  /** How long it took, in milliseconds. */
  readonly durationMs: number;
  /** The status. Missing without an answer. */
  readonly status?: number;
  /** The size of the body, in bytes of UTF-8. Missing without an answer. */
  readonly responseBytes?: number;
  /** What the attempt failed of. Missing where it succeeded. */
  readonly code?: AgentApiErrorCode;
}

/**
 * A call takes another request: the same again, or a look at the roster after a lost answer. There is one
 * for each request of a call but the first.
 */
export interface RetryEvent {
  /** The number of the call, as in {@link RequestEvent}. */
  readonly callId: number;
  /** The method, as `Xmpp.GetRoster`. */
  readonly operation: string;
  /** The attempt that failed: 1 for the first. */
  readonly attempt: number;
  /** What it failed of. */
  readonly code: AgentApiErrorCode;
  /** The status. Missing without an answer. */
  readonly status?: number;
  /** How long the pause before the next request is, in milliseconds. */
  readonly delayMs: number;
}

/** A session began, went on or ended. */
export interface SessionEvent {
  /**
   * `logged-in`; `refreshed`: its token was exchanged for a new one; `lost`: it ended, and nobody
   * logged out; `logged-out`: here or in another tab of the page, or another host was chosen.
   */
  readonly type: "logged-in" | "refreshed" | "lost" | "logged-out";
  /** Whose session it is, or was. */
  readonly userName: string;
  /** Why it was lost: its time was over, or the broker refused its token. */
  readonly reason?: "expired" | "refused";
}

/** Where a client keeps its session, in the place of the built-in ones. */
export interface SessionStore {
  /** What is kept under a key: a string, or nothing; or a promise of it. */
  getItem(key: string): string | null | undefined | Promise<string | null | undefined>;
  /** Keeps a string under a key. */
  setItem(key: string, value: string): unknown;
  /** Forgets what is kept under a key. */
  removeItem(key: string): unknown;
}

/** What {@link createAgentAPI} can be told. */
export interface ClientOptions {
  /**
   * The broker, as `neuron.example.org`.
   * @default the page's own host
   */
  host?: string | null;
  /**
   * Whether to use TLS for `host`.
   * @default true
   */
  secure?: boolean | null;
  /**
   * Where the session is kept: `"memory"`, `"session"` or `"local"` for the storages of the page
   * (memory where there is no page, and in a browser extension's script on a page that is not its
   * own), or an object of yours. A store whose `getItem` returns promises is read once, at the first
   * call. Where it can't take all of a session it is made to hold none of it.
   * @default "memory"
   */
  store?: "memory" | "session" | "local" | SessionStore;
  /**
   * How requests are written.
   * @default "json"
   */
  encoding?: Encoding | null;
  /**
   * See {@link Timeouts.attemptMs}.
   * @default 10000
   */
  attemptMs?: number | null;
  /**
   * See {@link Timeouts.totalMs}.
   * @default 30000
   */
  totalMs?: number | null;
  /**
   * See {@link Limits.maxInFlight}.
   * @default 32
   */
  maxInFlight?: number | null;
  /**
   * Used in the place of the global `fetch`.
   * @default globalThis.fetch
   */
  fetch?: Fetch;
  /**
   * Sent with each request to the broker, and to nobody else. None that the library or the browser
   * sends itself. In a page, the broker has to allow them (CORS).
   * @default none
   */
  headers?: Readonly<Record<string, string>>;
}

/**
 * An XML element as the broker shows it in JSON. Attributes are strings under their names as they
 * are written; child elements stand under their local names, one as an object, several as an array
 * ({@link IO.Children} makes it always an array).
 *
 * Where two have one name, the child elements keep it; the attribute and the text get `__` in front of
 * theirs, as often as it takes: `<a id="1"><id>2</id></a>` has `__id` and `id`. So does what is named
 * `__name`, `__ns` or `__proto__`. That is how this package reads XML; a Neuron® that answers in JSON
 * decides for itself.
 */
export interface XmlElement {
  /** Its local name. */
  __name: string;
  /** Its namespace; empty where there is none. */
  __ns: string;
  /** Its text; `__value` where a child element or an attribute is named `value`. */
  value?: string | XmlElement | XmlElement[];
  /** Attributes and child elements. */
  [name: string]: string | XmlElement | XmlElement[] | undefined;
}

/**
 * Called with the content element of a message that was pushed. One that can't be read, as one that is
 * nested more than 200 deep, comes as an object with `problem` and `raw`, see {@link ListEntry}.
 */
export type EventHandler = (data: XmlElement) => void;

/**
 * What each entry of a list may have. One that breaks the contract does not hide the others: it comes as
 * far as it can be read. What could not be read is empty then: `""`, `[]` or `false`.
 */
export interface ListEntry {
  /** What is wrong with the entry, as `timestamp is not a point in time`. Missing where all is well. */
  problem?: string;
  /** The entry as it came, in JSON or XML. There with `problem` only. */
  raw?: string;
}

/** The arguments of {@link Account.Create}, with a phone number or without. */
export type CreateArguments =
  | [
      UserName: string,
      EMail: string,
      PhoneNr: string | null | undefined,
      Password: string,
      ApiKey: string,
      Secret: string,
      Seconds: number,
      Language?: string | null,
      Options?: CallOptions | null,
    ]
  | [
      UserName: string,
      EMail: string,
      Password: string,
      ApiKey: string,
      Secret: string,
      Seconds: number,
      Language?: string | null,
      Options?: CallOptions | null,
    ];

/** Which broker is spoken to, and on what terms. All but `Request` is synchronous and sends nothing. */
export interface IO {
  /**
   * Chooses the broker. The choice lasts as long as the tab (elsewhere: the process). A session
   * with another broker ends here, for its token is nothing to show to this one.
   *
   * @param Host Host name with an optional port, such as `neuron.example.org` or `127.0.0.1:8080`.
   *   It is kept, signed and sent as a URL writes it: in lower case and ASCII, an IPv6 address at its
   *   shortest, without the protocol's own port. `undefined`, `null` or `""` goes back to the
   *   default: the page's own host, and none outside a page.
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
   * @example
   * AgentAPI.IO.GetHost(); // "neuron.example.org"
   */
  GetHost(): string;
  /**
   * Protocol and host, as `https://neuron.example.org`.
   * @throws {AgentApiError} `no-host` outside a page when none was set.
   * @example
   * AgentAPI.IO.GetBaseURL(); // "https://neuron.example.org"
   */
  GetBaseURL(): string;
  /**
   * Allows plain `http` to hosts other than this machine, or forbids it again. For a developer's
   * own network: everybody on the way can read the session's token. Default: not allowed. Lasts as
   * long as the choice of {@link IO.SetHost}.
   * @param Allowed Whether it is allowed.
   * @throws {AgentApiError} `invalid-argument` for `Allowed`.
   * @example
   * AgentAPI.IO.SetHost("192.168.0.2:8080", false);
   * AgentAPI.IO.AllowInsecure(true);
   */
  AllowInsecure(Allowed: boolean): void;
  /**
   * Chooses how requests and responses are written. The responses are the same objects in both.
   * `AuthenticateJwt` and `Request` are JSON always. Default: `"json"`.
   * @throws {AgentApiError} `invalid-argument` for `Encoding`.
   * @example
   * AgentAPI.IO.SetEncoding("xml");
   */
  SetEncoding(Encoding: Encoding): void;
  /**
   * Chooses how long an attempt may take, and a call with all of its attempts.
   * @throws {AgentApiError} `invalid-argument` for `Timeouts`.
   * @example
   * AgentAPI.IO.SetTimeout({ attemptMs: 5000, totalMs: 15000 });
   */
  SetTimeout(Timeouts: Timeouts): void;
  /**
   * Chooses how many requests are under way at a time, and how large a response may be.
   * @throws {AgentApiError} `invalid-argument` for `Limits`.
   * @example
   * AgentAPI.IO.SetLimits({ maxInFlight: 6, maxResponseBytes: 1_000_000 });
   */
  SetLimits(Limits: Limits): void;
  /**
   * Has a function called when a request goes out. What it throws goes to `reportError`.
   * @returns Takes it back.
   * @throws {AgentApiError} `invalid-argument` for `Listener`.
   * @example
   * const stop = AgentAPI.IO.OnRequest(({ operation, attempt }) => count(operation, attempt));
   */
  OnRequest(Listener: (event: RequestEvent) => void): () => void;
  /**
   * Has a function called when a request is answered, or will not be.
   * @returns Takes it back.
   * @throws {AgentApiError} `invalid-argument` for `Listener`.
   * @example
   * AgentAPI.IO.OnResponse(({ operation, durationMs }) => measure(operation, durationMs));
   */
  OnResponse(Listener: (event: ResponseEvent) => void): () => void;
  /**
   * Has a function called when a call takes another request.
   * @returns Takes it back.
   * @throws {AgentApiError} `invalid-argument` for `Listener`.
   * @example
   * AgentAPI.IO.OnRetry(({ code, delayMs }) => showBusy(code, delayMs));
   */
  OnRetry(Listener: (event: RetryEvent) => void): () => void;
  /**
   * Sends a request to any resource, for those that have no method yet.
   *
   * @param Resource A path, as `/Agent/Legal/GetIdentities`, or an absolute address. Only the
   *   configured broker is shown the session's token.
   * @param Payload What to send; without one, or with `null`, the request is a `GET`. What `fetch`
   *   takes goes as it is, with the media type that `fetch` gives it: `URLSearchParams`, `FormData`,
   *   `Blob`, `File`, `ArrayBuffer`, typed arrays, `DataView`, and `ReadableStream` where the host can
   *   send one; a stream is sent once only. A string goes as it is too: as `application/json` if it is
   *   JSON, else as `text/plain`. Everything else becomes JSON, and must be something that JSON can
   *   hold: no `Map`, `Set`, promise, Node stream, function, symbol, bigint, cycle, or instance of a
   *   class without `toJSON`, not even inside.
   * @param Internal Means something to the maintainers' client, and nothing here.
   * @param Language What `Accept-Language` shall say.
   * @param Options Signal and deadline.
   * @returns The JSON of the answer as it came; `null` where it was empty.
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @example
   * const identities = await AgentAPI.IO.Request("/Agent/Legal/GetIdentities", { offset: 0 });
   * await AgentAPI.IO.Request("/Agent/Storage/Content", new URLSearchParams({ name: "a.png" }));
   */
  Request(
    Resource: string,
    Payload?: object | string | null,
    Internal?: boolean | null,
    Language?: string | null,
    Options?: CallOptions | null,
  ): Promise<unknown>;
  /**
   * The child elements of a name, always as an array: the broker's JSON shows one as an object and
   * several as an array.
   * @example
   * for (const group of AgentAPI.IO.Children(element, "group")) console.log(group.value);
   */
  Children(Element: XmlElement | null | undefined, LocalName: string): XmlElement[];
  /**
   * Writes a line to the console: always without a level, as the maintainers' scripts do; with one,
   * as far as {@link IO.SetLogLevel} allows.
   * @throws {AgentApiError} `invalid-argument` for `Level`.
   * @example
   * AgentAPI.IO.Log("ready");
   */
  Log(Message: unknown, Level?: LogLevel | null): void;
  /**
   * Chooses what the library itself writes to the console: `warn` lost sessions, `info` every
   * change of a session, `debug` every request. No secret is ever written. Default: `"silent"`.
   * @throws {AgentApiError} `invalid-argument` for `Level`.
   * @example
   * AgentAPI.IO.SetLogLevel("debug");
   */
  SetLogLevel(Level: LogLevel): void;
}

/** Sessions. */
export interface Account {
  /**
   * Goes on with the session that is kept here: refreshes it when it is due, and forgets it when it
   * is over.
   * @returns Whether there is a session.
   * @throws {AgentApiError} Rejects as every call can ({@link AgentApiErrorCode}); not for a refresh
   *   that fails while the token is still good.
   * @example
   * if (!(await AgentAPI.Account.RestartActiveSession())) showLoginForm();
   */
  RestartActiveSession(Options?: CallOptions | null): Promise<boolean>;
  /**
   * Has a function called when a session begins, goes on or ends.
   * @returns Takes it back.
   * @throws {AgentApiError} `invalid-argument` for `Listener`.
   * @example
   * AgentAPI.Account.OnSessionChange(({ type }) => {
   *   if (type === "lost") showLoginForm();
   * });
   */
  OnSessionChange(Listener: (event: SessionEvent) => void): () => void;
  /**
   * A text for use in XML, as content or in an attribute. Synchronous.
   * @example
   * const xml = `<a b="${AgentAPI.Account.XmlEncode(text)}"/>`;
   */
  XmlEncode(Text: string): string;
}

/** Messages, presence and contacts. All of it needs a session. */
export interface Xmpp {
  /**
   * Has messages pushed to a function, in the place of being queued. The most specific handler
   * gets a message: what is left out stands for all.
   *
   * Opens a WebSocket to the broker, keeps it alive, and opens it again when it is lost. The
   * handlers end with the session. As long as there is one, a Node program goes on running.
   *
   * @param LocalName Local name of the messages' content element.
   * @param Namespace Its namespace.
   * @param Type The messages' type, as `chat`.
   * @param Function A function, or the dotted name of a global one, which is looked up when a
   *   message comes. A global `TabID`, which the broker's Events.js makes, is used for a name.
   * @param Options Signal and deadline.
   * @throws {AgentApiError} Rejects with `unsupported` where there is no `WebSocket`: poll with
   *   {@link Xmpp.PopMessages} there.
   * @example
   * await AgentAPI.Xmpp.RegisterEventHandler("alert", "urn:example", null, (alert) => {
   *   show(alert.level);
   * });
   */
  RegisterEventHandler(
    LocalName: string | null | undefined,
    Namespace: string | null | undefined,
    Type: string | null | undefined,
    Function: EventHandler | string,
    Options?: CallOptions | null,
  ): Promise<Record<string, never>>;
  /**
   * Ends what {@link Xmpp.RegisterEventHandler} began with the same three arguments.
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @example
   * await AgentAPI.Xmpp.UnregisterEventHandler("alert", "urn:example");
   */
  UnregisterEventHandler(
    LocalName?: string | null,
    Namespace?: string | null,
    Type?: string | null,
    Options?: CallOptions | null,
  ): Promise<Record<string, never>>;
}

/** The groups of the Agent API. */
export interface AgentAPI {
  /** Which broker is spoken to, and on what terms. */
  readonly IO: Readonly<IO>;
  /** Sessions. */
  readonly Account: Readonly<Account>;
  /** Messages, presence and contacts. */
  readonly Xmpp: Readonly<Xmpp>;
}

/** The client of the Agent API that all who import it share. */
export declare const AgentAPI: AgentAPI;

/** `[Symbol.dispose](): void`, where the program's types know that symbol (TypeScript 5.2). */
export type WithDispose = SymbolConstructor extends { readonly dispose: infer Key extends symbol }
  ? { [Name in Key]: () => void }
  : {};

/** A client of its own. */
export interface AgentAPIClient extends AgentAPI, WithDispose {
  /**
   * Ends its calls (`disposed`), timers, listeners and sockets. What is kept of the session stays;
   * to end that as well, await `Account.Logout()` first. Also under `Symbol.dispose`, for `using`.
   */
  dispose(): void;
}

/**
 * Makes a client beside {@link AgentAPI}, with a session and settings of its own.
 *
 * @param Options Host, store, deadlines; see {@link ClientOptions}.
 * @throws {AgentApiError} `invalid-argument` with the option in `parameter`.
 * @example
 * const work = createAgentAPI({ host: "neuron.example.org" });
 * await work.Account.Login("alice", password, 3600);
 */
export declare function createAgentAPI(Options?: ClientOptions): AgentAPIClient;

/**
 * What went wrong, for a program to branch on.
 *
 * | Code | When | What to do |
 * |---|---|---|
 * | `invalid-argument` | an argument breaks a rule; nothing was sent | fix the one in `parameter` |
 * | `no-host` | no host is set, and there is no page | `AgentAPI.IO.SetHost(…)` |
 * | `insecure-host` | plain `http` to another machine | use `https`, or `AllowInsecure(true)` |
 * | `not-logged-in` | the session was lost, or ended during the call, or a call that continues one (`Refresh`, `Transfer`) finds none | `AgentAPI.Account.Login(…)` |
 * | `network` | no response, or only part of one: unreachable, cut off, or blocked by the browser | look at `cause` and the browser's console; if it is `ambiguous`, check before retrying |
 * | `timeout` | no complete response in time (or status 408) | retry; if it is `ambiguous`, check first |
 * | `aborted` | your signal fired; its reason is `cause` | nothing; if it is `ambiguous`, check what happened |
 * | `bad-request` | status 400 or 422 | read the broker's sentence in `message` |
 * | `unauthorized` | status 401; the token was dropped | log in |
 * | `forbidden` | status 403 | the account lacks the right, or is not enabled |
 * | `not-found` | status 404 | check host and item |
 * | `method-not-allowed`, `not-acceptable`, `unsupported-media-type` | status 405, 406, 415 | check that the host is a Neuron® |
 * | `too-large` | status 413 | send less |
 * | `rate-limited` | status 429, or a login before the end of the pause that the broker asked for | wait until `retryAt`, or for `retryAfterMs`; more attempts can block the address |
 * | `not-implemented` | status 501 | the broker lacks this resource |
 * | `unavailable` | status 503 | try again later |
 * | `server-error` | any other 5xx | try again later; tell the operator |
 * | `refused` | any other status, including a redirect | read `status` |
 * | `bad-response` | the response breaks the contract, or is too large | check that the host is a Neuron®; `SetLimits` |
 * | `storage` | the store that was given to `createAgentAPI` failed, or still holds what `Logout` had to remove | look at `cause`; make sure that the store removes the token |
 * | `disposed` | the client has been disposed | create another: `createAgentAPI(…)` |
 * | `unsupported` | this environment lacks WebAssembly, `fetch` or randomness | use another one |
 * | `wasm-blocked` | the page's policy forbids WebAssembly | add `'wasm-unsafe-eval'` to `script-src` |
 * | `internal` | a bug in this package | please report it |
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
  | "storage"
  | "disposed"
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
  /**
   * The HTTP status. A redirect is not followed: in a browser its status is 0, elsewhere its own. Only
   * where the broker answered.
   */
  readonly status?: number;
  /** The reason phrase of the answer; empty over HTTP/2. */
  readonly statusText?: string;
  /** {@link AgentApiError.status}, under the name of the maintainers' client. */
  readonly statusCode?: number;
  /** {@link AgentApiError.statusText}, under the name of the maintainers' client. */
  readonly statusMessage?: string;
  /** Account names offered in the place of one that is taken; empty where there are none. */
  readonly alternatives?: readonly string[];
  /** How many requests the call sent. */
  readonly attempts: number;
  /** How long the broker asks to wait, in milliseconds. */
  readonly retryAfterMs?: number;
  /**
   * Until when logins are refused here without asking the broker: ISO 8601, in UTC. After a login
   * that the broker answered with 429, "Try again in …".
   */
  readonly retryAt?: string;
  /**
   * Set where nobody knows whether the broker did what was asked: no answer came, or none that can
   * be understood, or the broker failed in the middle (500). Look before you repeat the call.
   * Missing where nothing happened.
   */
  readonly ambiguous?: true;
  /** What was below: the error of `fetch`, the reason of the signal. */
  readonly cause?: unknown;
  /**
   * A plain object of the properties above, for a log or another thread; without the stack and the
   * cause. Send this, and not the error: `structuredClone` and `postMessage` make a plain `Error` of an
   * error, which has lost its code.
   */
  toJSON(): Record<string, unknown>;
  /**
   * The error that `toJSON` was called on, on the other side of a worker's or a network's border.
   * Throws an `AgentApiError` with the code `invalid-argument` for what has no `code` and `message`.
   * @example
   * worker.onmessage = ({ data }) => reject(AgentApiError.fromJSON(data.error));
   */
  static fromJSON(json: Readonly<Record<string, unknown>>): AgentApiError;
}

/** What a broker says of its domain. The response of {@link Account.DomainInfo}. */
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

/** An account that was made, with its first session. The response of {@link Account.Create}. */
export interface AccountCreated {
  /** When the account was made: ISO 8601, in UTC. */
  created: string;
  /** When the account was last changed: ISO 8601, in UTC. */
  updated?: string;
  /** Whether the account can be used; not before its addresses are verified. */
  enabled: boolean;
  /** Whether the account may relay e-mail. */
  canRelay: boolean;
  /** The session's bearer token. It is a secret: whoever has it has the session. */
  jwt: string;
  /** When the token ends: ISO 8601, in UTC. */
  expires: string;
  /** Whether a code was sent to the e-mail address. */
  eMailCodeSent?: boolean;
  /** Whether a code was sent to the phone number. */
  phoneNrCodeSent?: boolean;
}

/**
 * An account that was made with the broker's web form. The response of
 * {@link Account.GetSessionToken}.
 */
export interface SessionToken {
  /** The account and its token. */
  AccountCreated: AccountCreated;
  /** How long the session lasts, in seconds. */
  seconds: number;
}

/** An e-mail address that was verified. The response of {@link Account.VerifyEMail}. */
export interface EMailVerified {
  /** The address. */
  eMail: string;
  /** The account's name. */
  userName: string;
}

/** A phone number that was verified. The response of {@link Account.VerifyPhoneNr}. */
export interface PhoneNrVerified {
  /** The number. */
  phoneNr: string;
  /** The account's name. */
  userName: string;
}

/**
 * A session's token. The response of {@link Account.Login}, {@link Account.WwwLogin} and
 * {@link Account.Refresh}.
 */
export interface Token {
  /** The session's bearer token. It is a secret: whoever has it has the session. */
  jwt: string;
  /** When the token ends: ISO 8601, in UTC. */
  expires: string;
}

/** The session of a Quick-Login. The response of {@link Account.QuickLogin}. */
export interface QuickLoginResult {
  /** The session's bearer token. It is a secret: whoever has it has the session. */
  jwt: string;
  /** The account's name. */
  userName: string;
  /** When the token ends: ISO 8601, in UTC. */
  expires: string;
}

/** A token that the broker takes for its own. The response of {@link Account.AuthenticateJwt}. */
export interface JwtInfo {
  /** The first part of the token. */
  header: string;
  /** The second part of the token. */
  payload: string;
  /** The third part of the token. */
  signature: string;
  /** The algorithm of the signature, such as `HS256`. */
  algorithm: string;
  /** All claims, as they are in the token. */
  claims: unknown;
  /** The type of the token, such as `JWT`. */
  type?: string;
  /** Who issued it. */
  issuer?: string;
  /** Whom it is about: the account's name. */
  subject?: string;
  /** Its id. */
  id?: string;
  /** Whom it is for; empty if it does not say. */
  audience: string[];
  /** When it ends: ISO 8601, in UTC. */
  expiration?: string;
  /** Before when it is not good: ISO 8601, in UTC. */
  notBefore?: string;
  /** When it was issued: ISO 8601, in UTC. */
  issuedAt?: string;
}

/** What the broker knows of an account. The response of {@link Account.Info}. */
export interface AccountInfo {
  /** The account's name. */
  userName: string;
  /** When the account was made: ISO 8601, in UTC. */
  created: string;
  /** When the account was last changed: ISO 8601, in UTC. */
  updated?: string;
  /** The e-mail address; `""` for none. Missing if the account is not enabled. */
  eMail?: string;
  /** When the e-mail address was verified: ISO 8601, in UTC. */
  eMailVerified?: string;
  /** The phone number; `""` for none. Missing if the account is not enabled. */
  phoneNr?: string;
  /** When the phone number was verified: ISO 8601, in UTC. */
  phoneNrVerified?: string;
}

/** A code by which another app takes an account over. The response of {@link Account.Transfer}. */
export interface TransferCode {
  /** The URI that the other app takes. */
  onboardingUri: string;
  /** Where to get it as a QR code. */
  qrCodeUrl: string;
  /** The width of that image, in pixels. */
  qrCodeWidth: number;
  /** The height of that image, in pixels. */
  qrCodeHeight: number;
}

/** What another broker is to be shown. The response of {@link Account.PrepareRemoteQuickLogin}. */
export interface RemoteQuickLoginPreparation {
  /** The Legal ID to show to the other broker. */
  legalId: string;
}

/** How far a login to another broker has come. The response of {@link Account.RemoteQuickLogin}. */
export interface RemoteQuickLoginResult {
  /** Whether the session is logged in already. */
  loggedIn: boolean;
  /** Whether the person was asked for consent. */
  petitionSent: boolean;
}

/**
 * Where else Legal IDs of an account are known. The response of {@link Account.RemoteReferences}.
 */
export interface RemoteReferences {
  /** Where Legal IDs of the account are known; may be incomplete. */
  References: (RemoteReference & ListEntry)[];
}

/** Where a Legal ID of an account is known. */
export interface RemoteReference extends ListEntry {
  /** The other broker's domain. */
  domain: string;
  /** The Legal ID there. */
  legalId: string;
}

/**
 * A stanza that was to be sent. The response of {@link Xmpp.SendTextMessage},
 * {@link Xmpp.SendFormattedMessage}, {@link Xmpp.SendXmlMessage},
 * {@link Xmpp.SendPresenceUnsubscription} and {@link Xmpp.SendSubscriptionDeclined}.
 */
export interface StanzaResult {
  /** Whether the broker sent the stanza on. */
  sent: boolean;
  /** The id of the stanza: the caller's, or one that the broker made. */
  id: string;
  /**
   * Set if the response was lost and the roster shows that the stanza arrived. The `id` is the
   * caller's then, or empty. With {@link Xmpp.SendPresenceSubscription},
   * {@link Xmpp.SendPresenceUnsubscription} and {@link Xmpp.SendSubscriptionAccepted} only.
   */
  reconciled?: true;
}

/**
 * A subscription request that was to be sent. The response of
 * {@link Xmpp.SendPresenceSubscription}.
 */
export interface PresenceSubscriptionResult {
  /** Whether the broker sent the stanza on. */
  sent: boolean;
  /** The id of the stanza: the caller's, or one that the broker made. */
  id: string;
  /** The contact's roster item afterwards. Missing if the broker gives none. */
  RosterItem?: RosterItem;
  /**
   * Set if the response was lost and the roster shows that the stanza arrived. The `id` is the
   * caller's then, or empty. With {@link Xmpp.SendPresenceSubscription},
   * {@link Xmpp.SendPresenceUnsubscription} and {@link Xmpp.SendSubscriptionAccepted} only.
   */
  reconciled?: true;
}

/**
 * A contact in the account's roster (RFC 6121 §2). The response of {@link Xmpp.GetRosterItem},
 * {@link Xmpp.SetRosterItem} and {@link Xmpp.RemoveRosterItem}.
 */
export interface RosterItem {
  /** The contact's bare JID, `user@domain`, as the broker normalised it. */
  bareJid: string;
  /** Whether a subscription request of the account waits for the contact's answer. */
  pendingSubscription: boolean;
  /**
   * Who sees whose presence: `None` nobody, `To` the account sees the contact's, `From` the contact
   * sees the account's, `Both` each the other's. Kept as the broker sent it; compare without regard
   * to case, and expect others.
   */
  status: "None" | "To" | "From" | "Both" | (string & {});
  /** The name that the account gave the contact; may be empty. */
  name: string;
  /** The names of the groups that the contact is in; may be empty. */
  Groups: string[];
}

/** A permission that was to be sent. The response of {@link Xmpp.SendSubscriptionAccepted}. */
export interface SubscriptionAcceptedResult {
  /** Whether the broker sent the stanza on. */
  sent: boolean;
  /** The id of the stanza: the caller's, or one that the broker made. */
  id: string;
  /** The contact's roster item afterwards. Missing if the broker gives none. */
  RosterItem?: RosterItem;
  /**
   * Set if the response was lost and the roster shows that the stanza arrived. The `id` is the
   * caller's then, or empty. With {@link Xmpp.SendPresenceSubscription},
   * {@link Xmpp.SendPresenceUnsubscription} and {@link Xmpp.SendSubscriptionAccepted} only.
   */
  reconciled?: true;
}

/** Contacts of an account. The response of {@link Xmpp.GetRoster}. */
export interface Roster {
  /** The contacts; empty if there are none. */
  RosterItems: (RosterItem & ListEntry)[];
}

/** The latest presence of a contact. The response of {@link Xmpp.PresenceProbe}. */
export interface ProbeResult {
  /** The full JID that the latest presence came from. */
  jid: string;
  /** `""` for available, else `unavailable` (RFC 6121 §4.7.1). */
  type: "" | "unavailable" | (string & {});
  /** When it came: ISO 8601, in UTC. */
  received: string;
  /** The presence stanza. */
  Stanza: XmlElement;
}

/** What a contact's program answered. The response of {@link Xmpp.InformationQuery}. */
export interface QueryResult {
  /** Whether the contact answered with a result. An error is an answer too, and is not thrown. */
  ok: boolean;
  /** The old numeric code of the error. */
  errorCode?: number;
  /** The error in words. */
  errorText?: string;
  /** The type of the error (RFC 6120 §8.3.2), such as `cancel`. */
  errorType?: string;
  /** The error element. */
  ErrorElement?: XmlElement;
  /** The stanza that came back. */
  Stanza?: XmlElement;
}

/** Messages that were queued. The response of {@link Xmpp.PopMessages}. */
export interface MessagesResult {
  /** The messages, oldest first; empty if there are none. */
  Messages: (Message & ListEntry)[];
}

/** A message that was queued. */
export interface Message extends ListEntry {
  /** The id of the stanza. */
  id?: string;
  /** Whom it is from. */
  from: string;
  /** Whom it was sent to. */
  to: string;
  /** The language of what is human-readable in it. */
  lang?: string;
  /** The type of the stanza, such as `chat`. */
  type: string;
  /** When the broker got it: ISO 8601, in UTC. */
  timestamp: string;
  /** The child elements of the stanza. */
  Content: XmlElement[];
}

/** How much of the queue was deleted. The response of {@link Xmpp.ClearMessages}. */
export interface MessagesCleared {
  /** How many messages were deleted. */
  count: number;
}

export interface Account {
  /**
   * Reads what the broker says of its domain. Needs no session.
   *
   * @param Language In which language. An ISO 639-1 code or a BCP 47 tag, such as `sv`.
   *   `undefined`, `null` and `""` mean none.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @see Agent API, Account/DomainInfo
   * @example
   * const { domain } = await AgentAPI.Account.DomainInfo("en");
   */
  DomainInfo(Language?: string | null, Options?: CallOptions | null): Promise<DomainInfo>;

  /**
   * Makes an account and opens a session for it. The account is disabled until the e-mail address
   * (and the phone number, if one is given) is verified. An account that exists, with the same
   * password, is logged in to.
   *
   * The arguments come in two orders, with `PhoneNr` as the third or without it. `Secret` signs the
   * request and is not sent.
   *
   * `UserName`: The account's name, the part before `@`.
   *
   * `EMail`: The e-mail address.
   *
   * `PhoneNr`: The phone number, with `+` and the country. `undefined`, `null` and `""` mean none.
   *
   * `Password`: The account's password, which the broker is sent.
   *
   * `ApiKey`: The API key, which the broker's operator gives out.
   *
   * `Secret`: The secret of the API key. It signs the request and is not sent.
   *
   * `Seconds`: How long the session shall last, in seconds. A whole number from 1 to 3600.
   *
   * `Language`: The language of the messages that ask for verification. An ISO 639-1 code or a BCP
   * 47 tag, such as `sv`. `undefined`, `null` and `""` mean none.
   *
   * @throws {AgentApiError} Rejects with `bad-request` and `alternatives` if the name is taken.
   * @see Agent API, Account/Create
   * @example
   * await AgentAPI.Account.Create("alice", "alice@example.org", password, apiKey, secret, 3600);
   */
  Create(...Arguments: CreateArguments): Promise<AccountCreated>;

  /**
   * Takes over the session of an account that was made with the broker's web form, in the same HTTP
   * session.
   *
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @see Agent API, Account/GetSessionToken
   * @example
   * const { seconds } = await AgentAPI.Account.GetSessionToken();
   */
  GetSessionToken(Options?: CallOptions | null): Promise<SessionToken>;

  /**
   * Tells the broker the code that it sent to an e-mail address. Wrong codes are counted.
   *
   * @param EMail The address.
   * @param Code The digits; as a string they keep their leading zeros.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @see Agent API, Account/VerifyEMail
   * @example
   * await AgentAPI.Account.VerifyEMail("alice@example.org", "123456");
   */
  VerifyEMail(
    EMail: string,
    Code: string | number,
    Options?: CallOptions | null,
  ): Promise<EMailVerified>;

  /**
   * Tells the broker the code that it sent to a phone number. Wrong codes are counted.
   *
   * @param PhoneNr The number, as it was given.
   * @param Code The digits; as a string they keep their leading zeros.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @see Agent API, Account/VerifyPhoneNr
   * @example
   * await AgentAPI.Account.VerifyPhoneNr("+46700000000", "123456");
   */
  VerifyPhoneNr(
    PhoneNr: string,
    Code: string | number,
    Options?: CallOptions | null,
  ): Promise<PhoneNrVerified>;

  /**
   * Has the codes sent again, for what is not verified yet.
   *
   * @param EMail The e-mail address of the account.
   * @param PhoneNr Its phone number. `undefined`, `null` and `""` mean none.
   * @param Language The language of the messages. An ISO 639-1 code or a BCP 47 tag, such as `sv`.
   *   `undefined`, `null` and `""` mean none.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @see Agent API, Account/ResendVerificationCodes
   * @example
   * await AgentAPI.Account.ResendVerificationCodes("alice@example.org");
   */
  ResendVerificationCodes(
    EMail: string,
    PhoneNr?: string | null,
    Language?: string | null,
    Options?: CallOptions | null,
  ): Promise<Record<string, never>>;

  /**
   * Opens a session and keeps its token for the calls that follow: in a browser tab in
   * `sessionStorage`, under the keys of the maintainers' client, elsewhere in memory, where it is
   * the one session of the whole process ({@link createAgentAPI} makes others). The password is not
   * sent; it signs the request (HMAC-SHA256).
   *
   * The token is exchanged for a new one at half of its life, while the page is visible or before
   * the next call. After failed logins a broker may ask for a pause: until it is over (`retryAt` of
   * the error) logins are refused here, and nothing is sent.
   *
   * @param UserName The account's name, the part before `@`.
   * @param Password The account's password; not empty. However it was typed, it is signed in one
   *   form (RFC 8265: composed characters, plain spaces).
   * @param Seconds How long the session shall last, in seconds. A whole number from 1 to 3600.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects with `invalid-argument` before anything is sent, with
   *   `bad-request`, `unauthorized`, `forbidden` or `rate-limited` if the broker refuses. Do not
   *   repeat a refused login in a loop: the broker counts, and blocks.
   * @see Agent API, Account/Login; RFC 8265 for the password
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
   * Takes over the session of a Quick-Login that was completed in this HTTP session.
   *
   * @param Seconds How long the session shall last, in seconds. A whole number from 1 to 3600.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @see Agent API, Account/QuickLogin
   * @example
   * const { userName } = await AgentAPI.Account.QuickLogin(3600);
   */
  QuickLogin(Seconds: number, Options?: CallOptions | null): Promise<QuickLoginResult>;

  /**
   * Opens a session with the password itself, in the header `Authorization`. Prefer
   * {@link Account.Login}, which does not send it.
   *
   * @param UserName The account's name, the part before `@`.
   * @param Password The account's password; not empty. However it was typed, it is signed in one
   *   form (RFC 8265: composed characters, plain spaces).
   * @param Seconds How long the session shall last, in seconds. A whole number from 1 to 3600.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @see Agent API, Account/WwwLogin; RFC 7617
   * @example
   * await AgentAPI.Account.WwwLogin("alice", password, 3600);
   */
  WwwLogin(
    UserName: string,
    Password: string,
    Seconds: number,
    Options?: CallOptions | null,
  ): Promise<Token>;

  /**
   * Exchanges the session's token, while it is good, for a new one.
   *
   * @param Seconds How long the session shall last, in seconds. A whole number from 1 to 3600.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects with `not-logged-in` without a session, or if the session ended
   *   meanwhile; with `unauthorized` if the broker does not take the token any more.
   * @see Agent API, Account/Refresh
   * @example
   * const { expires } = await AgentAPI.Account.Refresh(3600);
   */
  Refresh(Seconds: number, Options?: CallOptions | null): Promise<Token>;

  /**
   * Ends the session: here at once, whatever the broker answers, then at the broker, and in the
   * other tabs of the page that keep one of the same user in the same storage. Without a session it
   * asks nobody.
   *
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects if the broker could not be told. The session has ended here all
   *   the same.
   * @see Agent API, Account/Logout
   * @example
   * await AgentAPI.Account.Logout();
   */
  Logout(Options?: CallOptions | null): Promise<Record<string, never>>;

  /**
   * Asks for help with an account whose password is lost. The answer tells nothing, on purpose.
   * Give a user name or a personal number (with its country), and an e-mail address or a phone
   * number.
   *
   * @param UserName The account's name. `undefined`, `null` and `""` mean none.
   * @param PersonalNr The personal number of who owns it. `undefined`, `null` and `""` mean none.
   * @param Country The country of the personal number, such as `SE`. `undefined`, `null` and `""`
   *   mean none.
   * @param EMail The e-mail address of the account. `undefined`, `null` and `""` mean none.
   * @param PhoneNr Its phone number. `undefined`, `null` and `""` mean none.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @see Agent API, Account/Recover
   * @example
   * await AgentAPI.Account.Recover("alice", null, null, "alice@example.org");
   */
  Recover(
    UserName?: string | null,
    PersonalNr?: string | null,
    Country?: string | null,
    EMail?: string | null,
    PhoneNr?: string | null,
    Options?: CallOptions | null,
  ): Promise<Record<string, never>>;

  /**
   * Has the broker say whether a token is one of its own, and what it holds. In JSON whatever the
   * encoding.
   *
   * @param Token The token.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects if it is not good.
   * @see Agent API, Account/AuthenticateJwt; RFC 7519 for the claims
   * @example
   * const { subject } = await AgentAPI.Account.AuthenticateJwt(token);
   */
  AuthenticateJwt(Token: string, Options?: CallOptions | null): Promise<JwtInfo>;

  /**
   * Reads what the broker knows of the account.
   *
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @see Agent API, Account/Info
   * @example
   * const { created } = await AgentAPI.Account.Info();
   */
  Info(Options?: CallOptions | null): Promise<AccountInfo>;

  /**
   * Makes a code by which another app takes the account and its Legal ID over. The two passwords
   * sign the request and are not sent.
   *
   * @param LocalName The local name of the key's algorithm.
   * @param Namespace The namespace of the key's algorithm.
   * @param KeyId The key.
   * @param KeyPassword The key's password.
   * @param AccountPassword The account's password.
   * @param Pin A PIN that the other app shall ask for. `undefined`, `null` and `""` mean none.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @see Agent API, Account/Transfer
   * @example
   * const { qrCodeUrl } = await AgentAPI.Account.Transfer(
   *   "ed448", "urn:nf:iot:e2e:1.0", keyId, keyPassword, accountPassword, "1234",
   * );
   */
  Transfer(
    LocalName: string,
    Namespace: string,
    KeyId: string,
    KeyPassword: string,
    AccountPassword: string,
    Pin?: string | null,
    Options?: CallOptions | null,
  ): Promise<TransferCode>;

  /**
   * Asks the own broker for the Legal ID to show to another one.
   *
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @see Agent API, Account/PrepareRemoteQuickLogin
   * @example
   * const { legalId } = await AgentAPI.Account.PrepareRemoteQuickLogin();
   */
  PrepareRemoteQuickLogin(Options?: CallOptions | null): Promise<RemoteQuickLoginPreparation>;

  /**
   * Logs in to another broker with a Legal ID, over TLS. It is shown no token of this session.
   *
   * @param Domain The other broker's host. A host name with an optional port.
   * @param LegalId The Legal ID of {@link Account.PrepareRemoteQuickLogin}.
   * @param Purpose What the person is told it is for.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @see Agent API, Account/RemoteQuickLogin
   * @example
   * await AgentAPI.Account.RemoteQuickLogin("other.example.org", legalId, "To log in.");
   */
  RemoteQuickLogin(
    Domain: string,
    LegalId: string,
    Purpose: string,
    Options?: CallOptions | null,
  ): Promise<RemoteQuickLoginResult>;

  /**
   * Reads where else Legal IDs of the account are known.
   *
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @see Agent API, Account/RemoteReferences
   * @example
   * const { References } = await AgentAPI.Account.RemoteReferences();
   */
  RemoteReferences(Options?: CallOptions | null): Promise<RemoteReferences>;
}

export interface Xmpp {
  /**
   * Sends a chat message of plain text (RFC 6121 §5).
   *
   * @param To The recipient's address. A bare or full JID (RFC 7622), such as `bob@example.org`.
   * @param Message The text.
   * @param Subject What it is about. `undefined`, `null` and `""` mean none.
   * @param Language The language of what is human-readable in it. An ISO 639-1 code or a BCP 47
   *   tag, such as `sv`. `undefined`, `null` and `""` mean none.
   * @param Id The id of the stanza, which comes back in the response. Without one, the broker makes
   *   it. Visible characters, at most 1023 bytes. `undefined`, `null` and `""` mean none.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @see Agent API, Xmpp/SendTextMessage; RFC 6121 §5
   * @example
   * await AgentAPI.Xmpp.SendTextMessage("bob@example.org", "Hi!");
   */
  SendTextMessage(
    To: string,
    Message: string,
    Subject?: string | null,
    Language?: string | null,
    Id?: string | null,
    Options?: CallOptions | null,
  ): Promise<StanzaResult>;

  /**
   * Sends a chat message of Markdown. The recipient gets it as text, as HTML and as Markdown.
   *
   * @param To The recipient's address. A bare or full JID (RFC 7622), such as `bob@example.org`.
   * @param Message The Markdown.
   * @param Subject What it is about. `undefined`, `null` and `""` mean none.
   * @param Language The language of what is human-readable in it. An ISO 639-1 code or a BCP 47
   *   tag, such as `sv`. `undefined`, `null` and `""` mean none.
   * @param Id The id of the stanza, which comes back in the response. Without one, the broker makes
   *   it. Visible characters, at most 1023 bytes. `undefined`, `null` and `""` mean none.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @see Agent API, Xmpp/SendFormattedMessage
   * @example
   * await AgentAPI.Xmpp.SendFormattedMessage("bob@example.org", "Hi, **Bob**!");
   */
  SendFormattedMessage(
    To: string,
    Message: string,
    Subject?: string | null,
    Language?: string | null,
    Id?: string | null,
    Options?: CallOptions | null,
  ): Promise<StanzaResult>;

  /**
   * Sends a message of custom XML.
   *
   * @param To The recipient's address. A bare or full JID (RFC 7622), such as `bob@example.org`.
   * @param Xml The XML. Well-formed element content (any number of elements, text, comments, CDATA;
   *   no DOCTYPE, no processing instruction), at most 1 MiB of UTF-8, nested at most 64 deep.
   * @param Subject What it is about. `undefined`, `null` and `""` mean none.
   * @param Language The language of what is human-readable in it. An ISO 639-1 code or a BCP 47
   *   tag, such as `sv`. `undefined`, `null` and `""` mean none.
   * @param Id The id of the stanza, which comes back in the response. Without one, the broker makes
   *   it. Visible characters, at most 1023 bytes. `undefined`, `null` and `""` mean none.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @see Agent API, Xmpp/SendXmlMessage
   * @example
   * await AgentAPI.Xmpp.SendXmlMessage("bob@example.org", "<alert xmlns='urn:example' level='3'/>");
   */
  SendXmlMessage(
    To: string,
    Xml: string,
    Subject?: string | null,
    Language?: string | null,
    Id?: string | null,
    Options?: CallOptions | null,
  ): Promise<StanzaResult>;

  /**
   * Asks a contact for permission to see its presence (RFC 6121 §3.1). If the account has an
   * approved Legal ID, the broker adds it, so that the contact knows who asks.
   *
   * @param To The contact's address. A bare or full JID (RFC 7622), such as `bob@example.org`.
   * @param CustomXml XML to add to the request. Well-formed element content (any number of
   *   elements, text, comments, CDATA; no DOCTYPE, no processing instruction), at most 1 MiB of
   *   UTF-8, nested at most 64 deep. `undefined`, `null` and `""` mean none.
   * @param Language The language of what is human-readable in it. An ISO 639-1 code or a BCP 47
   *   tag, such as `sv`. `undefined`, `null` and `""` mean none.
   * @param Id The id of the stanza, which comes back in the response. Without one, the broker makes
   *   it. Visible characters, at most 1023 bytes. `undefined`, `null` and `""` mean none.
   * @param Options Signal, deadline and encoding of this call.
   * @returns Whether the request was sent, its id, and the contact's roster item. That it was sent
   *   does not mean that it was accepted: the contact answers later.
   * @throws {AgentApiError} Rejects with `invalid-argument` (and `parameter`) before anything is
   *   sent, with `unauthorized` if there is no session, else with any of {@link AgentApiErrorCode}.
   * @see Agent API, Xmpp/SendPresenceSubscription; RFC 6121 §3.1
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
   * Takes back the permission to see a contact's presence (RFC 6121 §3.3).
   *
   * @param To The contact's address. A bare or full JID (RFC 7622), such as `bob@example.org`.
   * @param Id The id of the stanza, which comes back in the response. Without one, the broker makes
   *   it. Visible characters, at most 1023 bytes. `undefined`, `null` and `""` mean none.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @see Agent API, Xmpp/SendPresenceUnsubscription; RFC 6121 §3.3
   * @example
   * await AgentAPI.Xmpp.SendPresenceUnsubscription("bob@example.org");
   */
  SendPresenceUnsubscription(
    To: string,
    Id?: string | null,
    Options?: CallOptions | null,
  ): Promise<StanzaResult>;

  /**
   * Grants a contact what it asked for: to see the account's presence (RFC 6121 §3.1.4).
   *
   * @param To The address of who asked. A bare or full JID (RFC 7622), such as `bob@example.org`.
   * @param Id The id of the stanza, which comes back in the response. Without one, the broker makes
   *   it. Visible characters, at most 1023 bytes. `undefined`, `null` and `""` mean none.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @see Agent API, Xmpp/SendSubscriptionAccepted; RFC 6121 §3.1.4
   * @example
   * const { RosterItem } = await AgentAPI.Xmpp.SendSubscriptionAccepted("alice@example.org");
   */
  SendSubscriptionAccepted(
    To: string,
    Id?: string | null,
    Options?: CallOptions | null,
  ): Promise<SubscriptionAcceptedResult>;

  /**
   * Declines what a contact asked for, or takes back what was granted (RFC 6121 §3.2).
   *
   * @param To The address of who asked. A bare or full JID (RFC 7622), such as `bob@example.org`.
   * @param Id The id of the stanza, which comes back in the response. Without one, the broker makes
   *   it. Visible characters, at most 1023 bytes. `undefined`, `null` and `""` mean none.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @see Agent API, Xmpp/SendSubscriptionDeclined; RFC 6121 §3.1.4 and §3.2
   * @example
   * await AgentAPI.Xmpp.SendSubscriptionDeclined("mallory@example.org");
   */
  SendSubscriptionDeclined(
    To: string,
    Id?: string | null,
    Options?: CallOptions | null,
  ): Promise<StanzaResult>;

  /**
   * Reads the account's contacts.
   *
   * @param Offset How many to skip. Default: the broker's, 0. A whole number from 0 to 2147483647.
   * @param MaxCount How many to read at most. Default: the broker's, all. A whole number from 1 to
   *   2147483647.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @see Agent API, Xmpp/GetRoster; RFC 6121 §2
   * @example
   * const { RosterItems } = await AgentAPI.Xmpp.GetRoster(0, 100);
   */
  GetRoster(
    Offset?: number | null,
    MaxCount?: number | null,
    Options?: CallOptions | null,
  ): Promise<Roster>;

  /**
   * Reads one contact.
   *
   * @param BareJid The contact's bare JID. A bare or full JID (RFC 7622), such as
   *   `bob@example.org`.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects with `not-found` if there is no such contact.
   * @see Agent API, Xmpp/GetRosterItem
   * @example
   * const { status } = await AgentAPI.Xmpp.GetRosterItem("bob@example.org");
   */
  GetRosterItem(BareJid: string, Options?: CallOptions | null): Promise<RosterItem>;

  /**
   * Names a contact and puts it into groups; makes it, if it is not there. Subscriptions are not
   * touched.
   *
   * @param BareJid The contact's bare JID. A bare or full JID (RFC 7622), such as
   *   `bob@example.org`.
   * @param Name The name; `""` for none.
   * @param Groups The names of its groups, which replace the earlier ones, 10,000 at most. Default:
   *   none.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @see Agent API, Xmpp/SetRosterItem; RFC 6121 §2.3
   * @example
   * await AgentAPI.Xmpp.SetRosterItem("bob@example.org", "Bob", ["Friends"]);
   */
  SetRosterItem(
    BareJid: string,
    Name: string,
    Groups?: readonly string[] | null,
    Options?: CallOptions | null,
  ): Promise<RosterItem>;

  /**
   * Removes a contact, and with it the subscriptions both ways (RFC 6121 §2.5).
   *
   * @param BareJid The contact's bare JID. A bare or full JID (RFC 7622), such as
   *   `bob@example.org`.
   * @param Options Signal, deadline and encoding of this call.
   * @returns The contact as it was.
   * @throws {AgentApiError} Rejects with `not-found` if there is no such contact.
   * @see Agent API, Xmpp/RemoveRosterItem; RFC 6121 §2.5
   * @example
   * await AgentAPI.Xmpp.RemoveRosterItem("bob@example.org");
   */
  RemoveRosterItem(BareJid: string, Options?: CallOptions | null): Promise<RosterItem>;

  /**
   * Reads the latest presence of a contact, and with it its full JID. Without a subscription, the
   * broker sends a request for one.
   *
   * @param BareJid The contact's bare JID. A bare or full JID (RFC 7622), such as
   *   `bob@example.org`.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @see Agent API, Xmpp/PresenceProbe; RFC 6121 §4.3
   * @example
   * const { jid } = await AgentAPI.Xmpp.PresenceProbe("bob@example.org");
   */
  PresenceProbe(BareJid: string, Options?: CallOptions | null): Promise<ProbeResult>;

  /**
   * Asks a contact's program something and waits for its answer (RFC 6120 §8.2.3).
   *
   * @param BareJid The program's full JID, which {@link Xmpp.PresenceProbe} gives. The parameter is
   *   named as in the maintainers' client. A bare or full JID (RFC 7622), such as
   *   `bob@example.org`.
   * @param Type `get` to read, `set` to change.
   * @param QueryXml The question: one element. Well-formed element content (any number of elements,
   *   text, comments, CDATA; no DOCTYPE, no processing instruction), at most 1 MiB of UTF-8, nested
   *   at most 64 deep.
   * @param Options Signal, deadline and encoding of this call.
   * @returns The answer. One that is an error has `ok: false`, and is not thrown.
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @see Agent API, Xmpp/InformationQuery; RFC 6120 §8.2.3
   * @example
   * const { ok, Stanza } = await AgentAPI.Xmpp.InformationQuery(
   *   jid, "get", "<query xmlns='jabber:iq:version'/>",
   * );
   */
  InformationQuery(
    BareJid: string,
    Type: "get" | "set",
    QueryXml: string,
    Options?: CallOptions | null,
  ): Promise<QueryResult>;

  /**
   * Takes messages out of the queue of those that nobody has handled. What is popped is gone at the
   * broker: an answer that is lost on the way loses its messages, and the error says how many at
   * most. Of an answer that came, every message is handed over: one that breaks the contract, is
   * nested too deep or has too many parts (some 25,000 elements) comes with `problem` and `raw`.
   *
   * @param MaxCount How many at most. A whole number from 1 to 2147483647. Default: 100.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @see Agent API, Xmpp/PopMessages
   * @example
   * const { Messages } = await AgentAPI.Xmpp.PopMessages(10);
   */
  PopMessages(MaxCount?: number | null, Options?: CallOptions | null): Promise<MessagesResult>;

  /**
   * Deletes the messages in the queue.
   *
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @see Agent API, Xmpp/ClearMessages
   * @example
   * const { count } = await AgentAPI.Xmpp.ClearMessages();
   */
  ClearMessages(Options?: CallOptions | null): Promise<MessagesCleared>;
}
