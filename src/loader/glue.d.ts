/**
 * `glue.js` is made by `cargo xtask build`: what wasm-bindgen generated, wrapped in a function so
 * that nothing of it runs at import and every instance of the module has its own state.
 */

import type { Host } from "./host.js";
import type { Tasks } from "./tasks.js";

/** The groups of the library, their functions, and how many parameters each of those has. */
export const functionTable: Readonly<Record<string, Readonly<Record<string, number>>>>;

/**
 * Makes the bindings of one instance.
 *
 * @param tasks those of the instance, which the module asks for all that takes time
 * @param TextDecoder replaces the host's, as does `TextEncoder`
 */
export function bind(
  tasks: Tasks,
  TextDecoder: new () => { decode(bytes?: Uint8Array): string },
  TextEncoder: new () => { encode(text: string): Uint8Array },
): {
  /** Makes the instance, and gives its memory. */
  start(module: WebAssembly.Module): WebAssembly.Memory;
  /** Calls a function of the client that was selected last, by its position in {@link functionTable}. */
  call(functionIndex: number, args: unknown[]): unknown;
  /** Makes a client and gives its number. */
  attach(host: Host): number;
  select(client: number, monotonicMs: number, wallMs: number): void;
  /** Ends the calls of a client and forgets it. */
  detach(client: number): void;
  /** Whether another instance can take its place while no task is under way. */
  isReplaceable(): boolean;
  maintainSession(): void;
  /**
   * Takes a step of a task.
   *
   * @param number of the task in the module
   * @param come what has come for it, as the bits of `task.js`
   * @param status of the answer that has come, which is negative if the request failed
   * @param body of the answer, or what failed
   * @returns in how many milliseconds to take the next, unless something comes first; -1 if the task is done
   */
  step(
    number: number,
    come: number,
    monotonicMs: number,
    wallMs: number,
    status: number,
    body: unknown,
  ): number;
  loggedOutElsewhere(broker: string, userName: string): void;
};
