/** What the tests use of `@xmpp/client`, which has no types of its own. */

declare module "@xmpp/client" {
  export interface Element {
    name: string;
    attrs: Record<string, string | undefined>;
    children: (Element | string)[];
    is(name: string, namespace?: string): boolean;
    getChild(name: string, namespace?: string): Element | undefined;
    getChildText(name: string, namespace?: string): string | null;
    getNS(): string | undefined;
    toString(): string;
  }

  export interface Client {
    status: string;
    reconnect: { delay: number; stop(): void };
    timeout: number;
    iqCaller: { request(query: Element, timeoutMs?: number): Promise<Element> };
    iqCallee: {
      set(namespace: string, name: string, answer: () => true): void;
      get(namespace: string, name: string, answer: (context: { stanza: Element }) => Element | object): void;
    };
    on(event: "stanza", listener: (stanza: Element) => void): void;
    on(event: "online" | "offline" | "disconnect", listener: () => void): void;
    on(event: "error", listener: (error: Error) => void): void;
    start(): Promise<unknown>;
    stop(): Promise<unknown>;
    send(stanza: Element): Promise<void>;
  }

  export function client(options: {
    service: string;
    domain: string;
    username: string;
    credentials: (
      authenticate: (credentials: { username: string; password: string }, mechanism: string) => Promise<void>,
    ) => Promise<void>;
    resource?: string;
    timeout?: number;
  }): Client;

  export function xml(
    name: string,
    attributes?: Record<string, string | undefined>,
    ...children: (Element | string)[]
  ): Element;
}

/** Of which its elements are. */
declare module "ltx" {
  export function parse(text: string): import("@xmpp/client").Element;
}
