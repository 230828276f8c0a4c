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
