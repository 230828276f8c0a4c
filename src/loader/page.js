// @ts-check
/**
 * A client's alarm clock. In a page it rings when the page comes back to the front, from the cache
 * or to the network, and by time only while somebody can see it; elsewhere by time alone.
 */

import { get } from "./value.js";

/** Timers take a signed 32-bit number, and fire at once for more. */
const LONGEST_MS = 2 ** 31 - 1;

const EVENTS = ["visibilitychange", "pageshow", "online"];

export class Alarm {
  #ring;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #isWatching = false;

  /** @param {() => void} ring */
  constructor(ring) {
    this.#ring = ring;
  }

  /** @param {number | undefined} milliseconds until it rings by itself; nothing switches it off */
  set(milliseconds) {
    clearTimeout(this.#timer);
    this.#watch(milliseconds !== undefined);
    if (milliseconds === undefined || isHidden()) return;
    this.#timer = setTimeout(this.#ring, Math.min(milliseconds, LONGEST_MS));
    unref(this.#timer);
  }

  /** @param {boolean} wanted */
  #watch(wanted) {
    if (wanted === this.#isWatching || typeof document !== "object") return;
    this.#isWatching = wanted;
    for (const event of EVENTS) {
      const target = event === "visibilitychange" ? document : globalThis;
      // A document without a window, as on a server that renders pages, may not have them.
      if (wanted) target.addEventListener?.(event, this.#look);
      else target.removeEventListener?.(event, this.#look);
    }
  }

  #look = () => {
    if (isHidden()) clearTimeout(this.#timer);
    else this.#ring();
  };
}

/**
 * The origin of the page, if it came over HTTP. A worker that was made of a Blob, and a frame with a
 * `srcdoc`, have that of their page, and an address that does not show it.
 *
 * @returns {string | undefined}
 */
export function pageOrigin() {
  const location = get(globalThis, "location");
  const inAddress = `${get(location, "protocol")}//${get(location, "host")}`;
  // The global last: `var origin` in a script of the page replaces it.
  const origins = [inAddress, get(location, "origin"), get(globalThis, "origin")];
  return origins.find((origin) => /^https?:/.test(origin));
}

/** The tab's id, where the broker's own script has given it one. */
export function tabId() {
  try {
    const id = get(globalThis, "TabID");
    return typeof id === "string" && id ? id : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Calls a function that is reached by a dotted name from the global object, where there is one.
 *
 * @param {string} name
 * @param {unknown} argument
 */
export function callGlobal(name, argument) {
  let holder;
  /** @type {any} */
  let found = globalThis;
  for (const part of name.split(".")) {
    holder = found;
    found = get(found, part);
  }
  if (typeof found === "function") Reflect.apply(found, holder, [argument]);
}

const isHidden = () => typeof document === "object" && document?.visibilityState === "hidden";

/**
 * An alarm is no reason for a program to go on.
 *
 * @param {any} timer
 */
export function unref(timer) {
  // A number in Deno, an object in Node and Bun; a number that needs nothing in a browser.
  if (typeof timer === "object") timer?.unref?.();
  else Reflect.get(globalThis, "Deno")?.unrefTimer(timer);
}
