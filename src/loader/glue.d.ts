/**
 * `glue.js` is made by `cargo xtask build`: what wasm-bindgen generated, wrapped in a function so
 * that nothing of it runs at import and every instance of the module has its own state.
 */

/** A function of the library, as it is before a caller sees it. */
export type RawFunction = (...args: unknown[]) => unknown;

/** The groups of the library, their functions, and how many parameters each of those has. */
export const shape: Readonly<Record<string, Readonly<Record<string, number>>>>;

/**
 * Makes the bindings of one instance.
 *
 * @param queueMicrotask stands in for the host's: Rust's asynchronous code runs in microtasks only
 */
export function bind(queueMicrotask: (task: () => void) => void): {
  AgentAPI: Record<string, Record<string, RawFunction>>;
  initSync(options: { module: WebAssembly.Module }): unknown;
};
