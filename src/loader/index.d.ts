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
  /** Messages, presence and contacts. */
  readonly Xmpp: Readonly<Xmpp>;
  /** Sessions. */
  readonly Account: Readonly<Account>;
  /** Which broker is spoken to, and on what terms. */
  readonly IO: Readonly<IO>;
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
