// Types of neuron-agent-api/testing, written by hand.

import type { Fetch } from "neuron-agent-api";

/** An account: its password, or more. */
export type TestAccount =
  | string
  | {
      /** The password. */
      readonly password: string;
      /** The Legal ID, which is added to its subscription requests. */
      readonly legalId?: string;
    };

/** A clock, such as `Date`. */
export interface BaseClock {
  /** The time, in milliseconds since 1970. */
  now(): number;
}

/** Options of {@link createTestBroker}. */
export interface TestBrokerOptions {
  /**
   * The accounts, by their user names.
   * @default none
   */
  accounts?: Readonly<Record<string, TestAccount>>;
  /**
   * The API keys with which {@link Account.Create} works, and the secret of each.
   * @default none
   */
  apiKeys?: Readonly<Record<string, string>>;
  /**
   * The domain of the accounts' addresses: with `"example.org"`, the user `alice` is `alice@example.org`.
   * @default "localhost"
   */
  domain?: string;
  /**
   * The clock that the broker's own is made of.
   * @default Date, as it is at each call, so that fake timers which replace it work
   */
  clock?: BaseClock;
  /**
   * Faults from the beginning, and again after {@link TestBroker.reset}: see {@link Faults.add}.
   * @default none
   */
  faults?: FaultName | FaultRule | FaultFunction | readonly (FaultName | FaultRule | FaultFunction)[];
  /**
   * Makes all that is random in the broker reproducible: ids, keys, nonces and tokens, as long as the clock and
   * the order of the requests are the same. What the client makes, such as the nonce of a login, is not.
   * @default another one for each broker
   */
  seed?: string | number;
}

/** What a request meets instead of the broker's answer, in the words of the local broker's `--fault`. */
export type FaultName =
  /** The connection is reset before the broker gets the request. */
  | "reset"
  /** The broker handles the request, and the connection is reset instead of a response. */
  | "lost"
  /** The broker handles the request, and nothing comes back until the caller aborts. */
  | "hang"
  /** The broker handles the request, and the connection is reset in the middle of the response. */
  | "truncate"
  /** The broker handles the request, and the response is 200 with a page of HTML. */
  | "html"
  /** The broker handles the request, and the response is 204. */
  | "empty"
  /** The broker handles the request, and the response is 200 with JSON of another shape. */
  | "wrong"
  /** The broker handles the request, and the response is 200 with 9 MiB of spaces. */
  | "big"
  /** The broker handles the request, and the response comes at two seconds a byte. */
  | "slow";

/** A fault: a name or a status, a delay, or a delay and one of them. */
export interface Fault {
  /** What happens. */
  readonly fault?: FaultName;
  /** A proxy answers with this status, from 400 to 599, and the broker gets nothing. */
  readonly status?: number;
  /**
   * The header `Retry-After` of that: seconds, or a date as HTTP writes it.
   * @default 1 with 429 and 503, else none
   */
  readonly retryAfter?: number | string;
  /** How long the request takes before anything else happens, in milliseconds of the broker's clock. */
  readonly delayMs?: number;
}

/** Which requests meet a fault. */
export interface FaultRule extends Fault {
  /**
   * The path of a resource below `/Agent/`, such as `Xmpp/GetRoster`, or of several, such as `Storage/Content`.
   * @default every request
   */
  readonly resource?: string;
  /**
   * How many requests.
   * @default 1
   */
  readonly times?: number;
}

/** Decides for each request. `undefined` leaves it to the rules behind it. */
export type FaultFunction = (request: ReceivedRequest) => FaultName | Fault | null | undefined;

/** The faults that the next requests meet. */
export interface Faults {
  /**
   * Adds rules. A request meets the fault of the first that is for it, and of one at most.
   *
   * @throws {TypeError} If a rule is invalid.
   * @example
   * broker.faults.add("lost"); // the next request
   * broker.faults.add({ resource: "Xmpp/GetRoster", status: 503, retryAfter: 2, times: 3 });
   * broker.faults.add(({ method }) => (method === "PUT" ? "reset" : undefined));
   */
  add(...rules: (FaultName | FaultRule | FaultFunction)[]): void;
  /** Removes all rules. */
  clear(): void;
  /** How many rules there are that have not been used up. A function never is. */
  readonly pending: number;
}

/** A request that the broker has got, or would have got without a fault. */
export interface ReceivedRequest {
  /** The method of HTTP. */
  readonly method: string;
  /** The URL. */
  readonly url: string;
  /** Its path, such as `/Agent/Xmpp/GetRoster`. */
  readonly path: string;
  /** The path below `/Agent/`, such as `Xmpp/GetRoster`; `undefined` for another path. */
  readonly resource: string | undefined;
  /** The headers, with names in lower case. Credentials are masked. */
  readonly headers: Readonly<Record<string, string>>;
  /**
   * The body as an object, whether it was sent in JSON, in XML or as a form; of a file in a form, its `mediaType`
   * and `size`. Passwords, keys, nonces, signatures, codes and tokens are `"[masked]"`. The bytes of a `PUT`;
   * `undefined` if there is no body, or if it can't be read.
   */
  // biome-ignore lint/suspicious/noExplicitAny: a test looks at properties that it knows.
  readonly body: any;
  /** The status of the response; `undefined` if there was none. */
  status?: number;
  /** The name of the fault that it met, or `status=503` for a status. */
  fault?: string;
}

/** Mail that the broker would have sent, such as a verification code. */
export interface TestMail {
  /** An e-mail address or a phone number. */
  readonly to: string;
  /** The text. */
  readonly text: string;
}

/** The clock of a broker. */
export interface TestClock extends BaseClock {
  /**
   * Moves the broker's clock, and no other, forwards: tokens expire, sessions end, and what a fault delays arrives.
   *
   * @param ms How far, in milliseconds.
   * @throws {TypeError} If it is negative.
   */
  advance(ms: number): void;
}

/** A broker in this program. */
export interface TestBroker {
  /** Pass it to `createAgentAPI` as `fetch`. It answers for every host, over `http` and `https`. */
  readonly fetch: Fetch;
  /** A class as the global `WebSocket`, over which this broker pushes events. */
  readonly WebSocket: new (
    url: string | { readonly href: string; toString(): string },
    protocols?: string | string[],
  ) => TestSocket;
  /** The broker's clock. */
  readonly clock: TestClock;
  /** The faults that the next requests meet. */
  readonly faults: Faults;
  /** The requests so far. */
  readonly requests: ReceivedRequest[];
  /** The mail so far. */
  readonly mail: TestMail[];
  /**
   * Adds an account.
   *
   * @param UserName Its name.
   * @param Account Its password, or more.
   * @throws {TypeError} If the name is invalid, or looks like that of another account.
   */
  addAccount(UserName: string, Account: TestAccount): void;
  /** Breaks the connections of all WebSockets. The library opens another one. */
  closeSockets(): void;
  /** Starts anew, as the broker was made, with empty `requests` and `mail` and the clock that it was given. */
  reset(): void;
}

/** What is used of a WebSocket. */
export type TestSocket = typeof globalThis extends {
  WebSocket: { prototype: infer Global };
}
  ? Global
  : {
      readonly readyState: number;
      send(data: string): void;
      close(code?: number, reason?: string): void;
      addEventListener(type: string, listener: (event: never) => void): void;
      removeEventListener(type: string, listener: (event: never) => void): void;
    };

/**
 * Makes a broker for tests: the local broker of this project, in this program, without a server and without a
 * network.
 *
 * @param Options Accounts, time, faults.
 * @throws {TypeError} If an option is invalid.
 * @example
 * const broker = createTestBroker({ accounts: { alice: "pw", bob: "pw" } });
 * const alice = createAgentAPI({ host: "neuron.example.org", fetch: broker.fetch });
 * await alice.Account.Login("alice", "pw", 3600);
 */
export function createTestBroker(Options?: TestBrokerOptions | null): TestBroker;
