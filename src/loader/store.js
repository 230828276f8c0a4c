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
 * The page's storage. A tab has a document; elsewhere (Deno, Node) the same names may exist and are
 * shared by all that runs in the process. A sandboxed frame throws at the mere look at it.
 *
 * @param {"sessionStorage" | "localStorage"} name
 * @returns {Storage | undefined}
 */
export function pageStorage(name) {
  try {
    return typeof document === "object" && document ? (globalThis[name] ?? undefined) : undefined;
  } catch {
    return undefined;
  }
}

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
  if (typeof kind === "object") return () => kind;
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
   * @param {string} key
   * @param {string} value
   */
  save(key, value) {
    this.#write(key, value);
  }

  /** @param {string} key */
  remove(key) {
    this.#write(key, undefined);
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
   * One after the other, so that the last word is the last.
   *
   * @param {string} key
   * @param {string | undefined} value
   */
  #write(key, value) {
    this.#kept.set(key, value);
    const write = () => this.#put(key, value);
    const succeeded = () => {
      this.#unforgotten.delete(key);
      const isReadAhead = this.#isAsynchronous || this.#opened;
      if (!isReadAhead && this.#kept.get(key) === value) this.#kept.delete(key);
    };
    // Full, or forbidden: it lasts as long as the page then.
    const failed = (/** @type {unknown} */ error) => {
      if (value === undefined) this.#unforgotten.set(key, error);
    };
    try {
      const writing = this.written ? this.written.then(write) : write();
      if (!isThenable(writing)) return succeeded();
      const written = Promise.resolve(writing)
        .then(succeeded, failed)
        .then(() => {
          if (this.written === written) this.written = undefined;
        });
      this.written = written;
    } catch (error) {
      failed(error);
    }
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
    const blank = () => store.setItem(name, "");
    try {
      const removing = store.removeItem(name);
      return isThenable(removing) ? Promise.resolve(removing).catch(blank) : removing;
    } catch {
      return blank();
    }
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
