// @ts-check
/**
 * The timer of a client, and what is read from the page around it. In a page the timer also fires when the
 * page becomes visible, comes back from the cache or online, and it runs only while the page is visible.
 */

import { get, tryOrUndefined } from "./value.js";

/** Timers take a signed 32-bit number, and fire at once for more. */
export const LONGEST_MS = 2 ** 31 - 1;

const EVENTS = ["visibilitychange", "pageshow", "online"];

export class MaintenanceTimer {
  #fire;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {() => void} fire */
  constructor(fire) {
    this.#fire = fire;
  }

  /** @param {number | undefined} milliseconds until it fires; `undefined` switches it off */
  set(milliseconds) {
    clearTimeout(this.#timer);
    this.#watch(milliseconds !== undefined);
    if (milliseconds === undefined || isHidden()) return;
    this.#timer = setTimeout(this.#fire, Math.min(milliseconds, LONGEST_MS));
    unref(this.#timer);
  }

  /** @param {boolean} wanted */
  #watch(wanted) {
    if (typeof document !== "object") return;
    for (const event of EVENTS) {
      const target = event === "visibilitychange" ? document : globalThis;
      // A document without a window, such as on a server that renders pages, may lack these methods.
      target[wanted ? "addEventListener" : "removeEventListener"]?.(event, this.#onPageChange);
    }
  }

  #onPageChange = () => {
    if (isHidden()) clearTimeout(this.#timer);
    else this.#fire();
  };
}

/**
 * The origin of the page, if it came over HTTP. A worker made from a Blob and a frame with a `srcdoc` have
 * the origin of their page, but an address that does not show it.
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
  const id = tryOrUndefined(() => get(globalThis, "TabID"));
  return typeof id === "string" && id ? id : undefined;
}

const isHidden = () => typeof document === "object" && document?.visibilityState === "hidden";

/**
 * Lets the program end although the timer runs.
 *
 * @param {any} timer
 */
export function unref(timer) {
  // An object in Node and Bun, a number in Deno; also a number in a browser, where nothing is needed.
  if (typeof timer === "object") timer?.unref?.();
  else Reflect.get(globalThis, "Deno")?.unrefTimer(timer);
}
