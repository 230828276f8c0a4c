// @ts-check
/**
 * Where a client keeps things: the page's storage, memory, or what its caller gave. Whatever that
 * is, it can be read and written here at once.
 */

/**
 * @typedef {object} CallersStore what a caller gives; each method may return a promise
 * @property {(key: string) => unknown} getItem
 * @property {(key: string, value: string) => unknown} setItem
 * @property {(key: string) => unknown} removeItem
 */

import { get } from "./value.js";

/** The same for two copies of the package in one program. */
const SHARED = Symbol.for("neuron-agent-api");

/** @returns {Map<string, any>} what all copies of the package in one program have in common */
export function shared() {
  const found = Reflect.get(globalThis, SHARED);
  if (found) return found;
  const value = new Map();
  // Not enumerable: nobody who lists the global object has to see it.
  Object.defineProperty(globalThis, SHARED, { value });
  return value;
}

/**
 * Whether this is a browser extension's script on a page that is not the extension's own: what it
 * keeps in the page's storage, the page reads.
 */
const isGuest = () =>
  get(get(get(globalThis, "chrome"), "runtime"), "id") !== undefined &&
  !/-extension:/.test(globalThis.origin);

/**
 * The page's storage. A tab has a document; elsewhere (Deno, Node) the same names may exist and are
 * shared by all that runs in the process. A sandboxed frame throws at the mere look at it.
 *
 * @param {"sessionStorage" | "localStorage"} name
 * @returns {Storage | undefined}
 */
export function pageStorage(name) {
  try {
    const isPage = typeof document === "object" && document && !isGuest();
    return isPage ? (globalThis[name] ?? undefined) : undefined;
  } catch {
    return undefined;
  }
}

/** Those of `src/session/keys.rs` without which the others are nobody's. */
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
 * @param {Map<string, string>} memory where there is no page
 * @returns {() => CallersStore}
 */
export function choose(kind, memory) {
  if (typeof kind !== "string") return () => kind;
  const own = inMemory(memory);
  // Looked up each time: a test may put another in its place, and a page may lose it.
  if (kind === "session") return () => pageStorage("sessionStorage") ?? own;
  if (kind === "local") return () => pageStorage("localStorage") ?? own;
  return () => own;
}

export class Store {
  #backing;
  #prefix;
  /**
   * What an asynchronous store holds; of another, what it has not taken: nothing for what it still
   * has, and should not. @type {Map<string, string | undefined>}
   */
  #kept = new Map();
  #isAsynchronous = false;
  /** @type {Promise<unknown> | undefined} */
  #opened;
  /** Why the store still holds what it should not, by key. @type {Map<string, unknown>} */
  #unforgotten = new Map();
  /** What is still being written. @type {Promise<unknown> | undefined} */
  written;

  /**
   * @param {() => CallersStore} backing
   * @param {string} prefix in the place of that of the keys, `AgentAPI`
   */
  constructor(backing, prefix) {
    this.#backing = backing;
    this.#prefix = prefix;
  }

  /**
   * Makes an asynchronous store readable at once. Throws, or rejects, with what the store fails of.
   *
   * @param {string[]} keys all that may be there
   * @returns {Promise<unknown> | undefined} nothing, where it need not be waited for
   */
  open(keys) {
    if (this.#opened || this.#isAsynchronous) return this.#opened;
    const found = keys.map((key) => this.#backing().getItem(this.#name(key)));
    if (!found.some(isThenable)) return undefined;
    this.#opened = Promise.all(found).then(
      (values) => {
        this.#isAsynchronous = true;
        this.#opened = undefined;
        values.forEach((value, index) => {
          // What was written meanwhile is newer.
          if (isKept(value) && !this.#kept.has(keys[index])) this.#kept.set(keys[index], value);
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
    if (this.#isAsynchronous || this.#kept.has(key)) return this.#kept.get(key);
    try {
      const value = this.#backing().getItem(this.#name(key));
      return isKept(value) ? value : undefined;
    } catch {
      return undefined;
    }
  }

  /**
   * Waits until the store has taken everything. Rejects where it still holds what it should not.
   *
   * @returns {Promise<void> | undefined} nothing, where all is well already
   */
  flush() {
    if (this.written) return this.written.then(() => this.flush());
    const [error] = this.#unforgotten.values();
    return this.#unforgotten.size > 0 ? Promise.reject(error) : undefined;
  }

  /** @param {string} key */
  #name(key) {
    return key.replace("AgentAPI", this.#prefix);
  }

  /**
   * Keeps texts, and forgets those that are empty, one after the other, so that the last word is the
   * last. Of what it can't keep all of, the store is to hold nothing: half of it would be one user's
   * name and another's token. Here it lasts as long as the page then.
   *
   * @param {string[]} list keys, and after each its text
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
    for (const [key, value] of last) this.#kept.set(key, value);
    steps.push(() => this.#release(last));
    // Full, or forbidden.
    const task = () => either(() => inOrder(steps), () => this.#forget([...last.keys()]));
    const writing = this.written ? this.written.then(task) : task();
    if (!isThenable(writing)) return;
    const written = Promise.resolve(writing).then(() => {
      if (this.written === written) this.written = undefined;
    });
    this.written = written;
  }

  /**
   * Leaves to the store what it has taken, where it can be read there at once.
   *
   * @param {Map<string, string | undefined>} taken
   */
  #release(taken) {
    const isReadAhead = this.#isAsynchronous || this.#opened;
    for (const [key, value] of taken) {
      this.#unforgotten.delete(key);
      if (!isReadAhead && this.#kept.get(key) === value) this.#kept.delete(key);
    }
  }

  /**
   * Has the store hold nothing under some keys, as far as it goes; the token goes first.
   *
   * @param {string[]} keys
   */
  #forget(keys) {
    const tokenFirst = keys.sort((one, other) => Number(other === TOKEN) - Number(one === TOKEN));
    const steps = tokenFirst.map((key) => () =>
      either(
        () => after(this.#put(key, undefined), () => this.#unforgotten.delete(key)),
        (error) => this.#unforgotten.set(key, error),
      ),
    );
    // A token that stays is nobody's: it is for no broker that there is.
    const disown = () =>
      this.#unforgotten.has(TOKEN) && keys.includes(BROKER)
        ? either(() => this.#put(BROKER, "none"), () => {})
        : undefined;
    return inOrder([...steps, disown]);
  }

  /**
   * @param {string} key
   * @param {string | undefined} value
   * @returns {unknown} a promise, where the store has not done it yet
   */
  #put(key, value) {
    const store = this.#backing();
    const name = this.#name(key);
    if (value !== undefined) return store.setItem(name, value);
    // What can't be removed may still be written over.
    return either(() => store.removeItem(name), () => store.setItem(name, ""));
  }
}

/**
 * Does something, and what comes next at once if the first is no promise.
 *
 * @param {unknown} done
 * @param {() => unknown} next
 */
const after = (done, next) => (isThenable(done) ? Promise.resolve(done).then(next) : next());

/**
 * Does one step after the other.
 *
 * @param {(() => unknown)[]} steps
 * @returns {unknown}
 */
const inOrder = ([step, ...steps]) => step && after(step(), () => inOrder(steps));

/**
 * Does something, and something else where that throws or rejects.
 *
 * @param {() => unknown} first
 * @param {(error: unknown) => unknown} second
 * @returns {unknown}
 */
function either(first, second) {
  try {
    const done = first();
    return isThenable(done) ? Promise.resolve(done).catch(second) : done;
  } catch (error) {
    return second(error);
  }
}

/**
 * Whether something is there: an empty text stands for what could not be removed.
 *
 * @param {unknown} value
 * @returns {value is string}
 */
const isKept = (value) => typeof value === "string" && value !== "";

/**
 * @param {any} value
 * @returns {value is PromiseLike<unknown>}
 */
const isThenable = (value) => typeof value?.then === "function";
