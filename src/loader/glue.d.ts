/**
 * `glue.js` is made by `cargo xtask build`: what wasm-bindgen generated, wrapped in a function so
 * that nothing of it runs at import and every instance of the module has its own state.
 */

import type { Host } from "./host.js";

/** The groups of the library, their functions, and how many parameters each of those has. */
export const functionTable: Readonly<Record<string, Readonly<Record<string, number>>>>;

/**
 * Makes the bindings of one instance.
 *
 * @param queueMicrotask replaces the host's: it runs the next step of a task in a microtask
 * @param TextDecoder replaces the host's, as does `TextEncoder`
 */
export function bind(
  queueMicrotask: (task: number) => void,
  TextDecoder: new () => { decode(bytes?: Uint8Array): string },
  TextEncoder: new () => { encode(text: string): Uint8Array },
): {
  start(module: WebAssembly.Module): void;
  /** Calls a function of the client that was selected last, by its position in {@link functionTable}. */
  call(functionIndex: number, args: unknown[]): unknown;
  /** Makes a client and gives its number. */
  attach(host: Host): number;
  select(client: number): void;
  /** Ends the calls of a client and forgets it. */
  detach(client: number): void;
  maintainSession(): void;
  /** Polls a task once. */
  pollTask(task: number): void;
  loggedOutElsewhere(broker: string, userName: string): void;
};
