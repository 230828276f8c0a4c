/*! neuron-agent-api 0.1.0 | MIT OR Apache-2.0 */
// Types of neuron-agent-api, written by hand but for the methods of resources and their responses, which the
// build makes from the declarations in src/resources and appends. tests/types compares the other methods with
// what Rust exports.

/** The part of an `AbortSignal` that is used; one of another realm or of a polyfill will do. */
export interface Signal {
  /** Whether it has fired. */
  readonly aborted: boolean;
  /** Why it has fired. */
  readonly reason?: unknown;
  /** Adds a listener. */
  addEventListener(type: "abort", listener: () => void): void;
  /** Removes a listener. */
  removeEventListener(type: "abort", listener: () => void): void;
}

/** The type of the global `fetch`, if the program's types have one. */
export type Fetch = typeof globalThis extends { fetch: infer Global }
  ? Global
  : (url: string, options: object) => Promise<unknown>;

/** Options of one call. */
export interface CallOptions {
  /**
   * Aborts the call: the promise rejects at once with `code: "aborted"` and the signal's reason as
   * `cause`. The broker may still process a request that was already sent.
   * @default none
   */
  signal?: Signal | null;
  /**
   * The deadline for the whole call, all attempts included, in milliseconds: a whole number from 1
   * to 2147483647. After it the promise rejects with `code: "timeout"`.
   * @default that of {@link IO.SetTimeout}: 30000
   */
  timeoutMs?: number | null;
  /**
   * The encoding of this call, instead of that of {@link IO.SetEncoding}. The response is the same
   * object in both.
   * @default the client's
   */
  encoding?: Encoding | null;
}

/** The media type of requests and responses: `application/json` or `text/xml`. */
export type Encoding = "json" | "xml";

/** How long calls may take. A limit that is left out is not changed. */
export interface Timeouts {
  /**
   * One attempt, reading the response included, in milliseconds: from 1 to 2147483647.
   * @default 10000
   */
  attemptMs?: number | null;
  /**
   * A whole call: all attempts, the pauses between them, and the wait for other requests
   * ({@link Limits.maxInFlight}), in milliseconds: from 1 to 2147483647.
   * @default 30000
   */
  totalMs?: number | null;
}

/** Limits of requests and responses. A limit that is left out is not changed. */
export interface Limits {
  /**
   * How many requests are in flight at a time, while others wait in order: from 1 to 2147483647.
   * @default 32
   */
  maxInFlight?: number | null;
  /**
   * How large a response may be, in bytes: from 1 to 2147483647. A larger one is a `bad-response`.
   * That of {@link Xmpp.PopMessages} is read whatever its size, because the broker has deleted the
   * messages in it.
   * @default 8388608
   */
  maxResponseBytes?: number | null;
}

/** How much is written to the console; each level includes those before it. */
export type LogLevel = "silent" | "error" | "warn" | "info" | "debug";

/** A request is sent. The event holds nothing of its content. */
export interface RequestEvent {
  /** The number of the call, counted by its client. All requests of one call have the same. */
  readonly callId: number;
  /** The method, such as `Xmpp.GetRoster`. */
  readonly operation: string;
  /** The number of the attempt: 1 for the first. */
  readonly attempt: number;
  /** The HTTP method. */
  readonly method: "GET" | "POST";
  /** The size of the body, in bytes of UTF-8. Missing for a `GET` and for a form. */
  readonly requestBytes?: number;
}

/** A request has ended, with a response or without. There is one for each {@link RequestEvent}. */
export interface ResponseEvent extends RequestEvent {
  /** How long the request took, in milliseconds. */
  readonly durationMs: number;
  /** The HTTP status. Missing if there was no response. */
  readonly status?: number;
  /** The size of the body, in bytes of UTF-8. Missing if there was no response. */
  readonly responseBytes?: number;
  /** Why the attempt failed. Missing if it succeeded. */
  readonly code?: AgentApiErrorCode;
}

/**
 * A call needs another request: a retry, or a read of the roster after a lost response. There is one for
 * each request of a call except the first.
 */
export interface RetryEvent {
  /** The number of the call, as in {@link RequestEvent}. */
  readonly callId: number;
  /** The method, such as `Xmpp.GetRoster`. */
  readonly operation: string;
  /** The number of the attempt that failed: 1 for the first. */
  readonly attempt: number;
  /** Why it failed. */
  readonly code: AgentApiErrorCode;
  /** The HTTP status. Missing if there was no response. */
  readonly status?: number;
  /** The pause before the next request, in milliseconds. */
  readonly delayMs: number;
}

/** A session began, was refreshed or ended. */
export interface SessionEvent {
  /**
   * `logged-in`; `refreshed`: its token was exchanged for a new one; `lost`: it ended without a
   * logout; `logged-out`: here or in another tab of the page, or because another host was chosen.
   */
  readonly type: "logged-in" | "refreshed" | "lost" | "logged-out";
  /** The account of the session. */
  readonly userName: string;
  /** Why it was lost: it expired, or the broker refused its token. */
  readonly reason?: "expired" | "refused";
}

/** Where a client stores its session, instead of the built-in stores. */
export interface SessionStore {
  /** The string stored under a key; `null` or `undefined` if there is none; or a promise of either. */
  getItem(key: string): string | null | undefined | Promise<string | null | undefined>;
  /** Stores a string under a key. */
  setItem(key: string, value: string): unknown;
  /** Removes what is stored under a key. */
  removeItem(key: string): unknown;
}

/** What is used of a class of sockets: those of a browser and of the package `ws` have it. */
export type WebSocketClass = new (
  url: string,
  protocols: string,
) => {
  addEventListener(
    type: "open" | "message" | "close",
    listener: (event: { readonly type: string; readonly data?: unknown }) => void,
  ): void;
  send(data: string): void;
  close(): void;
};

/** Options of {@link Xmpp.OnMessage}. */
export interface MessageOptions {
  /**
   * How often the queue is looked at while nothing is in it, in milliseconds.
   * @default 5000
   */
  everyMs?: number | null;
  /**
   * Called when messages can't be taken; the next attempt comes after a longer pause.
   * @default reportError
   */
  onError?: ((error: AgentApiError) => unknown) | null;
}

/** Options of {@link createAgentAPI}. */
export interface ClientOptions {
  /**
   * The broker, such as `neuron.example.org`.
   * @default the page's own host
   */
  host?: string | null;
  /**
   * Whether to use TLS for `host`.
   * @default true
   */
  secure?: boolean | null;
  /**
   * Where the session is stored: `"memory"`; `"session"` or `"local"` for the page's
   * `sessionStorage` or `localStorage` (memory if there is no page, and in a browser extension's
   * content script); or an object of yours. A store whose `getItem` returns promises is read once,
   * at the first call. If it can't store all of a session, what it did store is removed.
   * @default "memory"
   */
  store?: "memory" | "session" | "local" | SessionStore;
  /**
   * The encoding of requests and responses.
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
   * Used instead of the global `fetch`.
   * @default globalThis.fetch
   */
  fetch?: Fetch;
  /**
   * Used instead of the global `WebSocket`, for pushed messages. Node before 22 has none: the class of the
   * package `ws` will do.
   * @default globalThis.WebSocket
   */
  WebSocket?: WebSocketClass;
  /**
   * Headers that are sent with each request to the broker, and to no other host. Headers that the
   * library or the browser sets are refused. In a page, the broker has to allow them (CORS).
   * @default none
   */
  headers?: Readonly<Record<string, string>>;
}

/**
 * An XML element as the broker represents it in JSON. Attributes are strings under their names as
 * written; child elements are under their local names, one as an object, several as an array
 * ({@link IO.Children} always returns an array).
 *
 * If two have the same name, the child elements keep it; the names of the attribute and the text get the
 * prefix `__`, repeated until they are unique: `<a id="1"><id>2</id></a>` has `__id` and `id`. The names
 * `__name`, `__ns` and `__proto__` get it too. This is how this package reads XML; a Neuron® that responds
 * in JSON may do otherwise.
 */
export interface XmlElement {
  /** Its local name. */
  __name: string;
  /** Its namespace; empty if there is none. */
  __ns: string;
  /** Its text; `__value` if a child element or an attribute is named `value`. */
  value?: string | XmlElement | XmlElement[];
  /** Attributes and child elements. */
  [name: string]: string | XmlElement | XmlElement[] | undefined;
}

/** The element of a property of an {@link XmlElement}, which has one or an array of them. */
export type ChildOf<Property> = Extract<
  Property extends readonly (infer Item)[] ? Item : Property,
  XmlElement
>;

/**
 * Called with the content element of a message that was pushed. One that can't be read, such as one that
 * is nested more than 200 deep, is an object with `problem` and `raw`, see {@link ListEntry}.
 */
export type EventHandler = (data: XmlElement) => void;

/**
 * What each entry of a list may have. An entry that breaks the contract does not affect the others: it is
 * returned as far as it can be read, and properties that can't be read are empty: `""`, `[]` or `false`.
 */
export interface ListEntry {
  /** What is wrong with the entry, such as `timestamp is not a point in time`. Missing if nothing is. */
  problem?: string;
  /** The entry as it was received, in JSON or XML. Present only with `problem`. */
  raw?: string;
}

/** The arguments of {@link Account.Create}, with or without a phone number. */
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

/**
 * The broker, and the settings for calls to it. All methods but `Request` are synchronous and send
 * nothing.
 */
export interface IO {
  /**
   * Sets the broker, until the tab is closed (elsewhere: until the process ends). A session with
   * another broker ends, because its token must not be sent to this one.
   *
   * @param Host Host name with an optional port, such as `neuron.example.org` or `127.0.0.1:8080`.
   *   It is stored, signed and sent as in a URL: in lower case and ASCII, an IPv6 address in its
   *   shortest form, without the protocol's default port. `undefined`, `null` or `""` restores the
   *   default: the page's own host, and none outside a page.
   * @param Secure Whether to use TLS (`https`). Calls over plain `http` are refused, unless the
   *   host is this machine or {@link IO.AllowInsecure} was called. Default: `true`.
   * @throws {AgentApiError} `invalid-argument` for `Host` or `Secure`.
   * @example
   * AgentAPI.IO.SetHost("neuron.example.org");
   */
  SetHost(Host?: string | null, Secure?: boolean | null): void;
  /**
   * The broker's host name, with its port unless that is the protocol's default. It is part of
   * what is signed.
   * @throws {AgentApiError} `no-host` outside a page if none was set.
   * @example
   * AgentAPI.IO.GetHost(); // "neuron.example.org"
   */
  GetHost(): string;
  /**
   * Protocol and host, such as `https://neuron.example.org`.
   * @throws {AgentApiError} `no-host` outside a page if none was set.
   * @example
   * AgentAPI.IO.GetBaseURL(); // "https://neuron.example.org"
   */
  GetBaseURL(): string;
  /**
   * Allows plain `http` to hosts other than this machine, or forbids it again. For a developer's
   * own network: anyone on the network path can read the session's token. Default: not allowed. Lasts
   * as long as the host of {@link IO.SetHost}.
   * @param Allowed Whether it is allowed.
   * @throws {AgentApiError} `invalid-argument` for `Allowed`.
   * @example
   * AgentAPI.IO.SetHost("192.168.0.2:8080", false);
   * AgentAPI.IO.AllowInsecure(true);
   */
  AllowInsecure(Allowed: boolean): void;
  /**
   * Sets the encoding of requests and responses. The responses are the same objects in both.
   * `AuthenticateJwt` and `Request` always use JSON. Default: `"json"`.
   * @throws {AgentApiError} `invalid-argument` for `Encoding`.
   * @example
   * AgentAPI.IO.SetEncoding("xml");
   */
  SetEncoding(Encoding: Encoding): void;
  /**
   * Sets how long an attempt may take, and a whole call.
   * @throws {AgentApiError} `invalid-argument` for `Timeouts`.
   * @example
   * AgentAPI.IO.SetTimeout({ attemptMs: 5000, totalMs: 15000 });
   */
  SetTimeout(Timeouts: Timeouts): void;
  /**
   * Sets how many requests are in flight at a time, and how large a response may be.
   * @throws {AgentApiError} `invalid-argument` for `Limits`.
   * @example
   * AgentAPI.IO.SetLimits({ maxInFlight: 6, maxResponseBytes: 1_000_000 });
   */
  SetLimits(Limits: Limits): void;
  /**
   * Calls a function whenever a request is sent. What it throws is passed to `reportError`.
   * @returns A function that removes the listener.
   * @throws {AgentApiError} `invalid-argument` for `Listener`.
   * @example
   * const stop = AgentAPI.IO.OnRequest(({ operation, attempt }) => count(operation, attempt));
   */
  OnRequest(Listener: (event: RequestEvent) => void): () => void;
  /**
   * Calls a function whenever a request has ended, with a response or without.
   * @returns A function that removes the listener.
   * @throws {AgentApiError} `invalid-argument` for `Listener`.
   * @example
   * AgentAPI.IO.OnResponse(({ operation, durationMs }) => measure(operation, durationMs));
   */
  OnResponse(Listener: (event: ResponseEvent) => void): () => void;
  /**
   * Calls a function whenever a call needs another request.
   * @returns A function that removes the listener.
   * @throws {AgentApiError} `invalid-argument` for `Listener`.
   * @example
   * AgentAPI.IO.OnRetry(({ code, delayMs }) => showBusy(code, delayMs));
   */
  OnRetry(Listener: (event: RetryEvent) => void): () => void;
  /**
   * Sends a request to any resource, such as one that has no method yet.
   *
   * @param Resource A path, such as `/Agent/Legal/GetIdentities`, or an absolute URL. The session's
   *   token is sent to the configured broker only.
   * @param Payload What to send; if it is missing or `null`, the request is a `GET`. What `fetch`
   *   takes is sent as it is, with the media type that `fetch` gives it: `URLSearchParams`,
   *   `FormData`, `Blob`, `File`, `ArrayBuffer`, typed arrays, `DataView`, and `ReadableStream` if the
   *   environment can send one; a stream is never sent again. A string is sent as it is too: as
   *   `application/json` if it is JSON, else as `text/plain`. Everything else is sent as JSON, and
   *   must be something that JSON can represent: no `Map`, `Set`, promise, Node stream, function,
   *   symbol, bigint, cycle, or instance of a class without `toJSON`, not even nested.
   * @param Internal Has a meaning in TAG's `Agent.js`, and none here.
   * @param Language The value of `Accept-Language`.
   * @param Options Signal and deadline.
   * @returns The JSON of the response; `null` if it was empty.
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
   * The child elements with a name, always as an array: in the broker's JSON, one is an object and
   * several are an array.
   * @param Element an element of a response or a message
   * @param LocalName the name of the children, without a prefix
   * @returns the children, each of the type that the element's own says, else as an {@link XmlElement}.
   * @example
   * for (const group of AgentAPI.IO.Children(element, "group")) console.log(group.value);
   */
  Children<Parent extends XmlElement, Name extends string>(
    Element: Parent | null | undefined,
    LocalName: Name,
  ): ChildOf<Parent[Name]>[];
  /**
   * The text of the first element with a name: of a list of them, such as {@link Message.Content}, or of the
   * children of one, where an attribute of that name will do as well.
   * @param From elements, or an element
   * @param LocalName the name, without a prefix
   * @returns the text; `undefined` if there is no such element, or it has none.
   * @throws {AgentApiError} `invalid-argument` for `LocalName`.
   * @example
   * const said = AgentAPI.IO.Text(message.Content, "body");
   * const nickname = AgentAPI.IO.Text(message.Content, "nick");
   */
  Text(From: XmlElement | readonly XmlElement[] | null | undefined, LocalName: string): string | undefined;
  /**
   * An address without its resource: `bob@example.org` of `bob@example.org/phone` (RFC 7622 §3.4). Any text is taken:
   * an address that comes from the broker is right, and methods that take one check it.
   * @throws {AgentApiError} `invalid-argument` for a `Jid` that is no text.
   * @example
   * const contact = AgentAPI.IO.BareJid(message.from);
   */
  BareJid(Jid: string): string;
  /**
   * A text for use in XML, with its special characters escaped. The same as {@link Account.XmlEncode}.
   * @throws {AgentApiError} `invalid-argument` for `Text`.
   * @example
   * const greeting = `<greeting xmlns='urn:example'>${AgentAPI.IO.XmlEncode(text)}</greeting>`;
   */
  XmlEncode(Text: string): string;
  /**
   * Writes a line to the console: always if no level is given, as in TAG's scripts; else
   * only if {@link IO.SetLogLevel} allows that level.
   * @throws {AgentApiError} `invalid-argument` for `Level`.
   * @example
   * AgentAPI.IO.Log("ready");
   */
  Log(Message: unknown, Level?: LogLevel | null): void;
  /**
   * Sets what the library itself writes to the console: `warn` lost sessions, `info` every change
   * of a session, `debug` every request. No secret is ever written. Default: `"silent"`.
   * @throws {AgentApiError} `invalid-argument` for `Level`.
   * @example
   * AgentAPI.IO.SetLogLevel("debug");
   */
  SetLogLevel(Level: LogLevel): void;
}

/** Sessions. */
export interface Account {
  /**
   * Resumes the session that is stored here: refreshes it if that is due, and removes it if it has
   * expired.
   * @returns Whether there is a session.
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}. A refresh that fails while the
   *   token is still valid is no error.
   * @example
   * if (!(await AgentAPI.Account.RestartActiveSession())) showLoginForm();
   */
  RestartActiveSession(Options?: CallOptions | null): Promise<boolean>;
  /**
   * Calls a function whenever a session begins, is refreshed or ends.
   * @returns A function that removes the listener.
   * @throws {AgentApiError} `invalid-argument` for `Listener`.
   * @example
   * AgentAPI.Account.OnSessionChange(({ type }) => {
   *   if (type === "lost") showLoginForm();
   * });
   */
  OnSessionChange(Listener: (event: SessionEvent) => void): () => void;
  /**
   * Escapes a text for use in XML, as content or in an attribute. Synchronous.
   * @example
   * const xml = `<a b="${AgentAPI.Account.XmlEncode(text)}"/>`;
   */
  XmlEncode(Text: string): string;
}

/** Messages, presence and contacts. All methods need a session. */
export interface Xmpp {
  /**
   * Has what a broker sends by itself pushed to a function, with its type. See below for the rest.
   * @throws {AgentApiError} Rejects with `unsupported` if there is no `WebSocket`.
   * @example
   * await AgentAPI.Xmpp.RegisterEventHandler(
   *   "petitionIdentityMsg", "urn:nf:iot:leg:id:1.0", "normal", ({ from, purpose }) => show(`${from}: ${purpose}`),
   * );
   */
  RegisterEventHandler<Name extends keyof PushedMessages>(
    LocalName: Name,
    Namespace: PushedNamespace,
    Type: string | null | undefined,
    Function: (data: PushedMessages[Name]) => void,
    Options?: CallOptions | null,
  ): Promise<Record<string, never>>;
  /**
   * Has messages pushed to a function instead of being queued. A message is passed to the most
   * specific handler; an argument that is left out matches every value.
   *
   * Opens a WebSocket to the broker, keeps it alive, and reopens it if it is lost. Handlers are
   * removed when the session ends. As long as there is one, a Node program keeps running.
   *
   * @param LocalName The local name of the messages' content element.
   * @param Namespace Its namespace.
   * @param Type The type of the messages, such as `chat`.
   * @param Function A function, or the dotted name of a global one, which is looked up when a
   *   message arrives. With a name, the global `TabID` of the broker's Events.js is used, if any.
   * @param Options Signal and deadline.
   * @throws {AgentApiError} Rejects with `unsupported` if there is no `WebSocket`: give the client one
   *   ({@link ClientOptions.WebSocket}), or use {@link Xmpp.OnMessage}.
   * @example
   * await AgentAPI.Xmpp.RegisterEventHandler("alert", "urn:example", null, (alert) => {
   *   show(alert.level);
   * });
   * @see {@link PushedMessages} for what a broker sends by itself.
   */
  RegisterEventHandler(
    LocalName: string | null | undefined,
    Namespace: string | null | undefined,
    Type: string | null | undefined,
    Function: EventHandler | string,
    Options?: CallOptions | null,
  ): Promise<Record<string, never>>;
  /**
   * Hands over the messages that are queued for the account, subscription requests and their answers included:
   * whole, with sender and type, one at a time. They are taken out of the queue with {@link Xmpp.PopMessages},
   * at once and then every few seconds, and whenever something is pushed or a session begins. Without a session
   * nothing is sent.
   *
   * A listener may return a promise; the next message comes when it has settled, or the listener is removed. What
   * it throws is passed to `reportError`, and the next message comes. Several listeners get the same messages. Those
   * with a handler ({@link Xmpp.RegisterEventHandler}) don't come here.
   * @param Listener is called with each message
   * @param Options how often the queue is looked at
   * @returns A function that removes the listener. A message that is on its way then still comes if no other
   *   listener is there to get it, because the broker has deleted it.
   * @throws {AgentApiError} `invalid-argument` for `Listener` or `Options`.
   * @example
   * const stop = AgentAPI.Xmpp.OnMessage(async ({ type, from, Content }) => {
   *   if (type === "subscribe") await AgentAPI.Xmpp.SendSubscriptionAccepted(from);
   *   else if (type === "chat") show(`${from}: ${AgentAPI.IO.Text(Content, "body")}`);
   * });
   */
  OnMessage(Listener: (message: Message) => unknown, Options?: MessageOptions | null): () => void;
  /**
   * Removes the handler that {@link Xmpp.RegisterEventHandler} registered with the same three arguments.
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

/** A legal identity (`urn:nf:iot:leg:id:1.0`; older brokers write other namespaces). */
export interface LegalIdentity extends XmlElement {
  /** What it is known by. */
  id: string;
}

/** A contract (`urn:nf:iot:leg:sc:1.0`; older brokers write other namespaces). */
export interface LegalContract extends XmlElement {
  /** What it is known by. */
  id: string;
}

/**
 * A token (`https://paiwise.tagroot.io/Schema/NeuroFeatures.xsd`). Programs that call brokers read `id`, `value`,
 * `currency`, `owner` and `ownerJid`, and TAG's apps read `friendlyName`. The other names, marked "Inferred", are
 * those that TAG's apps use for the same things; no document says that a broker writes them so.
 */
export interface TokenElement extends XmlElement {
  /** What it is known by. */
  id: string;
  /** What one of TAG's apps reads in pushed messages instead of `id`. */
  tokenId?: string;
  /** Its value: a number with a decimal point. */
  value?: string;
  /** The currency of its value, by ISO 4217. */
  currency?: string;
  /** The legal identity of its owner, by its id. */
  owner?: string;
  /** The bare JID of its owner. */
  ownerJid?: string;
  /** Its name, for people. */
  friendlyName?: string;
  /** What kind of thing it is. Inferred. */
  category?: string;
  /** What it is, in Markdown. Inferred. */
  description?: string;
  /** How its id was chosen, such as `Random`. Inferred. */
  tokenIdMethod?: string;
  /** Its place among the tokens of its contract. Inferred. */
  ordinal?: string;
  /** How many tokens its contract created. Inferred. */
  batchSize?: string;
  /** When it was created: ISO 8601. Inferred. */
  created?: string;
  /** When it was changed last: ISO 8601. Inferred. */
  updated?: string;
  /** When it expires: ISO 8601. Inferred. */
  expires?: string;
  /** Who can read it, as with contracts. Inferred. */
  visibility?: string;
  /** The legal identity of who created it, by its id. Inferred. */
  creator?: string;
  /** The bare JID of who created it. Inferred. */
  creatorJid?: string;
  /** The legal identity of the broker's operator, by its id. Inferred. */
  trustProvider?: string;
  /** The bare JID of the broker's operator. Inferred. */
  trustProviderJid?: string;
  /** The contract that created it, by its id. Inferred. */
  creationContract?: string;
  /** The template of that contract, by its id. Inferred. */
  creationContractTemplate?: string;
  /** The contract by which its owner got it, by its id. Inferred. */
  ownershipContract?: string;
  /** `"true"` if who created it may destroy it. Inferred. */
  creatorCanDestroy?: string;
  /** `"true"` if its owner may destroy it together with the others of its contract. Inferred. */
  ownerCanDestroyBatch?: string;
  /** `"true"` if its owner may destroy it alone. Inferred. */
  ownerCanDestroyIndividual?: string;
  /** `"true"` if who certified it may destroy it. Inferred. */
  certifierCanDestroy?: string;
  /** The namespace of its definition. Inferred. */
  definitionNamespace?: string;
  /** Its state machine; missing if it has none. Inferred. */
  machineId?: string;
}

/** A token by its id alone. Inferred from lists of contracts; no document shows one. */
export interface TokenReference extends XmlElement {
  /** What the token is known by. */
  id: string;
}

/** Tokens, or references to them: {@link IO.Children} gives either as an array. */
export interface TokenList extends XmlElement {
  /** The tokens, if they were asked for as a whole. */
  token?: TokenElement | TokenElement[];
  /** References to them, if those were asked for. Inferred. */
  ref?: TokenReference | TokenReference[];
}

/**
 * Something that happened to a token. TAG's apps know events with these properties; that a broker writes them as
 * attributes with these names is inferred.
 */
export interface TokenEvent extends XmlElement {
  /** The token, by its id. */
  tokenId?: string;
  /** When it happened: ISO 8601. */
  timestamp?: string;
  /** `"true"` if it is erased when the token changes its owner. */
  personal?: string;
  /** Until when it is kept: ISO 8601. */
  expires?: string;
}

/** The token was created, destroyed, transferred or the like. Inferred, as {@link TokenEvent} is. */
export interface TokenOwnerEvent extends TokenEvent {
  /** The value of the token: a number with a decimal point. */
  value?: string;
  /** The currency of the value, by ISO 4217. */
  currency?: string;
  /** The legal identity of the owner, by its id. */
  owner?: string;
  /** The contract by which the owner got it, by its id. */
  ownershipContract?: string;
  /** Of `created`: the legal identity of who created it, by its id. */
  creator?: string;
  /** Of `transferred`: the legal identity of who sold it, by its id. */
  seller?: string;
  /** Of `donated`: the legal identity of who gave it away, by its id. */
  donor?: string;
}

/**
 * A note was added to the token. `value` has the text of a text note; the element of an XML note is a child.
 * Inferred, as {@link TokenEvent} is.
 */
export interface TokenNote extends TokenEvent {
  /** Of a note that came from outside: who wrote it. */
  source?: string;
}

/**
 * What happened to a token, by kind: {@link IO.Children} gives those of a kind as an array. The kinds are those of
 * TAG's apps; that a broker names elements so is inferred.
 */
export interface TokenEvents extends XmlElement {
  /** It was created. */
  created?: TokenOwnerEvent | TokenOwnerEvent[];
  /** It was destroyed by those who may. */
  destroyed?: TokenOwnerEvent | TokenOwnerEvent[];
  /** It was removed otherwise. */
  killed?: TokenOwnerEvent | TokenOwnerEvent[];
  /** It was sold. */
  transferred?: TokenOwnerEvent | TokenOwnerEvent[];
  /** It was given away. */
  donated?: TokenOwnerEvent | TokenOwnerEvent[];
  /** Texts of its owner. */
  noteText?: TokenNote | TokenNote[];
  /** XML of its owner. */
  noteXml?: TokenNote | TokenNote[];
  /** Texts from outside. */
  externalNoteText?: TokenNote | TokenNote[];
  /** XML from outside. */
  externalNoteXml?: TokenNote | TokenNote[];
}

/**
 * The state of the machine of a token. TAG's apps know these properties; that a broker writes them as attributes
 * and children with these names is inferred.
 */
export interface MachineState extends XmlElement {
  /** The machine, by its id: that of the token. */
  machineId?: string;
  /** The name of the state. */
  state?: string;
  /** `"true"` while it runs. */
  running?: string;
  /** `"true"` when it has ended. */
  ended?: string;
  /** Its variables. */
  variable?: MachineVariable | MachineVariable[];
}

/** A variable of a state machine. Inferred, as {@link MachineState} is. */
export interface MachineVariable extends XmlElement {
  /** Its name. */
  name?: string;
  /** Its value. */
  value?: string;
  /** The type of its value, such as `xs:string`. */
  type?: string;
}

/**
 * The namespaces of {@link PushedMessages}: of identities (`leg:id`) and contracts (`leg:sc`), in the three
 * families that brokers write, of which `urn:nf:iot` is that of today; and of tokens.
 */
export type PushedNamespace =
  | `urn:${"nf" | "ieee" | "nfi"}:iot:leg:${"id" | "sc"}:1.0`
  | "https://paiwise.tagroot.io/Schema/NeuroFeatures.xsd";

/**
 * What a broker sends an account by itself about identities, contracts and tokens, in messages of the type `normal`,
 * by the local name of the element: for {@link Xmpp.RegisterEventHandler} and {@link Xmpp.PopMessages}. One that
 * can't be read has `problem` and `raw` and may lack the rest, see {@link ListEntry}.
 */
export interface PushedMessages {
  /** An identity of the account has changed: its element `status` says how. */
  identity: LegalIdentity;
  /** Something to tell the applicant while an application is reviewed. */
  clientMessage: ReviewMessage;
  /** What a review found. */
  identityReview: ReviewMessage;
  /** Somebody asks to read an identity of the account. */
  petitionIdentityMsg: Petition;
  /** Somebody asks for a signature by an identity of the account: also for a review among peers. */
  petitionSignatureMsg: SignaturePetition;
  /** Somebody asks to read a contract. */
  petitionContractMsg: Petition;
  /** The answer to {@link Legal.PetitionId}. */
  petitionIdentityResponseMsg: PetitionResponse;
  /** The answer to {@link Legal.PetitionSignature} and {@link Legal.PetitionPeerReview}. */
  petitionSignatureResponseMsg: SignaturePetitionResponse;
  /** The answer to a petition for a contract. */
  petitionContractResponseMsg: PetitionResponse;
  /** A page that has to be opened before a petition goes on. */
  petitionClientUrl: PetitionPage;
  /** A contract was made of which the account is a part. */
  contractCreated: ContractMessage;
  /** A contract has changed: {@link Legal.GetContract} has it. */
  contractUpdated: ContractMessage;
  /** A contract was signed. */
  contractSigned: ContractSignedMessage;
  /** A contract is no more. */
  contractDeleted: ContractMessage;
  /** Somebody proposes to sign a contract; sent by {@link Legal.SendProposal}. */
  contractProposal: ContractProposal;
  /** The account owns a token that it did not own before. */
  tokenAdded: TokenMessage;
  /** The account owns a token no more. */
  tokenRemoved: TokenMessage;
}

/** An element of {@link PushedMessages} about the review of an identity. */
export interface ReviewMessage extends XmlElement {
  /** The identity, by its id. */
  id: string;
}

/** A question to the owner of an identity or a contract. */
export interface Petition extends XmlElement {
  /** The identity or contract that is asked for, by its id. */
  id: string;
  /** What the petition is known by: `PetitionId` of the call that asks. */
  pid: string;
  /** Why it is asked. */
  purpose: string;
  /** Who asks: a full JID. */
  from: string;
  /** The identity of who asks. */
  identity: LegalIdentity;
}

/** A {@link Petition} for a signature. */
export interface SignaturePetition extends Petition {
  /** What is to be signed: `value` has it in Base64. */
  content: XmlElement;
}

/** The answer to a {@link Petition}. */
export interface PetitionResponse extends XmlElement {
  /** What the petition is known by. */
  pid: string;
  /** `"true"` if it was granted. */
  response: string;
  /** The identity that was asked for, or that signed, if it was granted. */
  identity?: LegalIdentity;
  /** The contract that was asked for, if it was granted. */
  contract?: LegalContract;
}

/** The answer to a {@link SignaturePetition}. */
export interface SignaturePetitionResponse extends PetitionResponse {
  /** What was signed: `value` has it in Base64. */
  content?: XmlElement;
  /** The signature: `value` has it in Base64. */
  signature?: XmlElement;
}

/** An element of {@link PushedMessages} that asks for a page to be opened. */
export interface PetitionPage extends XmlElement {
  /** What the petition is known by. */
  pid: string;
  /** The URL of the page. It is the broker's word: look at it before you open it. */
  url: string;
}

/** An element of {@link PushedMessages} about a contract. */
export interface ContractMessage extends XmlElement {
  /** The contract, by its id. */
  contractId: string;
}

/** A contract was signed. */
export interface ContractSignedMessage extends ContractMessage {
  /** The identity that signed it, by its id. */
  legalId: string;
  /** The role in which it signed. */
  role: string;
  /** `"true"` if no signature is missing any more. */
  signed?: string;
}

/** Somebody proposes to sign a contract. */
export interface ContractProposal extends ContractMessage {
  /** The role in which to sign. */
  role: string;
  /** A word to go with it. */
  message?: string;
}

/** An element of {@link PushedMessages} about a token. */
export interface TokenMessage extends XmlElement {
  /** The token. */
  token?: TokenElement;
}

/** The instances of a global class, as far as the program's types have it. */
export type InstanceOf<Name extends string> = typeof globalThis extends {
  [Key in Name]: { prototype: infer Instance };
}
  ? Instance
  : never;

/** The content of a file. */
export type FileContent =
  | string
  | ArrayBuffer
  | ArrayBufferView
  | InstanceOf<"Blob">
  | InstanceOf<"FormData">;

/** The groups of the Agent API. */
export interface AgentAPI {
  /** Messages, presence and contacts. */
  readonly Xmpp: Readonly<Xmpp>;
  /** Sessions. */
  readonly Account: Readonly<Account>;
  /** Private XML, files, and a vault. */
  readonly Storage: Readonly<Storage>;
  /** Keys of the account, and the public ones of the broker. */
  readonly Crypto: Readonly<Crypto>;
  /** Legal identities, contracts, signatures and petitions. */
  readonly Legal: Readonly<Legal>;
  /** eDaler: balance, payments, buying and selling. */
  readonly Wallet: Readonly<Wallet>;
  /** Tokens (Neuro-Features). */
  readonly Tokens: Readonly<Tokens>;
  /** The state machines of tokens. */
  readonly StateMachines: Readonly<StateMachines>;
  /** What is known of endpoints that attacked brokers. */
  readonly Intelligence: Readonly<Intelligence>;
  /** The broker, and the settings for calls to it. */
  readonly IO: Readonly<IO>;
}

/** The client of the Agent API that all modules of a program share. */
export declare const AgentAPI: AgentAPI;

/** `[Symbol.dispose](): void`, if the program's types have that symbol (TypeScript 5.2). */
export type WithDispose = SymbolConstructor extends { readonly dispose: infer Key extends symbol }
  ? { [Name in Key]: () => void }
  : {};

/** A client with a session and settings of its own. */
export interface AgentAPIClient extends AgentAPI, WithDispose {
  /**
   * Ends its calls (they reject with `disposed`), timers, listeners and sockets. The stored session
   * is kept; to end it as well, await `Account.Logout()` first. Also under `Symbol.dispose`, for `using`.
   */
  dispose(): void;
}

/**
 * Creates a client that is independent of {@link AgentAPI}, with a session and settings of its own.
 *
 * @param Options Host, store, deadlines; see {@link ClientOptions}.
 * @throws {AgentApiError} `invalid-argument`, with the option in `parameter`.
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
 * | `not-logged-in` | there is no session, and the call needs one; or it was lost, or ended during the call | `AgentAPI.Account.Login(…)` |
 * | `network` | no response, or only part of one: unreachable, cut off, or blocked by the browser | check the host, which `message` names; look at `cause` and the browser's console; if it is `ambiguous`, check before retrying |
 * | `timeout` | no complete response in time (or status 408) | retry; if it is `ambiguous`, check first |
 * | `aborted` | your signal fired; its reason is `cause` | nothing; if it is `ambiguous`, check what happened |
 * | `bad-request` | status 400 or 422 | read the broker's sentence in `message` |
 * | `unauthorized` | status 401; the token was dropped | log in |
 * | `forbidden` | status 403 | the account lacks the right, or is not enabled |
 * | `not-found` | status 404 | check item and host; `message` says so if the host seems to have no Agent API |
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

/** What an {@link AgentApiError} is made of: its properties of the same names. */
export interface AgentApiErrorDetails {
  readonly code: AgentApiErrorCode;
  readonly message: string;
  /** @default "" */
  readonly operation?: string;
  readonly parameter?: string;
  readonly status?: number;
  readonly statusText?: string;
  readonly alternatives?: readonly string[];
  /** @default 0 */
  readonly attempts?: number;
  readonly retryAfterMs?: number;
  readonly retryAt?: string;
  readonly ambiguous?: true;
  readonly cause?: unknown;
}

/**
 * A failed call. It contains no secret.
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
  /**
   * Makes an error, for a test of a program that handles them. Only `code` and `message` have to be given.
   * @throws {AgentApiError} `invalid-argument` if there is no `code` or no `message`.
   * @example
   * const offline = new AgentApiError({ code: "network", message: "offline", ambiguous: true });
   */
  constructor(Details: AgentApiErrorDetails);
  /** Whether a value is such an error, also of another copy of this package or another frame. */
  static is(value: unknown): value is AgentApiError;
  readonly name: "AgentApiError";
  /** What went wrong: {@link AgentApiErrorCode} says when each occurs, and what to do. */
  readonly code: AgentApiErrorCode;
  /** The method that failed, such as `Xmpp.SendPresenceSubscription`. */
  readonly operation: string;
  /** The argument that breaks a rule, such as `To`. Present only with `invalid-argument`. */
  readonly parameter?: string;
  /**
   * The HTTP status. Missing if there was no response. Redirects are not followed: in a browser their
   * status is 0, elsewhere their own.
   */
  readonly status?: number;
  /** The reason phrase of the response; empty over HTTP/2. */
  readonly statusText?: string;
  /** The same as {@link AgentApiError.status}, under its name in TAG's `Agent.js`. */
  readonly statusCode?: number;
  /** The same as {@link AgentApiError.statusText}, under its name in TAG's `Agent.js`. */
  readonly statusMessage?: string;
  /** Account names that the broker offers instead of one that is taken; empty if there are none. */
  readonly alternatives?: readonly string[];
  /** How many requests the call sent. */
  readonly attempts: number;
  /** How long the broker asks to wait, in milliseconds. */
  readonly retryAfterMs?: number;
  /**
   * Until when logins are refused here, without a request: ISO 8601, in UTC. Set after a login that
   * the broker refused with status 429 and "Try again in …".
   */
  readonly retryAt?: string;
  /**
   * Set if the broker may have processed the request: there was no response, or an unexpected one, or
   * the broker failed while it processed the request (500). Check before retrying. Missing if it is
   * known what happened, or does not matter: what only reads, or only opens a session, can be repeated.
   */
  readonly ambiguous?: true;
  /** The underlying error of `fetch`, or the reason of the signal. */
  readonly cause?: unknown;
  /**
   * A plain object with the properties above, for a log or another thread; without the stack and the
   * cause. Send this instead of the error: `structuredClone` and `postMessage` turn an error into a plain
   * `Error` without its code.
   */
  toJSON(): Record<string, unknown>;
  /**
   * Restores an error from what `toJSON` returned, such as in another thread.
   * What is missing, as in a log of an older version, is as in an error that sent nothing; a code that this
   * version does not know, as of a newer one, is kept.
   * @throws {AgentApiError} `invalid-argument` if there is no `code` or no `message`.
   * @example
   * worker.onmessage = ({ data }) => reject(AgentApiError.fromJSON(data.error));
   */
  static fromJSON(json: Readonly<Record<string, unknown>>): AgentApiError;
}

/** A broker's description of its domain. The response of {@link Account.DomainInfo}. */
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

/** An account that was created, with its first session. The response of {@link Account.Create}. */
export interface AccountCreated {
  /** When the account was created: ISO 8601, in UTC. */
  created: string;
  /** When the account was last changed: ISO 8601, in UTC. */
  updated?: string;
  /** Whether the account can be used; not before its addresses are verified. */
  enabled: boolean;
  /** Whether the account may relay e-mail. */
  canRelay: boolean;
  /** The session's bearer token. It is a secret: whoever has it has the session. */
  jwt: string;
  /** When the token expires: ISO 8601, in UTC. */
  expires: string;
  /** Whether a code was sent to the e-mail address. */
  eMailCodeSent?: boolean;
  /** Whether a code was sent to the phone number. */
  phoneNrCodeSent?: boolean;
}

/**
 * An account that was created with the broker's web form. The response of
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
  /** When the token expires: ISO 8601, in UTC. */
  expires: string;
}

/** The session of a Quick-Login. The response of {@link Account.QuickLogin}. */
export interface QuickLoginResult {
  /** The session's bearer token. It is a secret: whoever has it has the session. */
  jwt: string;
  /** The account's name. */
  userName: string;
  /** When the token expires: ISO 8601, in UTC. */
  expires: string;
}

/**
 * A token that the broker recognizes as its own. The response of {@link Account.AuthenticateJwt}.
 */
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
  /** Who it is about: the account's name. */
  subject?: string;
  /** Its id. */
  id?: string;
  /** Who it is for; empty if it does not say. */
  audience: string[];
  /** When it expires: ISO 8601, in UTC. */
  expiration?: string;
  /** Until when it is not valid yet: ISO 8601, in UTC. */
  notBefore?: string;
  /** When it was issued: ISO 8601, in UTC. */
  issuedAt?: string;
}

/** What the broker knows about an account. The response of {@link Account.Info}. */
export interface AccountInfo {
  /** The account's name. */
  userName: string;
  /** When the account was created: ISO 8601, in UTC. */
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

/**
 * A code with which another app takes over an account. The response of {@link Account.Transfer}.
 */
export interface TransferCode {
  /** The URI for the other app. */
  onboardingUri: string;
  /** The URL of an image of it as a QR code. */
  qrCodeUrl: string;
  /** The width of that image, in pixels. */
  qrCodeWidth: number;
  /** The height of that image, in pixels. */
  qrCodeHeight: number;
}

/** What to send to another broker. The response of {@link Account.PrepareRemoteQuickLogin}. */
export interface RemoteQuickLoginPreparation {
  /** The Legal ID to send to the other broker. */
  legalId: string;
}

/** The state of a login to another broker. The response of {@link Account.RemoteQuickLogin}. */
export interface RemoteQuickLoginResult {
  /** Whether the session is logged in already. */
  loggedIn: boolean;
  /** Whether the person was asked for consent. */
  petitionSent: boolean;
}

/**
 * Other brokers at which Legal IDs of an account are known. The response of
 * {@link Account.RemoteReferences}.
 */
export interface RemoteReferences {
  /** The Legal IDs and the domains that know them; may be incomplete. */
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
 * {@link Xmpp.SendPresenceUnsubscription}, {@link Xmpp.SendSubscriptionDeclined} and
 * {@link Legal.SendProposal}.
 */
export interface StanzaResult {
  /**
   * Whether the broker delivered the stanza, or passed it on. `false` is no error: it does not
   * reach that domain, the recipient's queue is full, or there is nothing to answer.
   */
  sent: boolean;
  /** The id of the stanza: the caller's, or one that the broker created. */
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
  /**
   * Whether the broker delivered the stanza, or passed it on. `false` is no error: it does not
   * reach that domain, the recipient's queue is full, or there is nothing to answer.
   */
  sent: boolean;
  /** The id of the stanza: the caller's, or one that the broker created. */
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

/** An acceptance that was to be sent. The response of {@link Xmpp.SendSubscriptionAccepted}. */
export interface SubscriptionAcceptedResult {
  /**
   * Whether the broker delivered the stanza, or passed it on. `false` is no error: it does not
   * reach that domain, the recipient's queue is full, or there is nothing to answer.
   */
  sent: boolean;
  /** The id of the stanza: the caller's, or one that the broker created. */
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
  /** When the broker received it: ISO 8601, in UTC. */
  received: string;
  /** The presence stanza. */
  Stanza: XmlElement;
}

/** The response of a contact's program. The response of {@link Xmpp.InformationQuery}. */
export interface QueryResult {
  /** Whether the response is a result. One that is an error is not thrown. */
  ok: boolean;
  /** The numeric code of the error, which XMPP no longer uses. */
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
  /** The sender's address. */
  from: string;
  /** The recipient's address. */
  to: string;
  /** The language of what is human-readable in it. */
  lang?: string;
  /**
   * What it is: a message (`chat`, `normal`, `headline`, `groupchat`, RFC 6121 §5.2.2); a request
   * to see the account's presence (`subscribe`), its answer (`subscribed`; `unsubscribed` for no,
   * or no more), or the end of a subscription (`unsubscribe`, RFC 6121 §3); or that a stanza came
   * back (`error`).
   */
  type: "chat" | "normal" | "headline" | "groupchat" | "error" | "subscribe" | "subscribed" | "unsubscribe" | "unsubscribed" | (string & {});
  /** When the broker received it: ISO 8601, in UTC. */
  timestamp: string;
  /** The child elements of the stanza. */
  Content: XmlElement[];
}

/** How many messages were deleted. The response of {@link Xmpp.ClearMessages}. */
export interface MessagesCleared {
  /** How many messages were deleted. */
  count: number;
}

/**
 * Something that the broker keeps. The response of {@link Storage.SavePrivateXml} and
 * {@link Crypto.CreateKey}.
 */
export interface Stored {
  /** When it was stored for the first time: ISO 8601, in UTC. */
  created: string;
  /** When it was stored last: ISO 8601, in UTC. */
  updated: string;
}

/** An XML element that an account keeps. The response of {@link Storage.LoadPrivateXml}. */
export interface PrivateXml {
  /** When it was stored for the first time: ISO 8601, in UTC. */
  created: string;
  /** When it was stored last: ISO 8601, in UTC. */
  updated: string;
  /** The element. */
  Xml: XmlElement;
}

/** A file that the broker keeps. The response of {@link Storage.Upload} and {@link Storage.Put}. */
export interface ContentReference {
  /** When it was uploaded: ISO 8601, in UTC. */
  uploaded: string;
  /** Who can read it. */
  visibility: "Public" | "Presence" | "Private" | (string & {});
  /** The entity tag of its content (RFC 9110 §8.8.3). */
  etag: string;
  /** Where it is. */
  url: string;
}

/** An item of a vault that was stored. The response of {@link Storage.StoreInVault}. */
export interface VaultReference {
  /** When it was stored for the first time: ISO 8601, in UTC. */
  created: string;
  /** When it was stored last: ISO 8601, in UTC. */
  updated: string;
  /** The item. */
  vaultId: string;
}

/** An item of a vault. The response of {@link Storage.GetFromVault}. */
export interface VaultItem {
  /** The item. */
  vaultId: string;
  /** When it was stored for the first time: ISO 8601, in UTC. */
  created: string;
  /** When it was stored last: ISO 8601, in UTC. */
  updated: string;
  /** What it is, in a word of the caller's. */
  type?: string;
  /** Whose it is, in a word of the caller's. */
  clientId?: string;
  /** Its names and values. */
  Tags: (VaultTag & ListEntry)[];
}

/** A name with its value in an item of a vault. */
export interface VaultTag extends ListEntry {
  /** The name. */
  name: string;
  /** The value, or what is shown instead of it. */
  value: string;
}

/** Items of a vault. The response of {@link Storage.SearchInVault}. */
export interface VaultItems {
  /** The items; empty if there are none. */
  ResultSet: (VaultItem & ListEntry)[];
}

/** The algorithms of a broker's keys. The response of {@link Crypto.GetAlgorithms}. */
export interface Algorithms {
  /** The algorithms; empty if there are none. */
  Algorithms: (Algorithm & ListEntry)[];
}

/** An algorithm of keys. */
export interface Algorithm {
  /** Its local name, such as `ed448`. */
  localName: string;
  /** Its namespace. */
  namespace: string;
  /** Its strength, in bits. */
  securityStrength: number;
  /** Whether it is safe by the criteria of safecurves.cr.yp.to. */
  safe: boolean;
  /** Whether its computations take long. */
  slow: boolean;
  /** Whether it withstands quantum computers. Older brokers don't say. */
  pqc?: boolean;
  /** How good it is, as the broker counts. */
  score: number;
}

/** A public key. The response of {@link Crypto.GetPublicKey}. */
export interface PublicKey {
  /** The key in Base64, as its algorithm writes it. */
  key: string;
  /** Its algorithm. */
  Algorithm: Algorithm;
}

/** What a broker says of a personal number. The response of {@link Legal.ValidatePNr}. */
export interface PersonalNumberCheck {
  /** Whether the broker knows the personal numbers of that country. */
  countrySupported: boolean;
  /** Whether the number has their form. Missing if it can't say. */
  isValid?: boolean;
  /** The number, as the country writes it. */
  normalized?: string;
}

/**
 * What a broker asks of an application for a legal identity. The response of
 * {@link Legal.GetApplicationAttributes}.
 */
export interface ApplicationAttributes {
  /** Whether people can approve of an application for each other. */
  peerReview: boolean;
  /** How many of them it takes. */
  nrReviewers?: number;
  /** How many photos it takes. */
  nrPhotos?: number;
  /** Whether countries are written by ISO 3166-1. */
  iso3166?: boolean;
  /** The properties that an application must have; may be empty. */
  Required: string[];
}

/**
 * A legal identity. The response of {@link Legal.ApplyId}, {@link Legal.AddIdAttachment} and
 * {@link Legal.GetIdentity}.
 */
export interface IdentityResponse {
  /** The identity. */
  Identity: LegalIdentity;
}

/**
 * A contract. The response of {@link Legal.CreateContract}, {@link Legal.GetContract} and
 * {@link Legal.SignContract}.
 */
export interface ContractResponse {
  /** The contract. */
  Contract: LegalContract;
}

/** A contract that was proposed as a template. The response of {@link Legal.ProposeTemplate}. */
export interface TemplateResponse {
  /** The contract. Undocumented, so it may be missing. */
  Contract?: LegalContract;
}

/** The signature of data. The response of {@link Legal.SignData}. */
export interface DataSignature {
  /** The signature in Base64. */
  Signature: string;
}

/** Legal identities of an account. The response of {@link Legal.GetIdentities}. */
export interface Identities {
  /** The identities; empty if there are none. */
  Identities: LegalIdentity[];
}

/** Contracts that an account created. The response of {@link Legal.GetCreatedContracts}. */
export interface CreatedContracts {
  /**
   * The contracts, or their ids: it is not documented which, so expect both. Missing if there are
   * none.
   */
  Contracts?: (LegalContract | string | { contractId: string })[];
}

/** Contracts that an account signed. The response of {@link Legal.GetSignedContracts}. */
export interface SignedContracts {
  /** The contracts; empty if there are none. */
  Signatures: (SignedContract & ListEntry)[];
}

/** A contract that was signed. */
export interface SignedContract extends ListEntry {
  /** The contract. */
  contractId: string;
  /** The identity that signed it. */
  legalId: string;
}

/** An application that is complete. The response of {@link Legal.ReadyForApproval}. */
export interface ReadyForApprovalResponse {
  /** The identity. Missing with older brokers. */
  Identity?: LegalIdentity;
}

/**
 * Services that can review an application. The response of
 * {@link Legal.GetServiceProvidersForIdReview}.
 */
export interface ReviewProviders {
  /** The services; empty if there are none. */
  Providers: (ReviewProvider & ListEntry)[];
}

/** A service that can review applications. */
export interface ReviewProvider extends ListEntry {
  /** The service, among those of its type. */
  id: string;
  /** Its type. */
  type: string;
  /** Its name, for people. */
  name: string;
  /** The identity to send the petition to. */
  reviewerId?: string;
  /**
   * Whether it is a person. If not, {@link Legal.SelectReviewService} comes before the petition.
   */
  external?: boolean;
  /** The URL of its icon. */
  iconUrl?: string;
  /** The width of the icon, in pixels. */
  iconWidth?: number;
  /** The height of the icon, in pixels. */
  iconHeight?: number;
}

/** How much eDaler an account has. The response of {@link Wallet.GetBalance}. */
export interface Balance {
  /** How much can be used. */
  amount: number;
  /** How much is set apart for transactions. */
  reserved: number;
  /** The currency, by ISO 4217. */
  currency: string;
  /** When it was so: ISO 8601, in UTC. */
  timestamp: string;
}

/** What came of an eDaler URI. The response of {@link Wallet.ProcessEDalerUri}. */
export interface EDalerResult {
  /** How much the account has afterwards. */
  Balance: Balance;
  /** What the broker says of it; undocumented. */
  Result?: unknown;
}

/**
 * Services that buy or sell eDaler. The response of
 * {@link Wallet.GetServiceProvidersForBuyingEDaler} and
 * {@link Wallet.GetServiceProvidersForSellingEDaler}.
 */
export interface PaymentProviders {
  /** The services; empty if there are none. */
  Providers: (PaymentProvider & ListEntry)[];
}

/** A service that buys or sells eDaler. */
export interface PaymentProvider extends ListEntry {
  /** The service, among those of its type. */
  id: string;
  /** Its type. */
  type: string;
  /** Its name, for people. */
  name: string;
  /** The URL of its icon. */
  iconUrl?: string;
  /** The width of the icon, in pixels. */
  iconWidth?: number;
  /** The height of the icon, in pixels. */
  iconHeight?: number;
  /**
   * The template of the contract that begins the transaction, which is then signed instead of
   * initiated.
   */
  templateId?: string;
}

/**
 * A transaction with a service that buys or sells eDaler. The response of
 * {@link Wallet.GetPaymentOptionsForBuyingEDaler},
 * {@link Wallet.GetPaymentOptionsForSellingEDaler}, {@link Wallet.InitiateBuyEDaler},
 * {@link Wallet.InitiateSellEDaler} and {@link Wallet.GetTransactionInformation}.
 */
export interface TransactionInformation {
  /** The transaction. */
  id: string;
  /** How far it is. */
  state: "Created" | "Preparing" | "Prepared" | "Executing" | "Executed" | "Committing" | "Committed" | "RollingBack" | "RolledBack" | "Error" | (string & {});
  /** When it began: ISO 8601, in UTC. */
  started: string;
  /** When it ended: ISO 8601, in UTC. */
  ended?: string;
  /** The `id` of the service. */
  serviceId: string;
  /** Its `type`. */
  serviceProvider: string;
  /** How much eDaler. */
  amount?: number;
  /** The currency, by ISO 4217. */
  currency?: string;
  /** Where the person goes afterwards. */
  successUrl?: string;
  /** Where the person goes if it fails. */
  failureUrl?: string;
  /** Where the person goes who cancels it. */
  cancelUrl?: string;
  /** Where the person goes to pay. */
  clientUrl?: string;
}

/**
 * Tokens, or references to them. The response of {@link Tokens.GetTokens} and
 * {@link Tokens.GetContractTokens}.
 */
export interface TokensResult {
  /** An element whose children are the tokens. */
  Tokens: TokenList;
}

/**
 * What the contract of a new token has to say. The response of
 * {@link Tokens.GetCreationAttributes}.
 */
export interface CreationAttributes {
  /** The currency, by ISO 4217. */
  currency: string;
  /** The commission of the broker's operator, in percent. */
  commission: number;
  /** The legal identity of the operator. */
  trustProvider: string;
}

/** A token. The response of {@link Tokens.GetToken}. */
export interface TokenResult {
  /** The token. */
  Token: TokenElement;
}

/**
 * A text about a token. The response of {@link Tokens.GetDescription} and
 * {@link StateMachines.CreateReport}.
 */
export interface Report {
  /** The text, in the format that was asked for. */
  report: string;
}

/**
 * A note that was added to a token. The response of {@link Tokens.AddTextNote} and
 * {@link Tokens.AddXmlNote}.
 */
export interface NoteResult {
  /** The note. */
  Note: TokenNote;
}

/** What happened to a token. The response of {@link Tokens.GetTokenEvents}. */
export interface EventsResult {
  /** An element whose children are the events. */
  Events: TokenEvents;
}

/** The state of a machine. The response of {@link StateMachines.GetCurrentState}. */
export interface StateResult {
  /** The state, and the variables of the machine. */
  CurrentState: MachineState;
}

/** What a broker knows of an endpoint. The response of {@link Intelligence.CheckEndpoint}. */
export interface EndpointCheck {
  /** The endpoint, without a port. */
  endpoint: string;
  /** What is known. Missing if nothing is. */
  EndpointInfo?: EndpointInfo;
}

/** What a broker knows of an endpoint. */
export interface EndpointInfo {
  /** When it was first seen: ISO 8601, in UTC. */
  created?: string;
  /** The domain of the broker that knows it. */
  domain?: string;
  /** The protocol it used last. */
  lastProtocol?: string;
  /** Whether its last login failed. */
  lastFailed?: boolean;
  /** Whether it is blocked for good. */
  permanentBlock?: boolean;
  /** Whether, or until when, it is blocked: it is not documented which. */
  temporaryBlock?: unknown;
  /** Why it is blocked. */
  reason?: string;
  /** What WHOIS says of it. */
  whois?: string;
  /** Its city. */
  city?: string;
  /** Its region. */
  region?: string;
  /** Its country. */
  country?: string;
  /** Its country, by ISO 3166-1. */
  countryCode?: string;
  /** The flag of its country. */
  flag?: string;
}

/** Information that was published. The response of {@link Intelligence.Add}. */
export interface IntelligenceReference {
  /** The information. */
  objectId: string;
}

/** What was published of endpoints. The response of {@link Intelligence.Get}. */
export interface IntelligenceResults {
  /** What was found; may be empty. */
  ResultSet: (PublishedInformation & ListEntry)[];
}

/** What was published of an endpoint. */
export interface PublishedInformation extends ListEntry {
  /** The information. */
  objectId: string;
  /** The domain of the broker that published it. */
  domain?: string;
  /** The endpoint. */
  endpoint: string;
  /** When it was published: ISO 8601, in UTC. */
  timestamp: string;
  /** Until when it holds: ISO 8601, in UTC. */
  expires: string;
  /** What was attacked, such as a login. */
  vector?: string;
  /** By which protocol. */
  protocol?: string;
  /** What kind it was. */
  classification?: string;
  /** A code for it. */
  code?: string;
  /** What happened, for people. */
  message?: string;
  /** More about it; may be empty. */
  Tags: (PublishedTag & ListEntry)[];
  /** Properties of the identity that published it. */
  AgentProperties?: unknown;
}

/** A name with its value. */
export interface PublishedTag extends ListEntry {
  /** The name. */
  name: string;
  /** The value: text, number or boolean. */
  value?: unknown;
  /** Its type in XML, such as `xs:int`. */
  type?: string;
}

export interface Account {
  /**
   * Reads the broker's description of its domain. Needs no session.
   *
   * @param Language The language of the description. An ISO 639-1 code or a BCP 47 tag, such as
   *   `sv`. `undefined`, `null` and `""` mean none.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @see Agent API, Account/DomainInfo
   * @example
   * const { domain } = await AgentAPI.Account.DomainInfo("en");
   */
  DomainInfo(Language?: string | null, Options?: CallOptions | null): Promise<DomainInfo>;

  /**
   * Creates an account and opens a session for it. The account is disabled until the e-mail address
   * (and the phone number, if one is given) is verified. If the account exists already and has the
   * same password, the call logs in to it.
   *
   * The arguments come in two orders, with `PhoneNr` as the third or without it. `Secret` signs the
   * request and is not sent.
   *
   * The arguments by their names; or in their order: `Create(UserName, EMail, PhoneNr, Password,
   * ApiKey, Secret, Seconds, Language, Options)`.
   *
   * @throws {AgentApiError} Rejects with `bad-request` and `alternatives` if the name is taken.
   * @see Agent API, Account/Create
   */
  Create(
    Parameters: {
      /** The account's name, the part before `@`. */
      UserName: string;
      /** The e-mail address. */
      EMail: string;
      /** The phone number, with `+` and the country. `undefined`, `null` and `""` mean none. */
      PhoneNr?: string | null;
      /** The account's password, which the broker is sent. */
      Password: string;
      /** The API key, which the broker's operator gives out. */
      ApiKey: string;
      /** The secret of the API key. It signs the request and is not sent. */
      Secret: string;
      /** How long the session lasts, in seconds. A whole number from 1 to 3600. */
      Seconds: number;
      /**
       * The language of the messages that ask for verification. An ISO 639-1 code or a BCP 47 tag,
       * such as `sv`. `undefined`, `null` and `""` mean none.
       */
      Language?: string | null;
    },
    Options?: CallOptions | null,
  ): Promise<AccountCreated>;
  /**
   * Creates an account and opens a session for it. The account is disabled until the e-mail address
   * (and the phone number, if one is given) is verified. If the account exists already and has the
   * same password, the call logs in to it.
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
   * `Seconds`: How long the session lasts, in seconds. A whole number from 1 to 3600.
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
   * Takes over the session of an account that was created with the broker's web form, in the same
   * HTTP session.
   *
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @see Agent API, Account/GetSessionToken
   * @example
   * const { seconds } = await AgentAPI.Account.GetSessionToken();
   */
  GetSessionToken(Options?: CallOptions | null): Promise<SessionToken>;

  /**
   * Verifies an e-mail address with the code that the broker sent to it. Wrong codes are counted.
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
   * Verifies a phone number with the code that the broker sent to it. Wrong codes are counted.
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
   * Sends the verification codes again, for the addresses and numbers that are not verified yet.
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
   * Opens a session. The password is not sent; it signs the request (HMAC-SHA256).
   *
   * The token is stored for the calls that follow: in a browser tab in `sessionStorage`, under the
   * keys of TAG's `Agent.js`; elsewhere in memory, as the one session of the whole process ({@link
   * createAgentAPI} creates clients with others).
   *
   * The token is exchanged for a new one at half of its lifetime, while the page is visible or
   * before the next call. After failed logins a broker may ask for a pause: until its end
   * (`retryAt` of the error) logins are refused here, and nothing is sent.
   *
   * @param UserName The account's name, the part before `@`.
   * @param Password The account's password; not empty. However it was typed, it is signed in one
   *   form (RFC 8265: composed characters, plain spaces).
   * @param Seconds How long the session lasts, in seconds. A whole number from 1 to 3600.
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
   * @param Seconds How long the session lasts, in seconds. A whole number from 1 to 3600.
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
   * @param Seconds How long the session lasts, in seconds. A whole number from 1 to 3600.
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
   * Exchanges the session's token, while it is valid, for a new one.
   *
   * @param Seconds How long the session lasts, in seconds. A whole number from 1 to 3600.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects with `not-logged-in` without a session, or if the session ended
   *   meanwhile; with `unauthorized` if the broker does not accept the token any more.
   * @see Agent API, Account/Refresh
   * @example
   * const { expires } = await AgentAPI.Account.Refresh(3600);
   */
  Refresh(Seconds: number, Options?: CallOptions | null): Promise<Token>;

  /**
   * Ends the session.
   *
   * It ends here at once, whatever the broker responds, then at the broker, and in the other tabs
   * of the page that have one of the same user in the same storage. Without a session it sends
   * nothing.
   *
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects if the broker could not be reached or refused. The session has
   *   ended here nevertheless.
   * @see Agent API, Account/Logout
   * @example
   * await AgentAPI.Account.Logout();
   */
  Logout(Options?: CallOptions | null): Promise<Record<string, never>>;

  /**
   * Asks for help with an account whose password is lost. The response is empty on purpose. Give a
   * user name or a personal number (with its country), and an e-mail address or a phone number.
   *
   * The arguments by their names; or in their order: `Recover(UserName, PersonalNr, Country, EMail,
   * PhoneNr, Options)`.
   *
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @see Agent API, Account/Recover
   */
  Recover(
    Parameters: {
      /** The account's name. `undefined`, `null` and `""` mean none. */
      UserName?: string | null;
      /** The personal number of the account's owner. `undefined`, `null` and `""` mean none. */
      PersonalNr?: string | null;
      /**
       * The country of the personal number, such as `SE`. `undefined`, `null` and `""` mean none.
       */
      Country?: string | null;
      /** The e-mail address of the account. `undefined`, `null` and `""` mean none. */
      EMail?: string | null;
      /** Its phone number. `undefined`, `null` and `""` mean none. */
      PhoneNr?: string | null;
    },
    Options?: CallOptions | null,
  ): Promise<Record<string, never>>;
  /**
   * Asks for help with an account whose password is lost. The response is empty on purpose. Give a
   * user name or a personal number (with its country), and an e-mail address or a phone number.
   *
   * @param UserName The account's name. `undefined`, `null` and `""` mean none.
   * @param PersonalNr The personal number of the account's owner. `undefined`, `null` and `""` mean
   *   none.
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
   * Has the broker validate a token that it issued, and reads its claims.
   *
   * Uses JSON whatever the encoding.
   *
   * @param Token The token.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects if it is not valid.
   * @see Agent API, Account/AuthenticateJwt; RFC 7519 for the claims
   * @example
   * const { subject } = await AgentAPI.Account.AuthenticateJwt(token);
   */
  AuthenticateJwt(Token: string, Options?: CallOptions | null): Promise<JwtInfo>;

  /**
   * Reads what the broker knows about the account.
   *
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @see Agent API, Account/Info
   * @example
   * const { created } = await AgentAPI.Account.Info();
   */
  Info(Options?: CallOptions | null): Promise<AccountInfo>;

  /**
   * Creates a code with which another app takes over the account and its Legal ID. The two
   * passwords sign the request and are not sent.
   *
   * The arguments by their names; or in their order: `Transfer(LocalName, Namespace, KeyId,
   * KeyPassword, AccountPassword, Pin, Options)`.
   *
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @see Agent API, Account/Transfer
   */
  Transfer(
    Parameters: {
      /** The local name of the key's algorithm. */
      LocalName: string;
      /** The namespace of the key's algorithm. */
      Namespace: string;
      /** The key. */
      KeyId: string;
      /** The key's password. It signs the request and is not sent. */
      KeyPassword: string;
      /** The account's password. It signs the request and is not sent. */
      AccountPassword: string;
      /** A PIN that the other app has to ask for. `undefined`, `null` and `""` mean none. */
      Pin?: string | null;
    },
    Options?: CallOptions | null,
  ): Promise<TransferCode>;
  /**
   * Creates a code with which another app takes over the account and its Legal ID. The two
   * passwords sign the request and are not sent.
   *
   * @param LocalName The local name of the key's algorithm.
   * @param Namespace The namespace of the key's algorithm.
   * @param KeyId The key.
   * @param KeyPassword The key's password. It signs the request and is not sent.
   * @param AccountPassword The account's password. It signs the request and is not sent.
   * @param Pin A PIN that the other app has to ask for. `undefined`, `null` and `""` mean none.
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
   * Asks the account's own broker for the Legal ID to send to another one.
   *
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @see Agent API, Account/PrepareRemoteQuickLogin
   * @example
   * const { legalId } = await AgentAPI.Account.PrepareRemoteQuickLogin();
   */
  PrepareRemoteQuickLogin(Options?: CallOptions | null): Promise<RemoteQuickLoginPreparation>;

  /**
   * Logs in to another broker with a Legal ID, over TLS. The token of this session is not sent to
   * it.
   *
   * @param Domain The other broker's host. A host name with an optional port.
   * @param LegalId The Legal ID of {@link Account.PrepareRemoteQuickLogin}.
   * @param Purpose The purpose, which the person is shown.
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
   * Reads at which other brokers Legal IDs of the account are known.
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
   * Sends a chat message in plain text (RFC 6121 §5).
   *
   * The arguments by their names; or in their order: `SendTextMessage(To, Message, Subject,
   * Language, Id, Options)`.
   *
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @see Agent API, Xmpp/SendTextMessage; RFC 6121 §5
   */
  SendTextMessage(
    Parameters: {
      /** The recipient's address. A bare or full JID (RFC 7622), such as `bob@example.org`. */
      To: string;
      /** The text. */
      Message: string;
      /** What it is about. `undefined`, `null` and `""` mean none. */
      Subject?: string | null;
      /**
       * The language of what is human-readable in it. An ISO 639-1 code or a BCP 47 tag, such as
       * `sv`. `undefined`, `null` and `""` mean none.
       */
      Language?: string | null;
      /**
       * The id of the stanza, which the response repeats. If it is left out, the broker creates
       * one. Visible characters, at most 1023 bytes. `undefined`, `null` and `""` mean none.
       */
      Id?: string | null;
    },
    Options?: CallOptions | null,
  ): Promise<StanzaResult>;
  /**
   * Sends a chat message in plain text (RFC 6121 §5).
   *
   * @param To The recipient's address. A bare or full JID (RFC 7622), such as `bob@example.org`.
   * @param Message The text.
   * @param Subject What it is about. `undefined`, `null` and `""` mean none.
   * @param Language The language of what is human-readable in it. An ISO 639-1 code or a BCP 47
   *   tag, such as `sv`. `undefined`, `null` and `""` mean none.
   * @param Id The id of the stanza, which the response repeats. If it is left out, the broker
   *   creates one. Visible characters, at most 1023 bytes. `undefined`, `null` and `""` mean none.
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
   * Sends a chat message in Markdown. The recipient gets it as text, as HTML and as Markdown.
   *
   * The arguments by their names; or in their order: `SendFormattedMessage(To, Message, Subject,
   * Language, Id, Options)`.
   *
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @see Agent API, Xmpp/SendFormattedMessage
   */
  SendFormattedMessage(
    Parameters: {
      /** The recipient's address. A bare or full JID (RFC 7622), such as `bob@example.org`. */
      To: string;
      /** The Markdown. */
      Message: string;
      /** What it is about. `undefined`, `null` and `""` mean none. */
      Subject?: string | null;
      /**
       * The language of what is human-readable in it. An ISO 639-1 code or a BCP 47 tag, such as
       * `sv`. `undefined`, `null` and `""` mean none.
       */
      Language?: string | null;
      /**
       * The id of the stanza, which the response repeats. If it is left out, the broker creates
       * one. Visible characters, at most 1023 bytes. `undefined`, `null` and `""` mean none.
       */
      Id?: string | null;
    },
    Options?: CallOptions | null,
  ): Promise<StanzaResult>;
  /**
   * Sends a chat message in Markdown. The recipient gets it as text, as HTML and as Markdown.
   *
   * @param To The recipient's address. A bare or full JID (RFC 7622), such as `bob@example.org`.
   * @param Message The Markdown.
   * @param Subject What it is about. `undefined`, `null` and `""` mean none.
   * @param Language The language of what is human-readable in it. An ISO 639-1 code or a BCP 47
   *   tag, such as `sv`. `undefined`, `null` and `""` mean none.
   * @param Id The id of the stanza, which the response repeats. If it is left out, the broker
   *   creates one. Visible characters, at most 1023 bytes. `undefined`, `null` and `""` mean none.
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
   * Sends a message with custom XML.
   *
   * The arguments by their names; or in their order: `SendXmlMessage(To, Xml, Subject, Language,
   * Id, Options)`.
   *
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @see Agent API, Xmpp/SendXmlMessage
   */
  SendXmlMessage(
    Parameters: {
      /** The recipient's address. A bare or full JID (RFC 7622), such as `bob@example.org`. */
      To: string;
      /**
       * The XML. Well-formed element content (any number of elements, text, comments, CDATA; no
       * DOCTYPE, no processing instruction), at most 1 MiB of UTF-8, nested at most 64 deep.
       */
      Xml: string;
      /** What it is about. `undefined`, `null` and `""` mean none. */
      Subject?: string | null;
      /**
       * The language of what is human-readable in it. An ISO 639-1 code or a BCP 47 tag, such as
       * `sv`. `undefined`, `null` and `""` mean none.
       */
      Language?: string | null;
      /**
       * The id of the stanza, which the response repeats. If it is left out, the broker creates
       * one. Visible characters, at most 1023 bytes. `undefined`, `null` and `""` mean none.
       */
      Id?: string | null;
    },
    Options?: CallOptions | null,
  ): Promise<StanzaResult>;
  /**
   * Sends a message with custom XML.
   *
   * @param To The recipient's address. A bare or full JID (RFC 7622), such as `bob@example.org`.
   * @param Xml The XML. Well-formed element content (any number of elements, text, comments, CDATA;
   *   no DOCTYPE, no processing instruction), at most 1 MiB of UTF-8, nested at most 64 deep.
   * @param Subject What it is about. `undefined`, `null` and `""` mean none.
   * @param Language The language of what is human-readable in it. An ISO 639-1 code or a BCP 47
   *   tag, such as `sv`. `undefined`, `null` and `""` mean none.
   * @param Id The id of the stanza, which the response repeats. If it is left out, the broker
   *   creates one. Visible characters, at most 1023 bytes. `undefined`, `null` and `""` mean none.
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
   * approved Legal ID, the broker adds it, so that the contact knows who is asking.
   *
   * @param To The contact's address. A bare or full JID (RFC 7622), such as `bob@example.org`.
   * @param CustomXml XML to add to the request. Well-formed element content (any number of
   *   elements, text, comments, CDATA; no DOCTYPE, no processing instruction), at most 1 MiB of
   *   UTF-8, nested at most 64 deep. `undefined`, `null` and `""` mean none.
   * @param Language The language of what is human-readable in it. An ISO 639-1 code or a BCP 47
   *   tag, such as `sv`. `undefined`, `null` and `""` mean none.
   * @param Id The id of the stanza, which the response repeats. If it is left out, the broker
   *   creates one. Visible characters, at most 1023 bytes. `undefined`, `null` and `""` mean none.
   * @param Options Signal, deadline and encoding of this call.
   * @returns Whether the request was sent, its id, and the contact's roster item. That it was sent
   *   does not mean that it was accepted: the contact answers later.
   * @throws {AgentApiError} Rejects with `invalid-argument` (and `parameter`) before anything is
   *   sent, with `not-logged-in` if there is no session, else with any of
   *   {@link AgentApiErrorCode}.
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
   * Unsubscribes from a contact's presence: the account no longer sees it (RFC 6121 §3.3). To stop
   * the contact from seeing the account's, use {@link Xmpp.SendSubscriptionDeclined}.
   *
   * @param To The contact's address. A bare or full JID (RFC 7622), such as `bob@example.org`.
   * @param Id The id of the stanza, which the response repeats. If it is left out, the broker
   *   creates one. Visible characters, at most 1023 bytes. `undefined`, `null` and `""` mean none.
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
   * Accepts a contact's subscription request: the contact may see the account's presence (RFC 6121
   * §3.1.4).
   *
   * @param To The contact's address. A bare or full JID (RFC 7622), such as `bob@example.org`.
   * @param Id The id of the stanza, which the response repeats. If it is left out, the broker
   *   creates one. Visible characters, at most 1023 bytes. `undefined`, `null` and `""` mean none.
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
   * Declines a contact's subscription request, or cancels its subscription: the contact does not
   * see, or no longer sees, the account's presence (RFC 6121 §3.1.4 and §3.2).
   *
   * @param To The contact's address. A bare or full JID (RFC 7622), such as `bob@example.org`.
   * @param Id The id of the stanza, which the response repeats. If it is left out, the broker
   *   creates one. Visible characters, at most 1023 bytes. `undefined`, `null` and `""` mean none.
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
   * Names a contact and puts it into groups; adds it if it is not in the roster. Subscriptions are
   * not changed.
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
   * Sends a query to a contact's program and waits for its response (RFC 6120 §8.2.3).
   *
   * @param BareJid The program's full JID, which {@link Xmpp.PresenceProbe} gives. The parameter is
   *   named as in TAG's `Agent.js`. A bare or full JID (RFC 7622), such as `bob@example.org`.
   * @param Type `get` to read, `set` to change.
   * @param QueryXml The query: one element. Well-formed element content (any number of elements,
   *   text, comments, CDATA; no DOCTYPE, no processing instruction), at most 1 MiB of UTF-8, nested
   *   at most 64 deep.
   * @param Options Signal, deadline and encoding of this call.
   * @returns The response. If it is an error, `ok` is false, and the call succeeds all the same.
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
   * Takes messages out of the queue of those for which there was no handler. The broker deletes
   * them: if the response is lost, so are its messages, and the error says how many at most.
   *
   * Of a response that was received, every message is returned: one that breaks the contract, is
   * nested too deep or has too many parts (some 25,000 elements) has `problem` and `raw`.
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

export interface Storage {
  /**
   * Keeps an XML element for the account alone. It replaces the one of the same name and namespace.
   *
   * @param Xml The element. Well-formed element content (any number of elements, text, comments,
   *   CDATA; no DOCTYPE, no processing instruction), at most 1 MiB of UTF-8, nested at most 64
   *   deep.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @see Agent API, Storage/SavePrivateXml
   * @example
   * await AgentAPI.Storage.SavePrivateXml("<prefs xmlns='urn:example:prefs' theme='dark'/>");
   */
  SavePrivateXml(Xml: string, Options?: CallOptions | null): Promise<Stored>;

  /**
   * Reads an XML element that the account keeps.
   *
   * @param LocalName The local name of the element.
   * @param Namespace Its namespace; `""` for none.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects with `not-found` if there is none.
   * @see Agent API, Storage/LoadPrivateXml
   * @example
   * const { Xml } = await AgentAPI.Storage.LoadPrivateXml("prefs", "urn:example:prefs");
   */
  LoadPrivateXml(
    LocalName: string,
    Namespace: string,
    Options?: CallOptions | null,
  ): Promise<PrivateXml>;

  /**
   * Keeps a file, which gets a URL. It replaces the account's file of the same name.
   *
   * @param ContentFile The file: a `File`, a `Blob`, bytes or a string, or a form with one of them
   *   named `Content`. Only a `File` and a `Blob` have a media type.
   * @param ContentId Its name, with the extension of its media type. Without one, the broker
   *   chooses, also for a `File`. `undefined`, `null` and `""` mean none.
   * @param Visibility Who can read it: everybody (on the local broker, every account), contacts
   *   that may see the account's presence, or the account alone.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @see Agent API, Storage/Content
   * @example
   * const { url } = await AgentAPI.Storage.Upload(file, "note.txt", "Private");
   */
  Upload(
    ContentFile: FileContent,
    ContentId: string | null | undefined,
    Visibility: "Public" | "Presence" | "Private",
    Options?: CallOptions | null,
  ): Promise<ContentReference>;

  /**
   * Keeps a file at a URL, in place of the one that is there.
   *
   * @param Url Its URL at the account's broker, whole or from the path on.
   * @param Content What it holds: a `File` or a `Blob`, bytes, a string, or a stream, which is sent
   *   once whatever happens and as it is read.
   * @param Visibility Who can read it, as with {@link Storage.Upload}.
   * @param ContentType Its media type, which has to fit the extension of the URL. Without it, that
   *   of the `File` or the `Blob`; bytes and streams have none. `undefined`, `null` and `""` mean
   *   none.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects with `forbidden` if it is another account's.
   * @see Agent API, Storage/Content
   * @example
   * await AgentAPI.Storage.Put(url, "new text", "Private", "text/plain");
   */
  Put(
    Url: string,
    Content: FileContent | InstanceOf<"ReadableStream">,
    Visibility: "Public" | "Presence" | "Private",
    ContentType?: string | null,
    Options?: CallOptions | null,
  ): Promise<ContentReference>;

  /**
   * Reads a file.
   *
   * @param Url Its URL at the account's broker, whole or from the path on.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects with `not-found` if there is none, and with `forbidden` if the
   *   account may not read it.
   * @see Agent API, Storage/Content
   * @example
   * const { Content, ContentType } = await AgentAPI.Storage.Download(url);
   */
  Download(
    Url: string,
    Options?: CallOptions | null,
  ): Promise<{ Content: Uint8Array & { buffer: ArrayBuffer }; ContentType?: string; ETag?: string }>;

  /**
   * Deletes a file.
   *
   * @param Url Its URL at the account's broker, whole or from the path on.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects with `not-found` if there is none, and with `forbidden` if it
   *   is another account's.
   * @see Agent API, Storage/Content
   * @example
   * await AgentAPI.Storage.Delete(url);
   */
  Delete(Url: string, Options?: CallOptions | null): Promise<Record<string, never>>;

  /**
   * Keeps names with a value each, for the account alone.
   *
   * @param VaultId The item to replace. Without it, a new one is made. `undefined`, `null` and `""`
   *   mean none.
   * @param Type What it is, in a word of the caller's.
   * @param ClientId Whose it is, in a word of the caller's. `undefined`, `null` and `""` mean none.
   * @param Tags The names and values; `masked` is shown instead of a value where one is asked to.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects with `not-found` if there is no item to replace.
   * @see Agent API, Storage/StoreInVault
   * @example
   * const { vaultId } = await AgentAPI.Storage.StoreInVault(null, "Card", null, [
   *   { name: "PAN", value: pan, masked: "**** 1111" },
   * ]);
   */
  StoreInVault(
    VaultId: string | null | undefined,
    Type: string,
    ClientId: string | null | undefined,
    Tags: readonly { name: string; value: string; masked?: string | null }[],
    Options?: CallOptions | null,
  ): Promise<VaultReference>;

  /**
   * Reads an item of the vault.
   *
   * @param VaultId The item.
   * @param Masked Whether values that have a mask are replaced by it.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects with `not-found` if there is none.
   * @see Agent API, Storage/GetFromVault
   * @example
   * const { Tags } = await AgentAPI.Storage.GetFromVault(vaultId, true);
   */
  GetFromVault(
    VaultId: string,
    Masked?: boolean | null,
    Options?: CallOptions | null,
  ): Promise<VaultItem>;

  /**
   * Finds items of the vault: those that have all that is given.
   *
   * The arguments by their names; or in their order: `SearchInVault(Type, ClientId, Masked, Tags,
   * Offset, MaxCount, Options)`.
   *
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @see Agent API, Storage/SearchInVault
   */
  SearchInVault(
    Parameters: {
      /** What they are. `undefined`, `null` and `""` mean none. */
      Type?: string | null;
      /** Whose it is, in a word of the caller's. `undefined`, `null` and `""` mean none. */
      ClientId?: string | null;
      /** Whether values that have a mask are replaced by it. */
      Masked?: boolean | null;
      /**
       * The names and values that they have. Default: any. An object, a `Map` or a list of pairs;
       * the latter two keep names that look like numbers in their place.
       */
      Tags?: Readonly<Record<string, string>> | ReadonlyMap<string, string> | readonly (readonly [name: string, value: string])[] | null;
      /** How many to skip. Default: the broker's, 0. A whole number from 0 to 2147483647. */
      Offset?: number | null;
      /** How many to read at most. Default: the broker's. A whole number from 1 to 100. */
      MaxCount?: number | null;
    },
    Options?: CallOptions | null,
  ): Promise<VaultItems>;
  /**
   * Finds items of the vault: those that have all that is given.
   *
   * @param Type What they are. `undefined`, `null` and `""` mean none.
   * @param ClientId Whose it is, in a word of the caller's. `undefined`, `null` and `""` mean none.
   * @param Masked Whether values that have a mask are replaced by it.
   * @param Tags The names and values that they have. Default: any. An object, a `Map` or a list of
   *   pairs; the latter two keep names that look like numbers in their place.
   * @param Offset How many to skip. Default: the broker's, 0. A whole number from 0 to 2147483647.
   * @param MaxCount How many to read at most. Default: the broker's. A whole number from 1 to 100.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @see Agent API, Storage/SearchInVault
   * @example
   * const { ResultSet } = await AgentAPI.Storage.SearchInVault("Card", null, true);
   */
  SearchInVault(
    Type?: string | null,
    ClientId?: string | null,
    Masked?: boolean | null,
    Tags?: Readonly<Record<string, string>> | ReadonlyMap<string, string> | readonly (readonly [name: string, value: string])[] | null,
    Offset?: number | null,
    MaxCount?: number | null,
    Options?: CallOptions | null,
  ): Promise<VaultItems>;

  /**
   * Deletes an item of the vault.
   *
   * @param VaultId The item.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects with `not-found` if there is none.
   * @see Agent API, Storage/DeleteFromVault
   * @example
   * await AgentAPI.Storage.DeleteFromVault(vaultId);
   */
  DeleteFromVault(VaultId: string, Options?: CallOptions | null): Promise<Record<string, never>>;
}

export interface Crypto {
  /**
   * Reads the algorithms in which the broker makes keys.
   *
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @see Agent API, Crypto/GetAlgorithms
   * @example
   * const { Algorithms } = await AgentAPI.Crypto.GetAlgorithms();
   */
  GetAlgorithms(Options?: CallOptions | null): Promise<Algorithms>;

  /**
   * Makes a key for the account. The broker keeps it, encrypted with the key's password, which is
   * not sent: requests that use the key are signed with it.
   *
   * The arguments by their names; or in their order: `CreateKey(LocalName, Namespace, Id,
   * KeyPassword, AccountPassword, Options)`.
   *
   * @throws {AgentApiError} Rejects with `not-found` if the broker does not know the algorithm,
   *   with `not-implemented` if it makes no keys in it, and with `forbidden` if the key exists
   *   already and an identity has it.
   * @see Agent API, Crypto/CreateKey
   */
  CreateKey(
    Parameters: {
      /** The local name of its algorithm, which {@link Crypto.GetAlgorithms} gives. */
      LocalName: string;
      /** The namespace of its algorithm. */
      Namespace: string;
      /** The name of the key, among those of the account. */
      Id: string;
      /** The key's password. It signs the request and is not sent. */
      KeyPassword: string;
      /** The account's password. It signs the request and is not sent. */
      AccountPassword: string;
    },
    Options?: CallOptions | null,
  ): Promise<Stored>;
  /**
   * Makes a key for the account. The broker keeps it, encrypted with the key's password, which is
   * not sent: requests that use the key are signed with it.
   *
   * @param LocalName The local name of its algorithm, which {@link Crypto.GetAlgorithms} gives.
   * @param Namespace The namespace of its algorithm.
   * @param Id The name of the key, among those of the account.
   * @param KeyPassword The key's password. It signs the request and is not sent.
   * @param AccountPassword The account's password. It signs the request and is not sent.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects with `not-found` if the broker does not know the algorithm,
   *   with `not-implemented` if it makes no keys in it, and with `forbidden` if the key exists
   *   already and an identity has it.
   * @see Agent API, Crypto/CreateKey
   * @example
   * await AgentAPI.Crypto.CreateKey("ed448", "urn:nf:iot:e2e:1.0", keyId, keyPassword, accountPassword);
   */
  CreateKey(
    LocalName: string,
    Namespace: string,
    Id: string,
    KeyPassword: string,
    AccountPassword: string,
    Options?: CallOptions | null,
  ): Promise<Stored>;

  /**
   * Reads a public key of the account, or that of the broker.
   *
   * @param KeyId The key. Without it, that of the broker is read, for which no session is needed.
   *   `undefined`, `null` and `""` mean none.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects with `not-found` if there is no such key.
   * @see Agent API, Crypto/GetPublicKey
   * @example
   * const { key } = await AgentAPI.Crypto.GetPublicKey(keyId);
   */
  GetPublicKey(KeyId?: string | null, Options?: CallOptions | null): Promise<PublicKey>;
}

export interface Legal {
  /**
   * Checks the form of a personal number.
   *
   * @param CountryCode The country, by ISO 3166-1.
   * @param PNr The personal number.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @see Agent API, Legal/ValidatePNr
   * @example
   * const { isValid } = await AgentAPI.Legal.ValidatePNr("SE", "19121212-1212");
   */
  ValidatePNr(
    CountryCode: string,
    PNr: string,
    Options?: CallOptions | null,
  ): Promise<PersonalNumberCheck>;

  /**
   * Reads what the broker asks of an application for a legal identity.
   *
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @see Agent API, Legal/GetApplicationAttributes
   * @example
   * const { Required } = await AgentAPI.Legal.GetApplicationAttributes();
   */
  GetApplicationAttributes(Options?: CallOptions | null): Promise<ApplicationAttributes>;

  /**
   * Applies for a legal identity. The broker adds the address of the program that asks, from the
   * header `Referer`: in a page its URL or origin, elsewhere that of the broker itself.
   *
   * The arguments by their names; or in their order: `ApplyId(LocalName, Namespace, KeyId,
   * KeyPassword, AccountPassword, Properties, Options)`.
   *
   * @throws {AgentApiError} Rejects with `not-found` if there is no such key. After an ambiguous
   *   failure, {@link Legal.GetIdentities} shows whether the broker has the application.
   * @see Agent API, Legal/ApplyId
   */
  ApplyId(
    Parameters: {
      /** The local name of the key's algorithm. */
      LocalName: string;
      /** The namespace of the key's algorithm. */
      Namespace: string;
      /** The key. */
      KeyId: string;
      /** The key's password. It signs the request and is not sent. */
      KeyPassword: string;
      /** The account's password. It signs the request and is not sent. */
      AccountPassword: string;
      /**
       * The properties of the identity, in the order in which they are signed. An object, a `Map`
       * or a list of pairs; the latter two keep names that look like numbers in their place.
       */
      Properties: Readonly<Record<string, string>> | ReadonlyMap<string, string> | readonly (readonly [name: string, value: string])[];
    },
    Options?: CallOptions | null,
  ): Promise<IdentityResponse>;
  /**
   * Applies for a legal identity. The broker adds the address of the program that asks, from the
   * header `Referer`: in a page its URL or origin, elsewhere that of the broker itself.
   *
   * @param LocalName The local name of the key's algorithm.
   * @param Namespace The namespace of the key's algorithm.
   * @param KeyId The key.
   * @param KeyPassword The key's password. It signs the request and is not sent.
   * @param AccountPassword The account's password. It signs the request and is not sent.
   * @param Properties The properties of the identity, in the order in which they are signed. An
   *   object, a `Map` or a list of pairs; the latter two keep names that look like numbers in their
   *   place.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects with `not-found` if there is no such key. After an ambiguous
   *   failure, {@link Legal.GetIdentities} shows whether the broker has the application.
   * @see Agent API, Legal/ApplyId
   * @example
   * const { Identity } = await AgentAPI.Legal.ApplyId(
   *   "ed448", "urn:nf:iot:e2e:1.0", keyId, keyPassword, accountPassword,
   *   { FIRST: "Ada", LAST: "Byron", COUNTRY: "GB" },
   * );
   */
  ApplyId(
    LocalName: string,
    Namespace: string,
    KeyId: string,
    KeyPassword: string,
    AccountPassword: string,
    Properties: Readonly<Record<string, string>> | ReadonlyMap<string, string> | readonly (readonly [name: string, value: string])[],
    Options?: CallOptions | null,
  ): Promise<IdentityResponse>;

  /**
   * Adds a file to an application for a legal identity, such as a photo.
   *
   * The arguments by their names; or in their order: `AddIdAttachment(LocalName, Namespace, KeyId,
   * KeyPassword, AccountPassword, LegalId, Attachment, FileName, ContentType, Options)`.
   *
   * @throws {AgentApiError} Rejects with `forbidden` unless the identity is in the state `Created`,
   *   and was applied for with this key. After an ambiguous failure, {@link Legal.GetIdentity}
   *   shows whether the broker has the file.
   * @see Agent API, Legal/AddIdAttachment
   */
  AddIdAttachment(
    Parameters: {
      /** The local name of the key's algorithm. */
      LocalName: string;
      /** The namespace of the key's algorithm. */
      Namespace: string;
      /** The key. */
      KeyId: string;
      /** The key's password. It signs the request and is not sent. */
      KeyPassword: string;
      /** The account's password. It signs the request and is not sent. */
      AccountPassword: string;
      /** The identity. */
      LegalId: string;
      /** The file in Base64. Base64 with padding. */
      Attachment: string;
      /** Its name. */
      FileName: string;
      /** Its media type. */
      ContentType: string;
    },
    Options?: CallOptions | null,
  ): Promise<IdentityResponse>;
  /**
   * Adds a file to an application for a legal identity, such as a photo.
   *
   * @param LocalName The local name of the key's algorithm.
   * @param Namespace The namespace of the key's algorithm.
   * @param KeyId The key.
   * @param KeyPassword The key's password. It signs the request and is not sent.
   * @param AccountPassword The account's password. It signs the request and is not sent.
   * @param LegalId The identity.
   * @param Attachment The file in Base64. Base64 with padding.
   * @param FileName Its name.
   * @param ContentType Its media type.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects with `forbidden` unless the identity is in the state `Created`,
   *   and was applied for with this key. After an ambiguous failure, {@link Legal.GetIdentity}
   *   shows whether the broker has the file.
   * @see Agent API, Legal/AddIdAttachment
   * @example
   * await AgentAPI.Legal.AddIdAttachment(
   *   "ed448", "urn:nf:iot:e2e:1.0", keyId, keyPassword, accountPassword,
   *   legalId, photo, "ProfilePhoto.png", "image/png",
   * );
   */
  AddIdAttachment(
    LocalName: string,
    Namespace: string,
    KeyId: string,
    KeyPassword: string,
    AccountPassword: string,
    LegalId: string,
    Attachment: string,
    FileName: string,
    ContentType: string,
    Options?: CallOptions | null,
  ): Promise<IdentityResponse>;

  /**
   * Creates a contract from a template.
   *
   * @param TemplateId The template.
   * @param Visibility Who can read it.
   * @param Parts Who has which role. Without it, the template decides. `undefined`, `null` and `""`
   *   mean none.
   * @param Parameters The values of the template's parameters. Default: none. An object, a `Map` or
   *   a list of pairs; the latter two keep names that look like numbers in their place.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects with `not-found` if there is no such template, with `forbidden`
   *   without an approved identity, and with `bad-request` for a parameter that the template does
   *   not have. After an ambiguous failure, {@link Legal.GetCreatedContracts} shows whether the
   *   contract exists.
   * @see Agent API, Legal/CreateContract
   * @example
   * const { Contract } = await AgentAPI.Legal.CreateContract(
   *   templateId, "CreatorAndParts", null, { Title: "Moby-Dick", Days: 14 },
   * );
   */
  CreateContract(
    TemplateId: string,
    Visibility: "CreatorAndParts" | "DomainAndParts" | "Public" | "PublicSearchable",
    Parts?: readonly { role: string; legalId: string }[] | null,
    Parameters?: Readonly<Record<string, unknown>> | ReadonlyMap<string, unknown> | readonly (readonly [name: string, value: unknown])[] | null,
    Options?: CallOptions | null,
  ): Promise<ContractResponse>;

  /**
   * Proposes a contract as a template. The operator of the broker approves it.
   *
   * @param TemplateBase64 The XML of the contract, in UTF-8 and Base64. Base64 with padding.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @see Agent API, Legal/ProposeTemplate
   * @example
   * await AgentAPI.Legal.ProposeTemplate(templateBase64);
   */
  ProposeTemplate(TemplateBase64: string, Options?: CallOptions | null): Promise<TemplateResponse>;

  /**
   * Reads a legal identity: one of the account, or one that the account may read.
   *
   * @param LegalId The identity.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects with `not-found` if there is none, and with `forbidden` if the
   *   account may not read it.
   * @see Agent API, Legal/GetIdentity
   * @example
   * const { Identity } = await AgentAPI.Legal.GetIdentity(legalId);
   */
  GetIdentity(LegalId: string, Options?: CallOptions | null): Promise<IdentityResponse>;

  /**
   * Reads a contract that the account may read.
   *
   * @param ContractId The contract.
   * @param Format How texts for people are written. Without it, they come as elements, which lose
   *   the order of text and what is within it. `undefined`, `null` and `""` mean none.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects with `not-found` if there is none, and with `forbidden` if the
   *   account may not read it.
   * @see Agent API, Legal/GetContract
   * @example
   * const { Contract } = await AgentAPI.Legal.GetContract(contractId, "Markdown");
   */
  GetContract(
    ContractId: string,
    Format?: "Markdown" | "Html" | "Text" | "Xaml" | "XamarinXaml" | "SmartContract" | null,
    Options?: CallOptions | null,
  ): Promise<ContractResponse>;

  /**
   * Signs a contract.
   *
   * The arguments by their names; or in their order: `SignContract(LocalName, Namespace, KeyId,
   * KeyPassword, AccountPassword, ContractId, LegalId, Role, Options)`.
   *
   * @throws {AgentApiError} Rejects with `forbidden` if the contract, the role or the identity does
   *   not allow it. After an ambiguous failure, {@link Legal.GetContract} shows whether it is
   *   signed.
   * @see Agent API, Legal/SignContract
   */
  SignContract(
    Parameters: {
      /** The local name of the key's algorithm. */
      LocalName: string;
      /** The namespace of the key's algorithm. */
      Namespace: string;
      /** The key. */
      KeyId: string;
      /** The key's password. It signs the request and is not sent. */
      KeyPassword: string;
      /** The account's password. It signs the request and is not sent. */
      AccountPassword: string;
      /** The contract. */
      ContractId: string;
      /** The account's identity that signs. */
      LegalId: string;
      /** The role in the contract. */
      Role: string;
    },
    Options?: CallOptions | null,
  ): Promise<ContractResponse>;
  /**
   * Signs a contract.
   *
   * @param LocalName The local name of the key's algorithm.
   * @param Namespace The namespace of the key's algorithm.
   * @param KeyId The key.
   * @param KeyPassword The key's password. It signs the request and is not sent.
   * @param AccountPassword The account's password. It signs the request and is not sent.
   * @param ContractId The contract.
   * @param LegalId The account's identity that signs.
   * @param Role The role in the contract.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects with `forbidden` if the contract, the role or the identity does
   *   not allow it. After an ambiguous failure, {@link Legal.GetContract} shows whether it is
   *   signed.
   * @see Agent API, Legal/SignContract
   * @example
   * const { Contract } = await AgentAPI.Legal.SignContract(
   *   "ed448", "urn:nf:iot:e2e:1.0", keyId, keyPassword, accountPassword, contractId, legalId, "Lender",
   * );
   */
  SignContract(
    LocalName: string,
    Namespace: string,
    KeyId: string,
    KeyPassword: string,
    AccountPassword: string,
    ContractId: string,
    LegalId: string,
    Role: string,
    Options?: CallOptions | null,
  ): Promise<ContractResponse>;

  /**
   * Signs data with the key of an identity.
   *
   * The arguments by their names; or in their order: `SignData(LocalName, Namespace, KeyId,
   * KeyPassword, AccountPassword, LegalId, DataBase64, Options)`.
   *
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @see Agent API, Legal/SignData
   */
  SignData(
    Parameters: {
      /** The local name of the key's algorithm. */
      LocalName: string;
      /** The namespace of the key's algorithm. */
      Namespace: string;
      /** The key. */
      KeyId: string;
      /** The key's password. It signs the request and is not sent. */
      KeyPassword: string;
      /** The account's password. It signs the request and is not sent. */
      AccountPassword: string;
      /** The identity. */
      LegalId: string;
      /** The data in Base64. Base64 with padding. */
      DataBase64: string;
    },
    Options?: CallOptions | null,
  ): Promise<DataSignature>;
  /**
   * Signs data with the key of an identity.
   *
   * @param LocalName The local name of the key's algorithm.
   * @param Namespace The namespace of the key's algorithm.
   * @param KeyId The key.
   * @param KeyPassword The key's password. It signs the request and is not sent.
   * @param AccountPassword The account's password. It signs the request and is not sent.
   * @param LegalId The identity.
   * @param DataBase64 The data in Base64. Base64 with padding.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @see Agent API, Legal/SignData
   * @example
   * const { Signature } = await AgentAPI.Legal.SignData(
   *   "ed448", "urn:nf:iot:e2e:1.0", keyId, keyPassword, accountPassword, legalId, "SGVsbG8=",
   * );
   */
  SignData(
    LocalName: string,
    Namespace: string,
    KeyId: string,
    KeyPassword: string,
    AccountPassword: string,
    LegalId: string,
    DataBase64: string,
    Options?: CallOptions | null,
  ): Promise<DataSignature>;

  /**
   * Reads the legal identities of the account, also those that are not approved, or not any more.
   *
   * @param Offset How many to skip. Default: the broker's, 0. A whole number from 0 to 2147483647.
   * @param MaxCount How many to read at most. Default: the broker's, all. A whole number from 1 to
   *   2147483647.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @see Agent API, Legal/GetIdentities
   * @example
   * const { Identities } = await AgentAPI.Legal.GetIdentities();
   */
  GetIdentities(
    Offset?: number | null,
    MaxCount?: number | null,
    Options?: CallOptions | null,
  ): Promise<Identities>;

  /**
   * Reads which contracts the account created.
   *
   * @param Offset How many to skip. Default: the broker's, 0. A whole number from 0 to 2147483647.
   * @param MaxCount How many to read at most. Default: the broker's, all. A whole number from 1 to
   *   2147483647.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @see Agent API, Legal/GetCreatedContracts
   * @example
   * const { Contracts } = await AgentAPI.Legal.GetCreatedContracts(0, 20);
   */
  GetCreatedContracts(
    Offset?: number | null,
    MaxCount?: number | null,
    Options?: CallOptions | null,
  ): Promise<CreatedContracts>;

  /**
   * Reads which contracts the account signed, and as whom.
   *
   * @param Offset How many to skip. Default: the broker's, 0. A whole number from 0 to 2147483647.
   * @param MaxCount How many to read at most. Default: the broker's, all. A whole number from 1 to
   *   2147483647.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @see Agent API, Legal/GetSignedContracts
   * @example
   * const { Signatures } = await AgentAPI.Legal.GetSignedContracts(0, 20);
   */
  GetSignedContracts(
    Offset?: number | null,
    MaxCount?: number | null,
    Options?: CallOptions | null,
  ): Promise<SignedContracts>;

  /**
   * Says that an application is complete, so that its review can begin.
   *
   * The arguments by their names; or in their order: `ReadyForApproval(LocalName, Namespace, KeyId,
   * KeyPassword, AccountPassword, LegalId, Options)`.
   *
   * @throws {AgentApiError} Rejects with `forbidden` unless the identity is in the state `Created`.
   * @see Agent API, Legal/ReadyForApproval
   */
  ReadyForApproval(
    Parameters: {
      /** The local name of the key's algorithm. */
      LocalName: string;
      /** The namespace of the key's algorithm. */
      Namespace: string;
      /** The key. */
      KeyId: string;
      /** The key's password. It signs the request and is not sent. */
      KeyPassword: string;
      /** The account's password. It signs the request and is not sent. */
      AccountPassword: string;
      /** The identity. */
      LegalId: string;
    },
    Options?: CallOptions | null,
  ): Promise<ReadyForApprovalResponse>;
  /**
   * Says that an application is complete, so that its review can begin.
   *
   * @param LocalName The local name of the key's algorithm.
   * @param Namespace The namespace of the key's algorithm.
   * @param KeyId The key.
   * @param KeyPassword The key's password. It signs the request and is not sent.
   * @param AccountPassword The account's password. It signs the request and is not sent.
   * @param LegalId The identity.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects with `forbidden` unless the identity is in the state `Created`.
   * @see Agent API, Legal/ReadyForApproval
   * @example
   * await AgentAPI.Legal.ReadyForApproval(
   *   "ed448", "urn:nf:iot:e2e:1.0", keyId, keyPassword, accountPassword, legalId,
   * );
   */
  ReadyForApproval(
    LocalName: string,
    Namespace: string,
    KeyId: string,
    KeyPassword: string,
    AccountPassword: string,
    LegalId: string,
    Options?: CallOptions | null,
  ): Promise<ReadyForApprovalResponse>;

  /**
   * Proposes a contract to somebody, for a role. This is a message with the element
   * `contractProposal`; it has no resource of its own.
   *
   * @param ContractId The contract.
   * @param Role The role in the contract.
   * @param To Who is to sign it. A bare or full JID (RFC 7622), such as `bob@example.org`.
   * @param Message What is said to them. `undefined`, `null` and `""` mean none.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @see Agent API, Xmpp/SendXmlMessage; TAG's `Agent.js` for the element
   * @example
   * await AgentAPI.Legal.SendProposal(contractId, "Borrower", "bob@example.org", "Please sign.");
   */
  SendProposal(
    ContractId: string,
    Role: string,
    To: string,
    Message?: string | null,
    Options?: CallOptions | null,
  ): Promise<StanzaResult>;

  /**
   * Reads the services that can review an application.
   *
   * @param LegalId The identity.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @see Agent API, Legal/GetServiceProvidersForIdReview
   * @example
   * const { Providers } = await AgentAPI.Legal.GetServiceProvidersForIdReview(legalId);
   */
  GetServiceProvidersForIdReview(
    LegalId: string,
    Options?: CallOptions | null,
  ): Promise<ReviewProviders>;

  /**
   * Chooses the service that is to review an application, if it is one of the broker's own.
   *
   * @param ServiceId The `id` of the service.
   * @param ServiceProvider Its `type`.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @see Agent API, Legal/SelectReviewService
   * @example
   * await AgentAPI.Legal.SelectReviewService(provider.id, provider.type);
   */
  SelectReviewService(
    ServiceId: string,
    ServiceProvider: string,
    Options?: CallOptions | null,
  ): Promise<Record<string, never>>;

  /**
   * Allows another identity to read one of the account's, or forbids it again.
   *
   * @param LegalId The identity.
   * @param RemoteId The other identity.
   * @param Authorized Whether it may.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects with `not-found` if there is no such identity, and with
   *   `forbidden` if it is another account's.
   * @see Agent API, Legal/AuthorizeAccessToId
   * @example
   * await AgentAPI.Legal.AuthorizeAccessToId(legalId, remoteId, true);
   */
  AuthorizeAccessToId(
    LegalId: string,
    RemoteId: string,
    Authorized: boolean,
    Options?: CallOptions | null,
  ): Promise<Record<string, never>>;

  /**
   * Allows another identity to read a contract, or forbids it again.
   *
   * @param ContractId The contract.
   * @param RemoteId The other identity.
   * @param Authorized Whether it may.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects with `not-found` if there is no such contract, and with
   *   `forbidden` if it is not the account's.
   * @see Agent API, Legal/AuthorizeAccessToContract
   * @example
   * await AgentAPI.Legal.AuthorizeAccessToContract(contractId, remoteId, true);
   */
  AuthorizeAccessToContract(
    ContractId: string,
    RemoteId: string,
    Authorized: boolean,
    Options?: CallOptions | null,
  ): Promise<Record<string, never>>;

  /**
   * Asks the owner of an identity to be allowed to read it. The answer comes as a message.
   *
   * The arguments by their names; or in their order: `PetitionId(LocalName, Namespace, KeyId,
   * KeyPassword, AccountPassword, LegalId, RemoteId, PetitionId, Purpose, Options)`.
   *
   * @throws {AgentApiError} Rejects with `not-found` if there is no such identity.
   * @see Agent API, Legal/PetitionId
   */
  PetitionId(
    Parameters: {
      /** The local name of the key's algorithm. */
      LocalName: string;
      /** The namespace of the key's algorithm. */
      Namespace: string;
      /** The key. */
      KeyId: string;
      /** The key's password. It signs the request and is not sent. */
      KeyPassword: string;
      /** The account's password. It signs the request and is not sent. */
      AccountPassword: string;
      /** The identity. */
      LegalId: string;
      /** The other identity. */
      RemoteId: string;
      /** The id of the petition, which its answer repeats. */
      PetitionId: string;
      /** What it is for, which the owner is shown. */
      Purpose: string;
    },
    Options?: CallOptions | null,
  ): Promise<Record<string, never>>;
  /**
   * Asks the owner of an identity to be allowed to read it. The answer comes as a message.
   *
   * @param LocalName The local name of the key's algorithm.
   * @param Namespace The namespace of the key's algorithm.
   * @param KeyId The key.
   * @param KeyPassword The key's password. It signs the request and is not sent.
   * @param AccountPassword The account's password. It signs the request and is not sent.
   * @param LegalId The identity.
   * @param RemoteId The other identity.
   * @param PetitionId The id of the petition, which its answer repeats.
   * @param Purpose What it is for, which the owner is shown.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects with `not-found` if there is no such identity.
   * @see Agent API, Legal/PetitionId
   * @example
   * await AgentAPI.Legal.PetitionId(
   *   "ed448", "urn:nf:iot:e2e:1.0", keyId, keyPassword, accountPassword,
   *   legalId, remoteId, "petition-1", "To sign a contract.",
   * );
   */
  PetitionId(
    LocalName: string,
    Namespace: string,
    KeyId: string,
    KeyPassword: string,
    AccountPassword: string,
    LegalId: string,
    RemoteId: string,
    PetitionId: string,
    Purpose: string,
    Options?: CallOptions | null,
  ): Promise<Record<string, never>>;

  /**
   * Asks the owner of an identity to approve of an application. The answer comes as a message.
   *
   * The arguments by their names; or in their order: `PetitionPeerReview(LocalName, Namespace,
   * KeyId, KeyPassword, AccountPassword, LegalId, RemoteId, PetitionId, Purpose, Options)`.
   *
   * @throws {AgentApiError} Rejects with `not-found` if there is no such identity, and with
   *   `forbidden` unless the application is in the state `Created`.
   * @see Agent API, Legal/PetitionPeerReview
   */
  PetitionPeerReview(
    Parameters: {
      /** The local name of the key's algorithm. */
      LocalName: string;
      /** The namespace of the key's algorithm. */
      Namespace: string;
      /** The key. */
      KeyId: string;
      /** The key's password. It signs the request and is not sent. */
      KeyPassword: string;
      /** The account's password. It signs the request and is not sent. */
      AccountPassword: string;
      /** The identity. */
      LegalId: string;
      /** The other identity. */
      RemoteId: string;
      /** The id of the petition, which its answer repeats. */
      PetitionId: string;
      /** What it is for, which the owner is shown. */
      Purpose: string;
    },
    Options?: CallOptions | null,
  ): Promise<Record<string, never>>;
  /**
   * Asks the owner of an identity to approve of an application. The answer comes as a message.
   *
   * @param LocalName The local name of the key's algorithm.
   * @param Namespace The namespace of the key's algorithm.
   * @param KeyId The key.
   * @param KeyPassword The key's password. It signs the request and is not sent.
   * @param AccountPassword The account's password. It signs the request and is not sent.
   * @param LegalId The identity.
   * @param RemoteId The other identity.
   * @param PetitionId The id of the petition, which its answer repeats.
   * @param Purpose What it is for, which the owner is shown.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects with `not-found` if there is no such identity, and with
   *   `forbidden` unless the application is in the state `Created`.
   * @see Agent API, Legal/PetitionPeerReview
   * @example
   * await AgentAPI.Legal.PetitionPeerReview(
   *   "ed448", "urn:nf:iot:e2e:1.0", keyId, keyPassword, accountPassword,
   *   legalId, remoteId, "petition-2", "You know me.",
   * );
   */
  PetitionPeerReview(
    LocalName: string,
    Namespace: string,
    KeyId: string,
    KeyPassword: string,
    AccountPassword: string,
    LegalId: string,
    RemoteId: string,
    PetitionId: string,
    Purpose: string,
    Options?: CallOptions | null,
  ): Promise<Record<string, never>>;

  /**
   * Asks the owner of an identity to sign something. The answer comes as a message.
   *
   * The arguments by their names; or in their order: `PetitionSignature(LocalName, Namespace,
   * KeyId, KeyPassword, AccountPassword, LegalId, RemoteId, PetitionId, Purpose, ContentBase64,
   * Options)`.
   *
   * @throws {AgentApiError} Rejects with `not-found` if there is no such identity.
   * @see Agent API, Legal/PetitionSignature
   */
  PetitionSignature(
    Parameters: {
      /** The local name of the key's algorithm. */
      LocalName: string;
      /** The namespace of the key's algorithm. */
      Namespace: string;
      /** The key. */
      KeyId: string;
      /** The key's password. It signs the request and is not sent. */
      KeyPassword: string;
      /** The account's password. It signs the request and is not sent. */
      AccountPassword: string;
      /** The identity. */
      LegalId: string;
      /** The other identity. */
      RemoteId: string;
      /** The id of the petition, which its answer repeats. */
      PetitionId: string;
      /** What it is for, which the owner is shown. */
      Purpose: string;
      /** What is to be signed, in Base64. Base64 with padding. */
      ContentBase64: string;
    },
    Options?: CallOptions | null,
  ): Promise<Record<string, never>>;
  /**
   * Asks the owner of an identity to sign something. The answer comes as a message.
   *
   * @param LocalName The local name of the key's algorithm.
   * @param Namespace The namespace of the key's algorithm.
   * @param KeyId The key.
   * @param KeyPassword The key's password. It signs the request and is not sent.
   * @param AccountPassword The account's password. It signs the request and is not sent.
   * @param LegalId The identity.
   * @param RemoteId The other identity.
   * @param PetitionId The id of the petition, which its answer repeats.
   * @param Purpose What it is for, which the owner is shown.
   * @param ContentBase64 What is to be signed, in Base64. Base64 with padding.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects with `not-found` if there is no such identity.
   * @see Agent API, Legal/PetitionSignature
   * @example
   * await AgentAPI.Legal.PetitionSignature(
   *   "ed448", "urn:nf:iot:e2e:1.0", keyId, keyPassword, accountPassword,
   *   legalId, remoteId, "petition-3", "As agreed.", "SGVsbG8=",
   * );
   */
  PetitionSignature(
    LocalName: string,
    Namespace: string,
    KeyId: string,
    KeyPassword: string,
    AccountPassword: string,
    LegalId: string,
    RemoteId: string,
    PetitionId: string,
    Purpose: string,
    ContentBase64: string,
    Options?: CallOptions | null,
  ): Promise<Record<string, never>>;
}

export interface Wallet {
  /**
   * Reads how much eDaler the account has.
   *
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @see Agent API, Wallet/GetBalance
   * @example
   * const { amount, currency } = await AgentAPI.Wallet.GetBalance();
   */
  GetBalance(Options?: CallOptions | null): Promise<Balance>;

  /**
   * Carries out what an eDaler URI says, such as a payment.
   *
   * @param Uri The URI, signed: whoever has it can carry it out.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects with `bad-request` for a URI that is malformed or expired, and
   *   with `forbidden` if its signature is wrong, the funds are short, or it was processed already.
   *   After an ambiguous failure, {@link Wallet.GetBalance} shows whether it was.
   * @see Agent API, Wallet/ProcessEDalerUri
   * @example
   * const { Balance } = await AgentAPI.Wallet.ProcessEDalerUri(uri);
   */
  ProcessEDalerUri(Uri: string, Options?: CallOptions | null): Promise<EDalerResult>;

  /**
   * Reads the services that sell eDaler.
   *
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @see Agent API, Wallet/GetServiceProvidersForBuyingEDaler
   * @example
   * const { Providers } = await AgentAPI.Wallet.GetServiceProvidersForBuyingEDaler();
   */
  GetServiceProvidersForBuyingEDaler(Options?: CallOptions | null): Promise<PaymentProviders>;

  /**
   * Reads the services that buy eDaler.
   *
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @see Agent API, Wallet/GetServiceProvidersForSellingEDaler
   * @example
   * const { Providers } = await AgentAPI.Wallet.GetServiceProvidersForSellingEDaler();
   */
  GetServiceProvidersForSellingEDaler(Options?: CallOptions | null): Promise<PaymentProviders>;

  /**
   * Asks a service in which ways it can be paid for eDaler. They come as an event.
   *
   * The arguments by their names; or in their order: `GetPaymentOptionsForBuyingEDaler(ServiceId,
   * ServiceProvider, SuccessUrl, FailureUrl, CancelUrl, TransactionId, TabId, FunctionName,
   * Options)`.
   *
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @see Agent API, Wallet/GetPaymentOptionsForBuyingEDaler
   */
  GetPaymentOptionsForBuyingEDaler(
    Parameters: {
      /** The `id` of the service. */
      ServiceId: string;
      /** Its `type`. */
      ServiceProvider: string;
      /** Where the person goes afterwards. `undefined`, `null` and `""` mean none. */
      SuccessUrl?: string | null;
      /** Where the person goes if it fails. `undefined`, `null` and `""` mean none. */
      FailureUrl?: string | null;
      /** Where the person goes who cancels it. `undefined`, `null` and `""` mean none. */
      CancelUrl?: string | null;
      /**
       * An id for the transaction. Without it, the broker makes one. `undefined`, `null` and `""`
       * mean none.
       */
      TransactionId?: string | null;
      /**
       * The tab of the broker's `Events.js` that gets the events. None with a function of your own.
       * `undefined`, `null` and `""` mean none.
       */
      TabId?: string | null;
      /**
       * What is called with each event of the transaction, which comes as the broker sends it: its
       * properties are undocumented, and points in time stay Unix seconds if they are sent so. A
       * function, which is called over the library's own WebSocket until the transaction or the
       * session has ended; or, with `TabId`, the dotted name of a global one. `undefined`, `null`
       * and `""` mean none.
       */
      FunctionName?: string | ((event: Record<string, unknown>) => void) | null;
    },
    Options?: CallOptions | null,
  ): Promise<TransactionInformation>;
  /**
   * Asks a service in which ways it can be paid for eDaler. They come as an event.
   *
   * @param ServiceId The `id` of the service.
   * @param ServiceProvider Its `type`.
   * @param SuccessUrl Where the person goes afterwards. `undefined`, `null` and `""` mean none.
   * @param FailureUrl Where the person goes if it fails. `undefined`, `null` and `""` mean none.
   * @param CancelUrl Where the person goes who cancels it. `undefined`, `null` and `""` mean none.
   * @param TransactionId An id for the transaction. Without it, the broker makes one. `undefined`,
   *   `null` and `""` mean none.
   * @param TabId The tab of the broker's `Events.js` that gets the events. None with a function of
   *   your own. `undefined`, `null` and `""` mean none.
   * @param FunctionName What is called with each event of the transaction, which comes as the
   *   broker sends it: its properties are undocumented, and points in time stay Unix seconds if
   *   they are sent so. A function, which is called over the library's own WebSocket until the
   *   transaction or the session has ended; or, with `TabId`, the dotted name of a global one.
   *   `undefined`, `null` and `""` mean none.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @see Agent API, Wallet/GetPaymentOptionsForBuyingEDaler
   * @example
   * const { id } = await AgentAPI.Wallet.GetPaymentOptionsForBuyingEDaler(provider.id, provider.type);
   */
  GetPaymentOptionsForBuyingEDaler(
    ServiceId: string,
    ServiceProvider: string,
    SuccessUrl?: string | null,
    FailureUrl?: string | null,
    CancelUrl?: string | null,
    TransactionId?: string | null,
    TabId?: string | null,
    FunctionName?: string | ((event: Record<string, unknown>) => void) | null,
    Options?: CallOptions | null,
  ): Promise<TransactionInformation>;

  /**
   * Asks a service in which ways it can pay for eDaler. They come as an event.
   *
   * The arguments by their names; or in their order: `GetPaymentOptionsForSellingEDaler(ServiceId,
   * ServiceProvider, SuccessUrl, FailureUrl, CancelUrl, TransactionId, TabId, FunctionName,
   * Options)`.
   *
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @see Agent API, Wallet/GetPaymentOptionsForSellingEDaler
   */
  GetPaymentOptionsForSellingEDaler(
    Parameters: {
      /** The `id` of the service. */
      ServiceId: string;
      /** Its `type`. */
      ServiceProvider: string;
      /** Where the person goes afterwards. `undefined`, `null` and `""` mean none. */
      SuccessUrl?: string | null;
      /** Where the person goes if it fails. `undefined`, `null` and `""` mean none. */
      FailureUrl?: string | null;
      /** Where the person goes who cancels it. `undefined`, `null` and `""` mean none. */
      CancelUrl?: string | null;
      /**
       * An id for the transaction. Without it, the broker makes one. `undefined`, `null` and `""`
       * mean none.
       */
      TransactionId?: string | null;
      /**
       * The tab of the broker's `Events.js` that gets the events. None with a function of your own.
       * `undefined`, `null` and `""` mean none.
       */
      TabId?: string | null;
      /**
       * What is called with each event of the transaction, which comes as the broker sends it: its
       * properties are undocumented, and points in time stay Unix seconds if they are sent so. A
       * function, which is called over the library's own WebSocket until the transaction or the
       * session has ended; or, with `TabId`, the dotted name of a global one. `undefined`, `null`
       * and `""` mean none.
       */
      FunctionName?: string | ((event: Record<string, unknown>) => void) | null;
    },
    Options?: CallOptions | null,
  ): Promise<TransactionInformation>;
  /**
   * Asks a service in which ways it can pay for eDaler. They come as an event.
   *
   * @param ServiceId The `id` of the service.
   * @param ServiceProvider Its `type`.
   * @param SuccessUrl Where the person goes afterwards. `undefined`, `null` and `""` mean none.
   * @param FailureUrl Where the person goes if it fails. `undefined`, `null` and `""` mean none.
   * @param CancelUrl Where the person goes who cancels it. `undefined`, `null` and `""` mean none.
   * @param TransactionId An id for the transaction. Without it, the broker makes one. `undefined`,
   *   `null` and `""` mean none.
   * @param TabId The tab of the broker's `Events.js` that gets the events. None with a function of
   *   your own. `undefined`, `null` and `""` mean none.
   * @param FunctionName What is called with each event of the transaction, which comes as the
   *   broker sends it: its properties are undocumented, and points in time stay Unix seconds if
   *   they are sent so. A function, which is called over the library's own WebSocket until the
   *   transaction or the session has ended; or, with `TabId`, the dotted name of a global one.
   *   `undefined`, `null` and `""` mean none.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @see Agent API, Wallet/GetPaymentOptionsForSellingEDaler
   * @example
   * const { id } = await AgentAPI.Wallet.GetPaymentOptionsForSellingEDaler(provider.id, provider.type);
   */
  GetPaymentOptionsForSellingEDaler(
    ServiceId: string,
    ServiceProvider: string,
    SuccessUrl?: string | null,
    FailureUrl?: string | null,
    CancelUrl?: string | null,
    TransactionId?: string | null,
    TabId?: string | null,
    FunctionName?: string | ((event: Record<string, unknown>) => void) | null,
    Options?: CallOptions | null,
  ): Promise<TransactionInformation>;

  /**
   * Begins to buy eDaler. If the transaction has a `clientUrl`, the person goes there to pay.
   *
   * The arguments by their names; or in their order: `InitiateBuyEDaler(ServiceId, ServiceProvider,
   * Amount, Currency, SuccessUrl, FailureUrl, CancelUrl, TransactionId, TabId, FunctionName,
   * Options)`.
   *
   * @throws {AgentApiError} Rejects with `not-found` if there is no such service, and with
   *   `forbidden` if the funds are short. With a `TransactionId` of one's own,
   *   {@link Wallet.GetTransactionInformation} shows after an ambiguous failure whether it was
   *   begun.
   * @see Agent API, Wallet/InitiateBuyEDaler
   */
  InitiateBuyEDaler(
    Parameters: {
      /** The `id` of the service. */
      ServiceId: string;
      /** Its `type`. */
      ServiceProvider: string;
      /** How much eDaler. A number that is written without an exponent. */
      Amount: number;
      /** The currency, by ISO 4217. */
      Currency: string;
      /** Where the person goes afterwards. `undefined`, `null` and `""` mean none. */
      SuccessUrl?: string | null;
      /** Where the person goes if it fails. `undefined`, `null` and `""` mean none. */
      FailureUrl?: string | null;
      /** Where the person goes who cancels it. `undefined`, `null` and `""` mean none. */
      CancelUrl?: string | null;
      /**
       * An id for the transaction. Without it, the broker makes one. `undefined`, `null` and `""`
       * mean none.
       */
      TransactionId?: string | null;
      /**
       * The tab of the broker's `Events.js` that gets the events. None with a function of your own.
       * `undefined`, `null` and `""` mean none.
       */
      TabId?: string | null;
      /**
       * What is called with each event of the transaction, which comes as the broker sends it: its
       * properties are undocumented, and points in time stay Unix seconds if they are sent so. A
       * function, which is called over the library's own WebSocket until the transaction or the
       * session has ended; or, with `TabId`, the dotted name of a global one. `undefined`, `null`
       * and `""` mean none.
       */
      FunctionName?: string | ((event: Record<string, unknown>) => void) | null;
    },
    Options?: CallOptions | null,
  ): Promise<TransactionInformation>;
  /**
   * Begins to buy eDaler. If the transaction has a `clientUrl`, the person goes there to pay.
   *
   * @param ServiceId The `id` of the service.
   * @param ServiceProvider Its `type`.
   * @param Amount How much eDaler. A number that is written without an exponent.
   * @param Currency The currency, by ISO 4217.
   * @param SuccessUrl Where the person goes afterwards. `undefined`, `null` and `""` mean none.
   * @param FailureUrl Where the person goes if it fails. `undefined`, `null` and `""` mean none.
   * @param CancelUrl Where the person goes who cancels it. `undefined`, `null` and `""` mean none.
   * @param TransactionId An id for the transaction. Without it, the broker makes one. `undefined`,
   *   `null` and `""` mean none.
   * @param TabId The tab of the broker's `Events.js` that gets the events. None with a function of
   *   your own. `undefined`, `null` and `""` mean none.
   * @param FunctionName What is called with each event of the transaction, which comes as the
   *   broker sends it: its properties are undocumented, and points in time stay Unix seconds if
   *   they are sent so. A function, which is called over the library's own WebSocket until the
   *   transaction or the session has ended; or, with `TabId`, the dotted name of a global one.
   *   `undefined`, `null` and `""` mean none.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects with `not-found` if there is no such service, and with
   *   `forbidden` if the funds are short. With a `TransactionId` of one's own,
   *   {@link Wallet.GetTransactionInformation} shows after an ambiguous failure whether it was
   *   begun.
   * @see Agent API, Wallet/InitiateBuyEDaler
   * @example
   * const { clientUrl } = await AgentAPI.Wallet.InitiateBuyEDaler(provider.id, provider.type, 50, "SEK");
   */
  InitiateBuyEDaler(
    ServiceId: string,
    ServiceProvider: string,
    Amount: number,
    Currency: string,
    SuccessUrl?: string | null,
    FailureUrl?: string | null,
    CancelUrl?: string | null,
    TransactionId?: string | null,
    TabId?: string | null,
    FunctionName?: string | ((event: Record<string, unknown>) => void) | null,
    Options?: CallOptions | null,
  ): Promise<TransactionInformation>;

  /**
   * Begins to sell eDaler. If the transaction has a `clientUrl`, the person goes there.
   *
   * The arguments by their names; or in their order: `InitiateSellEDaler(ServiceId,
   * ServiceProvider, Amount, Currency, SuccessUrl, FailureUrl, CancelUrl, TransactionId, TabId,
   * FunctionName, Options)`.
   *
   * @throws {AgentApiError} Rejects with `not-found` if there is no such service, and with
   *   `forbidden` if the funds are short. With a `TransactionId` of one's own,
   *   {@link Wallet.GetTransactionInformation} shows after an ambiguous failure whether it was
   *   begun.
   * @see Agent API, Wallet/InitiateSellEDaler
   */
  InitiateSellEDaler(
    Parameters: {
      /** The `id` of the service. */
      ServiceId: string;
      /** Its `type`. */
      ServiceProvider: string;
      /** How much eDaler. A number that is written without an exponent. */
      Amount: number;
      /** The currency, by ISO 4217. */
      Currency: string;
      /** Where the person goes afterwards. `undefined`, `null` and `""` mean none. */
      SuccessUrl?: string | null;
      /** Where the person goes if it fails. `undefined`, `null` and `""` mean none. */
      FailureUrl?: string | null;
      /** Where the person goes who cancels it. `undefined`, `null` and `""` mean none. */
      CancelUrl?: string | null;
      /**
       * An id for the transaction. Without it, the broker makes one. `undefined`, `null` and `""`
       * mean none.
       */
      TransactionId?: string | null;
      /**
       * The tab of the broker's `Events.js` that gets the events. None with a function of your own.
       * `undefined`, `null` and `""` mean none.
       */
      TabId?: string | null;
      /**
       * What is called with each event of the transaction, which comes as the broker sends it: its
       * properties are undocumented, and points in time stay Unix seconds if they are sent so. A
       * function, which is called over the library's own WebSocket until the transaction or the
       * session has ended; or, with `TabId`, the dotted name of a global one. `undefined`, `null`
       * and `""` mean none.
       */
      FunctionName?: string | ((event: Record<string, unknown>) => void) | null;
    },
    Options?: CallOptions | null,
  ): Promise<TransactionInformation>;
  /**
   * Begins to sell eDaler. If the transaction has a `clientUrl`, the person goes there.
   *
   * @param ServiceId The `id` of the service.
   * @param ServiceProvider Its `type`.
   * @param Amount How much eDaler. A number that is written without an exponent.
   * @param Currency The currency, by ISO 4217.
   * @param SuccessUrl Where the person goes afterwards. `undefined`, `null` and `""` mean none.
   * @param FailureUrl Where the person goes if it fails. `undefined`, `null` and `""` mean none.
   * @param CancelUrl Where the person goes who cancels it. `undefined`, `null` and `""` mean none.
   * @param TransactionId An id for the transaction. Without it, the broker makes one. `undefined`,
   *   `null` and `""` mean none.
   * @param TabId The tab of the broker's `Events.js` that gets the events. None with a function of
   *   your own. `undefined`, `null` and `""` mean none.
   * @param FunctionName What is called with each event of the transaction, which comes as the
   *   broker sends it: its properties are undocumented, and points in time stay Unix seconds if
   *   they are sent so. A function, which is called over the library's own WebSocket until the
   *   transaction or the session has ended; or, with `TabId`, the dotted name of a global one.
   *   `undefined`, `null` and `""` mean none.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects with `not-found` if there is no such service, and with
   *   `forbidden` if the funds are short. With a `TransactionId` of one's own,
   *   {@link Wallet.GetTransactionInformation} shows after an ambiguous failure whether it was
   *   begun.
   * @see Agent API, Wallet/InitiateSellEDaler
   * @example
   * const { state } = await AgentAPI.Wallet.InitiateSellEDaler(provider.id, provider.type, 20, "SEK");
   */
  InitiateSellEDaler(
    ServiceId: string,
    ServiceProvider: string,
    Amount: number,
    Currency: string,
    SuccessUrl?: string | null,
    FailureUrl?: string | null,
    CancelUrl?: string | null,
    TransactionId?: string | null,
    TabId?: string | null,
    FunctionName?: string | ((event: Record<string, unknown>) => void) | null,
    Options?: CallOptions | null,
  ): Promise<TransactionInformation>;

  /**
   * Reads the state of a transaction, and says where its events go from now on.
   *
   * @param TransactionId The transaction.
   * @param TabId The tab of the broker's `Events.js` that gets the events. None with a function of
   *   your own. `undefined`, `null` and `""` mean none.
   * @param FunctionName What is called with each event of the transaction, which comes as the
   *   broker sends it: its properties are undocumented, and points in time stay Unix seconds if
   *   they are sent so. A function, which is called over the library's own WebSocket until the
   *   transaction or the session has ended; or, with `TabId`, the dotted name of a global one.
   *   `undefined`, `null` and `""` mean none.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects with `not-found` if there is none.
   * @see Agent API, Wallet/GetTransactionInformation
   * @example
   * const { state } = await AgentAPI.Wallet.GetTransactionInformation(transactionId);
   */
  GetTransactionInformation(
    TransactionId: string,
    TabId?: string | null,
    FunctionName?: string | ((event: Record<string, unknown>) => void) | null,
    Options?: CallOptions | null,
  ): Promise<TransactionInformation>;
}

export interface Tokens {
  /**
   * Reads the tokens of the account.
   *
   * @param Offset How many to skip. Default: the broker's, 0. A whole number from 0 to 2147483647.
   * @param MaxCount How many to read at most. Default: the broker's, all. A whole number from 1 to
   *   2147483647.
   * @param References Whether only references come back, not whole tokens. Default: the broker's,
   *   true.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @see Agent API, Tokens/GetTokens
   * @example
   * const { Tokens } = await AgentAPI.Tokens.GetTokens(0, 20, false);
   */
  GetTokens(
    Offset?: number | null,
    MaxCount?: number | null,
    References?: boolean | null,
    Options?: CallOptions | null,
  ): Promise<TokensResult>;

  /**
   * Reads the tokens that a contract created.
   *
   * @param ContractId The contract.
   * @param Offset How many to skip. Default: the broker's, 0. A whole number from 0 to 2147483647.
   * @param MaxCount How many to read at most. Default: the broker's, all. A whole number from 1 to
   *   2147483647.
   * @param References Whether only references come back, not whole tokens. Default: the broker's,
   *   true.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects with `not-found` if there is no such contract.
   * @see Agent API, Tokens/GetContractTokens
   * @example
   * const { Tokens } = await AgentAPI.Tokens.GetContractTokens(contractId, 0, 20, false);
   */
  GetContractTokens(
    ContractId: string,
    Offset?: number | null,
    MaxCount?: number | null,
    References?: boolean | null,
    Options?: CallOptions | null,
  ): Promise<TokensResult>;

  /**
   * Reads what the contract of a new token has to say.
   *
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @see Agent API, Tokens/GetCreationAttributes
   * @example
   * const { commission } = await AgentAPI.Tokens.GetCreationAttributes();
   */
  GetCreationAttributes(Options?: CallOptions | null): Promise<CreationAttributes>;

  /**
   * Reads a token.
   *
   * @param TokenId The token.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects with `not-found` if there is none, and with `forbidden` if the
   *   account may not read it.
   * @see Agent API, Tokens/GetToken
   * @example
   * const { Token } = await AgentAPI.Tokens.GetToken(tokenId);
   */
  GetToken(TokenId: string, Options?: CallOptions | null): Promise<TokenResult>;

  /**
   * Reads a description of a token.
   *
   * @param TokenId The token.
   * @param ReportFormat How it is written.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects with `not-found` if there is none, and with `forbidden` if the
   *   account may not read it.
   * @see Agent API, Tokens/GetDescription
   * @example
   * const { report } = await AgentAPI.Tokens.GetDescription(tokenId, "Markdown");
   */
  GetDescription(
    TokenId: string,
    ReportFormat: "Markdown" | "Html" | "Text" | "Xaml" | "XamarinXaml" | "SmartContract" | "Xml",
    Options?: CallOptions | null,
  ): Promise<Report>;

  /**
   * Adds a text to a token.
   *
   * @param TokenId The token.
   * @param Note The text.
   * @param Personal Whether it is erased when the token changes its owner.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects with `not-found` if there is no such token, and with
   *   `forbidden` if it is another account's. After an ambiguous failure,
   *   {@link Tokens.GetTokenEvents} shows whether the note was added.
   * @see Agent API, Tokens/AddTextNote
   * @example
   * await AgentAPI.Tokens.AddTextNote(tokenId, "Polished.", false);
   */
  AddTextNote(
    TokenId: string,
    Note: string,
    Personal: boolean,
    Options?: CallOptions | null,
  ): Promise<NoteResult>;

  /**
   * Adds an XML element to a token.
   *
   * Uses JSON whatever the encoding.
   *
   * @param TokenId The token.
   * @param Note The element. Well-formed element content (any number of elements, text, comments,
   *   CDATA; no DOCTYPE, no processing instruction), at most 1 MiB of UTF-8, nested at most 64
   *   deep.
   * @param Personal Whether it is erased when the token changes its owner.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects with `not-found` if there is no such token, and with
   *   `forbidden` if it is another account's. After an ambiguous failure,
   *   {@link Tokens.GetTokenEvents} shows whether the note was added.
   * @see Agent API, Tokens/AddXmlNote
   * @example
   * await AgentAPI.Tokens.AddXmlNote(tokenId, "<done xmlns='urn:example'/>", false);
   */
  AddXmlNote(
    TokenId: string,
    Note: string,
    Personal: boolean,
    Options?: CallOptions | null,
  ): Promise<NoteResult>;

  /**
   * Reads what happened to a token. Events of different kinds come apart: sort them by their
   * `timestamp`.
   *
   * @param TokenId The token.
   * @param Offset How many to skip. Default: the broker's, 0. A whole number from 0 to 2147483647.
   * @param MaxCount How many to read at most. Default: the broker's, all. A whole number from 1 to
   *   2147483647.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects with `not-found` if there is none, and with `forbidden` if the
   *   account may not read it.
   * @see Agent API, Tokens/GetTokenEvents
   * @example
   * const { Events } = await AgentAPI.Tokens.GetTokenEvents(tokenId);
   */
  GetTokenEvents(
    TokenId: string,
    Offset?: number | null,
    MaxCount?: number | null,
    Options?: CallOptions | null,
  ): Promise<EventsResult>;
}

export interface StateMachines {
  /**
   * Reads the state of the machine of a token.
   *
   * @param TokenId The token.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects with `not-found` if there is no such token, or it has no
   *   machine.
   * @see Agent API, StateMachines/GetCurrentState
   * @example
   * const { CurrentState } = await AgentAPI.StateMachines.GetCurrentState(tokenId);
   */
  GetCurrentState(TokenId: string, Options?: CallOptions | null): Promise<StateResult>;

  /**
   * Has the broker write a report about the machine of a token.
   *
   * @param TokenId The token.
   * @param ReportType What it is about.
   * @param ReportFormat How it is written.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects with `not-found` if there is no such token, or it has no
   *   machine.
   * @see Agent API, StateMachines/CreateReport
   * @example
   * const { report } = await AgentAPI.StateMachines.CreateReport(tokenId, "Present", "Markdown");
   */
  CreateReport(
    TokenId: string,
    ReportType: "Present" | "History" | "StateDiagram" | "Profiling",
    ReportFormat: "Markdown" | "Html" | "Text" | "Xaml" | "XamarinXaml" | "SmartContract" | "Xml",
    Options?: CallOptions | null,
  ): Promise<Report>;
}

export interface Intelligence {
  /**
   * Reads what the broker knows of an endpoint that has called it.
   *
   * @param Endpoint The endpoint: an IP address or a host name.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @see Agent API, Intelligence/CheckEndpoint
   * @example
   * const { EndpointInfo } = await AgentAPI.Intelligence.CheckEndpoint("203.0.113.7");
   */
  CheckEndpoint(Endpoint: string, Options?: CallOptions | null): Promise<EndpointCheck>;

  /**
   * Publishes what is known of an endpoint.
   *
   * The arguments by their names; or in their order: `Add(Endpoint, Expires, Vector, Protocol,
   * Classification, Code, Message, Tags, AgentProperties, Options)`.
   *
   * @throws {AgentApiError} Rejects with `bad-request` if it expires in the past.
   * @see Agent API, Intelligence/Add
   */
  Add(
    Parameters: {
      /** The endpoint: an IP address or a host name. */
      Endpoint: string;
      /** Until when it holds, a time to come. ISO 8601 with a time zone, or a `Date`. */
      Expires: string | Date;
      /** What was attacked, such as a login. `undefined`, `null` and `""` mean none. */
      Vector?: string | null;
      /** By which protocol. `undefined`, `null` and `""` mean none. */
      Protocol?: string | null;
      /** What kind it was. `undefined`, `null` and `""` mean none. */
      Classification?: string | null;
      /** A code for it. `undefined`, `null` and `""` mean none. */
      Code?: string | null;
      /** What happened, for people. `undefined`, `null` and `""` mean none. */
      Message?: string | null;
      /** More about it: names with a value each. `undefined`, `null` and `""` mean none. */
      Tags?: readonly { name: string; value: unknown; type?: string | null }[] | null;
      /**
       * The properties of the account's identity to publish with it. `undefined`, `null` and `""`
       * mean none.
       */
      AgentProperties?: readonly { name: string }[] | null;
    },
    Options?: CallOptions | null,
  ): Promise<IntelligenceReference>;
  /**
   * Publishes what is known of an endpoint.
   *
   * @param Endpoint The endpoint: an IP address or a host name.
   * @param Expires Until when it holds, a time to come. ISO 8601 with a time zone, or a `Date`.
   * @param Vector What was attacked, such as a login. `undefined`, `null` and `""` mean none.
   * @param Protocol By which protocol. `undefined`, `null` and `""` mean none.
   * @param Classification What kind it was. `undefined`, `null` and `""` mean none.
   * @param Code A code for it. `undefined`, `null` and `""` mean none.
   * @param Message What happened, for people. `undefined`, `null` and `""` mean none.
   * @param Tags More about it: names with a value each. `undefined`, `null` and `""` mean none.
   * @param AgentProperties The properties of the account's identity to publish with it.
   *   `undefined`, `null` and `""` mean none.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects with `bad-request` if it expires in the past.
   * @see Agent API, Intelligence/Add
   * @example
   * const { objectId } = await AgentAPI.Intelligence.Add("203.0.113.7", expires, "Login", "HTTPS");
   */
  Add(
    Endpoint: string,
    Expires: string | Date,
    Vector?: string | null,
    Protocol?: string | null,
    Classification?: string | null,
    Code?: string | null,
    Message?: string | null,
    Tags?: readonly { name: string; value: unknown; type?: string | null }[] | null,
    AgentProperties?: readonly { name: string }[] | null,
    Options?: CallOptions | null,
  ): Promise<IntelligenceReference>;

  /**
   * Changes what the account published of an endpoint.
   *
   * The arguments by their names; or in their order: `Update(ObjectId, Endpoint, Expires, Vector,
   * Protocol, Classification, Code, Message, Tags, AgentProperties, Options)`.
   *
   * @throws {AgentApiError} Rejects with `not-found` if there is none, and with `forbidden` if
   *   another account published it.
   * @see Agent API, Intelligence/Update
   */
  Update(
    Parameters: {
      /** The information. */
      ObjectId: string;
      /** The endpoint: an IP address or a host name. */
      Endpoint: string;
      /** Until when it holds, a time to come. ISO 8601 with a time zone, or a `Date`. */
      Expires: string | Date;
      /** What was attacked, such as a login. `undefined`, `null` and `""` mean none. */
      Vector?: string | null;
      /** By which protocol. `undefined`, `null` and `""` mean none. */
      Protocol?: string | null;
      /** What kind it was. `undefined`, `null` and `""` mean none. */
      Classification?: string | null;
      /** A code for it. `undefined`, `null` and `""` mean none. */
      Code?: string | null;
      /** What happened, for people. `undefined`, `null` and `""` mean none. */
      Message?: string | null;
      /** More about it: names with a value each. `undefined`, `null` and `""` mean none. */
      Tags?: readonly { name: string; value: unknown; type?: string | null }[] | null;
      /**
       * The properties of the account's identity to publish with it. `undefined`, `null` and `""`
       * mean none.
       */
      AgentProperties?: readonly { name: string }[] | null;
    },
    Options?: CallOptions | null,
  ): Promise<Record<string, never>>;
  /**
   * Changes what the account published of an endpoint.
   *
   * @param ObjectId The information.
   * @param Endpoint The endpoint: an IP address or a host name.
   * @param Expires Until when it holds, a time to come. ISO 8601 with a time zone, or a `Date`.
   * @param Vector What was attacked, such as a login. `undefined`, `null` and `""` mean none.
   * @param Protocol By which protocol. `undefined`, `null` and `""` mean none.
   * @param Classification What kind it was. `undefined`, `null` and `""` mean none.
   * @param Code A code for it. `undefined`, `null` and `""` mean none.
   * @param Message What happened, for people. `undefined`, `null` and `""` mean none.
   * @param Tags More about it: names with a value each. `undefined`, `null` and `""` mean none.
   * @param AgentProperties The properties of the account's identity to publish with it.
   *   `undefined`, `null` and `""` mean none.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects with `not-found` if there is none, and with `forbidden` if
   *   another account published it.
   * @see Agent API, Intelligence/Update
   * @example
   * await AgentAPI.Intelligence.Update(objectId, "203.0.113.7", expires, "Login", "HTTPS");
   */
  Update(
    ObjectId: string,
    Endpoint: string,
    Expires: string | Date,
    Vector?: string | null,
    Protocol?: string | null,
    Classification?: string | null,
    Code?: string | null,
    Message?: string | null,
    Tags?: readonly { name: string; value: unknown; type?: string | null }[] | null,
    AgentProperties?: readonly { name: string }[] | null,
    Options?: CallOptions | null,
  ): Promise<Record<string, never>>;

  /**
   * Deletes what the account published of an endpoint.
   *
   * @param ObjectId The information.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects with `not-found` if there is none, and with `forbidden` if
   *   another account published it.
   * @see Agent API, Intelligence/Delete
   * @example
   * await AgentAPI.Intelligence.Delete(objectId);
   */
  Delete(ObjectId: string, Options?: CallOptions | null): Promise<Record<string, never>>;

  /**
   * Finds what was published of endpoints: what has all that is given.
   *
   * The arguments by their names; or in their order: `Get(Endpoint, Vector, Protocol,
   * Classification, Code, From, To, Offset, MaxCount, Options)`.
   *
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @see Agent API, Intelligence/Get
   */
  Get(
    Parameters: {
      /** The endpoint. `undefined`, `null` and `""` mean none. */
      Endpoint?: string | null;
      /** What was attacked, such as a login. `undefined`, `null` and `""` mean none. */
      Vector?: string | null;
      /** By which protocol. `undefined`, `null` and `""` mean none. */
      Protocol?: string | null;
      /** What kind it was. `undefined`, `null` and `""` mean none. */
      Classification?: string | null;
      /** A code for it. `undefined`, `null` and `""` mean none. */
      Code?: string | null;
      /**
       * Published at this time or later. ISO 8601 with a time zone, or a `Date`. `undefined`,
       * `null` and `""` mean none.
       */
      From?: string | Date | null;
      /**
       * Published at this time or earlier. ISO 8601 with a time zone, or a `Date`. `undefined`,
       * `null` and `""` mean none.
       */
      To?: string | Date | null;
      /** How many to skip. Default: the broker's, 0. A whole number from 0 to 2147483647. */
      Offset?: number | null;
      /** How many to read at most. Default: the broker's. A whole number from 1 to 100. */
      MaxCount?: number | null;
    },
    Options?: CallOptions | null,
  ): Promise<IntelligenceResults>;
  /**
   * Finds what was published of endpoints: what has all that is given.
   *
   * @param Endpoint The endpoint. `undefined`, `null` and `""` mean none.
   * @param Vector What was attacked, such as a login. `undefined`, `null` and `""` mean none.
   * @param Protocol By which protocol. `undefined`, `null` and `""` mean none.
   * @param Classification What kind it was. `undefined`, `null` and `""` mean none.
   * @param Code A code for it. `undefined`, `null` and `""` mean none.
   * @param From Published at this time or later. ISO 8601 with a time zone, or a `Date`.
   *   `undefined`, `null` and `""` mean none.
   * @param To Published at this time or earlier. ISO 8601 with a time zone, or a `Date`.
   *   `undefined`, `null` and `""` mean none.
   * @param Offset How many to skip. Default: the broker's, 0. A whole number from 0 to 2147483647.
   * @param MaxCount How many to read at most. Default: the broker's. A whole number from 1 to 100.
   * @param Options Signal, deadline and encoding of this call.
   * @throws {AgentApiError} Rejects; see {@link AgentApiErrorCode}.
   * @see Agent API, Intelligence/Get
   * @example
   * const { ResultSet } = await AgentAPI.Intelligence.Get("203.0.113.7");
   */
  Get(
    Endpoint?: string | null,
    Vector?: string | null,
    Protocol?: string | null,
    Classification?: string | null,
    Code?: string | null,
    From?: string | Date | null,
    To?: string | Date | null,
    Offset?: number | null,
    MaxCount?: number | null,
    Options?: CallOptions | null,
  ): Promise<IntelligenceResults>;
}
