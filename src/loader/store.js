// @ts-check
/**
 * The store of a client: the page's storage, memory, or an object of the caller's, which may be
 * asynchronous. Here it can be read and written synchronously.
 */

/**
 * @typedef {object} CallersStore a store of the caller's; each method may return a promise
 * @property {(key: string) => unknown} getItem
 * @property {(key: string, value: string) => unknown} setItem
 * @property {(key: string) => unknown} removeItem
 */

import { get, tryOrUndefined } from "./value.js";

/** The same symbol for all copies of the package in one program. */
const SHARED = Symbol.for("neuron-agent-api");

/** @returns {Map<string, any>} the state that all copies of the package in one program share */
export function sharedState() {
  const found = Reflect.get(globalThis, SHARED);
  if (found) return found;
  const value = new Map();
  // Not enumerable, so that listing the global object does not show it.
  Object.defineProperty(globalThis, SHARED, { value });
  return value;
}

/**
 * Whether this is a browser extension's script on a page of somebody else, which could read what the script
 * writes into the page's storage.
 */
const isContentScript = () =>
  get(get(get(globalThis, "chrome"), "runtime"), "id") !== undefined &&
  !/-extension:/.test(globalThis.origin);

/**
 * The page's storage. A tab has a document; elsewhere (Deno, Node) the same globals may exist and are shared
 * by the whole process. In a sandboxed frame reading the global throws.
 *
 * @param {"sessionStorage" | "localStorage"} name
 * @returns {Storage | undefined}
 */
export function pageStorage(name) {
  const isPage = () => typeof document === "object" && document && !isContentScript();
  return tryOrUndefined(() => (isPage() ? globalThis[name] : undefined)) ?? undefined;
}

/** The keys of `src/session/keys.rs` without which the others are no session. */
const TOKEN = "AgentAPI.Token";
const BROKER = "AgentAPI.Broker";

/** @param {Map<string, string>} map */
const inMemory = (map) => ({
  getItem: (/** @type {string} */ key) => map.get(key),
  setItem: (/** @type {string} */ key, /** @type {string} */ value) => map.set(key, value),
  removeItem: (/** @type {string} */ key) => map.delete(key),
});

/**
 * @param {"session" | "local" | "memory" | CallersStore} kind
 * @param {Map<string, string>} memory used where there is no page
 * @returns {() => CallersStore}
 */
export function backingOf(kind, memory) {
  if (typeof kind !== "string") return () => kind;
  const own = inMemory(memory);
  // Looked up each time, because a test may replace it and a page may lose it.
  if (kind === "session") return () => pageStorage("sessionStorage") ?? own;
  if (kind === "local") return () => pageStorage("localStorage") ?? own;
  return () => own;
}

export class Store {
  #backing;
  #prefix;
  /** By the keys, because they are asked for often. @type {Map<string, string>} */
  #names = new Map();
  /**
   * All texts of an asynchronous store; of a synchronous one, those that it has not written: `undefined`
   * for one that it has not removed. @type {Map<string, string | undefined>}
   */
  #cache = new Map();
  /** Whether the store answers by promises. */
  #isAsynchronous = false;
  #isOpen = false;
  /** @type {Promise<unknown> | undefined} */
  #opened;
  /** The errors of removals that failed, by key. @type {Map<string, unknown>} */
  #failedRemovals = new Map();
  /** Resolves when all writes are done; `undefined` if there are none. @type {Promise<unknown> | undefined} */
  written;

  /**
   * @param {() => CallersStore} backing
   * @param {string} prefix that replaces `AgentAPI` in the keys
   */
  constructor(backing, prefix) {
    this.#backing = backing;
    this.#prefix = prefix;
  }

  /**
   * Reads an asynchronous store ahead. Throws, or rejects, with the error of the store.
   *
   * @param {string[]} keys all that may be there
   * @returns {Promise<unknown> | undefined} `undefined` if the store is synchronous
   */
  open(keys) {
    if (this.#opened || this.#isOpen) return this.#opened;
    const found = keys.map((key) => this.#backing().getItem(this.#name(key)));
    this.#isAsynchronous = found.some(isThenable);
    if (!this.#isAsynchronous) return undefined;
    this.#opened = Promise.all(found).then(
      (values) => {
        this.#isOpen = true;
        this.#opened = undefined;
        values.forEach((value, index) => {
          // What has been written since is newer.
          if (isStored(value) && !this.#cache.has(keys[index])) this.#cache.set(keys[index], value);
        });
      },
      (error) => {
        // The next call tries again.
        this.#opened = undefined;
        throw error;
      },
    );
    return this.#opened;
  }

  /** @param {string} key */
  load(key) {
    if (this.#isAsynchronous || this.#cache.has(key)) return this.#cache.get(key);
    const value = tryOrUndefined(() => this.#backing().getItem(this.#name(key)));
    return isStored(value) ? value : undefined;
  }

  /**
   * Waits until the store has written everything. Rejects if a removal failed.
   *
   * @returns {Promise<void> | undefined} `undefined` if there is nothing to wait for
   */
  flush() {
    if (this.written) return this.written.then(() => this.flush());
    const [error] = this.#failedRemovals.values();
    return this.#failedRemovals.size > 0 ? Promise.reject(error) : undefined;
  }

  /** @param {string} key */
  #name(key) {
    let name = this.#names.get(key);
    if (!name) this.#names.set(key, (name = key.replace("AgentAPI", this.#prefix)));
    return name;
  }

  /**
   * Writes texts, and removes those that are empty, one after the other, so that the last write wins. If the
   * store can't write all of them it is to hold none: half of them would be one user's name and another's
   * token. They then last as long as the page.
   *
   * @param {string[]} list keys, each followed by its text
   */
  write(list) {
    /** @type {Map<string, string | undefined>} */
    const last = new Map();
    /** @type {(() => unknown)[]} */
    const steps = [];
    for (let place = 0; place < list.length; place += 2) {
      const key = list[place];
      const value = list[place + 1] || undefined;
      last.set(key, value);
      steps.push(() => this.#put(key, value));
    }
    for (const [key, value] of last) this.#cache.set(key, value);
    steps.push(() => this.#release(last));
    // It fails where the storage is full or forbidden.
    const task = () =>
      withFallback(
        () => inOrder(steps),
        () => this.#removeAll([...last.keys()]),
      );
    const writing = this.written ? this.written.then(task) : task();
    if (!isThenable(writing)) return;
    const written = Promise.resolve(writing).then(() => {
      if (this.written === written) this.written = undefined;
    });
    this.written = written;
  }

  /**
   * Drops from the cache what a synchronous store has written.
   *
   * @param {Map<string, string | undefined>} written
   */
  #release(written) {
    const isReadAhead = this.#isAsynchronous || this.#opened;
    for (const [key, value] of written) {
      this.#failedRemovals.delete(key);
      if (!isReadAhead && this.#cache.get(key) === value) this.#cache.delete(key);
    }
  }

  /**
   * Removes keys from the store, the token first, and records what could not be removed.
   *
   * @param {string[]} keys
   */
  #removeAll(keys) {
    const tokenFirst = keys.sort((one, other) => Number(other === TOKEN) - Number(one === TOKEN));
    const steps = tokenFirst.map(
      (key) => () =>
        withFallback(
          () => after(this.#put(key, undefined), () => this.#failedRemovals.delete(key)),
          (error) => this.#failedRemovals.set(key, error),
        ),
    );
    // A token that can't be removed is made invalid: it is given a broker that does not exist.
    const invalidate = () =>
      this.#failedRemovals.has(TOKEN) && keys.includes(BROKER)
        ? withFallback(
            () => this.#put(BROKER, "none"),
            () => {},
          )
        : undefined;
    return inOrder([...steps, invalidate]);
  }

  /**
   * @param {string} key
   * @param {string | undefined} value
   * @returns {unknown} a promise if the store is asynchronous
   */
  #put(key, value) {
    const store = this.#backing();
    const name = this.#name(key);
    if (value !== undefined) return store.setItem(name, value);
    // What can't be removed may still be overwritten.
    return withFallback(
      () => store.removeItem(name),
      () => store.setItem(name, ""),
    );
  }
}

/**
 * Runs `next` when a promise has resolved, or at once if `done` is not a promise.
 *
 * @param {unknown} done
 * @param {() => unknown} next
 */
const after = (done, next) => (isThenable(done) ? Promise.resolve(done).then(next) : next());

/**
 * Runs one step after the other.
 *
 * @param {(() => unknown)[]} steps
 * @returns {unknown}
 */
const inOrder = ([step, ...steps]) => step && after(step(), () => inOrder(steps));

/**
 * Runs `first`, and `second` if that throws or rejects.
 *
 * @param {() => unknown} first
 * @param {(error: unknown) => unknown} second
 * @returns {unknown}
 */
function withFallback(first, second) {
  try {
    const done = first();
    return isThenable(done) ? Promise.resolve(done).catch(second) : done;
  } catch (error) {
    return second(error);
  }
}

/**
 * Whether a text is stored: an empty one stands for one that could not be removed.
 *
 * @param {unknown} value
 * @returns {value is string}
 */
const isStored = (value) => typeof value === "string" && value !== "";

/**
 * @param {any} value
 * @returns {value is PromiseLike<unknown>}
 */
const isThenable = (value) => typeof value?.then === "function";
