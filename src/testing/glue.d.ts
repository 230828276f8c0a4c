/** `glue.js` is made by `cargo xtask build` from what wasm-bindgen generates for `test-broker/src/web.rs`. */

/** The broker in the module. Points in time are Unix seconds. */
export interface Core {
  setTime(now: number): void;
  /** Throws a sentence that says what is wrong. */
  addAccount(userName: string, password: string, legalId?: string): void;
  /** Throws a sentence that says what is wrong. */
  addApiKey(key: string, secret: string): void;
  /** The status, the names and values of the headers in turn, and the body; nothing if the request is none. */
  respond(
    origin: string,
    method: string,
    target: string,
    headers: string[],
    body: Uint8Array,
  ): [status: number, headers: string[], body: Uint8Array<ArrayBuffer>] | undefined;
  /** Recipients and texts in turn. */
  takeMail(): string[];
  /** Opens an event socket and gives its number. */
  connect(): number;
  /** The frame that is sent back, if there is one; `null` if the socket is to be closed. */
  receive(socket: number, frame: string): string | null | undefined;
  /** The frame that comes next, if there is one; `null` if the socket is to be closed. */
  nextFrame(socket: number): string | null | undefined;
  disconnect(socket: number): void;
}

/** Makes the bindings of one instance. */
export function bind(
  TextDecoder: new () => { decode(bytes?: Uint8Array): string },
  TextEncoder: new () => { encode(text: string): Uint8Array },
): {
  initSync(module: { module: WebAssembly.Module }): unknown;
  TestBroker: {
    new (domain: string, seed: Uint8Array, now: number): Core;
    /** The body of a request without its secrets, as JSON. */
    shownBody(method: string, target: string, headers: string[], body: Uint8Array): string | undefined;
  };
};
