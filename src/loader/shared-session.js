// @ts-check
/**
 * Tabs with a copy of one session: a browser copies `sessionStorage` into a tab that is duplicated.
 * When one has exchanged the token, that of the other is refused, and the other asks for the newer
 * one. They speak over a channel whose name is a secret that is copied with the session, so nobody
 * hears a token who could not read it in the storage.
 */

import { open } from "./channel.js";
import { unref } from "./page.js";
import { get, own } from "./value.js";

/** How long an answer is waited for. A tab that is frozen gives none. */
const PATIENCE_MS = 1000;

/** What is asked: no token is in it. */
const ASK = "newer?";

/** @typedef {Record<string, string | undefined>} Session what is kept, by its keys */

export class Twins {
  #session;
  /** @type {string | undefined} */
  #name;
  /** @type {BroadcastChannel | undefined} */
  #channel;
  /** Whether there is another tab, or may be: nobody else has to be waited for. */
  #hasTwin = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #alone;
  /** Tokens that this tab has given up. One that comes back would be asked about for ever. */
  #over = new Set();
  /** @type {Promise<Session | undefined> | undefined} */
  #asking;
  /** @type {((session: Session) => void) | undefined} */
  #hear;

  /** @param {() => Session} session that of this tab */
  constructor(session) {
    this.#session = session;
  }

  /** @returns {string} a name for the channel of a session */
  static newName() {
    return crypto.getRandomValues(new Uint32Array(4)).join("-");
  }

  /**
   * @param {string | undefined} name of the channel; nothing, where there is no session
   * @param {boolean} [isCopied] whether it was there before: the tab was loaded again, or duplicated
   */
  answerOn(name, isCopied = false) {
    if (name === this.#name) return;
    clearTimeout(this.#alone);
    this.#channel?.close();
    this.#name = name;
    this.#hasTwin = isCopied;
    const channel = (this.#channel = name === undefined ? undefined : open(name));
    if (!channel) return;
    this.#alone = setTimeout(() => (this.#hasTwin = false), PATIENCE_MS);
    unref(this.#alone);
    channel.onmessage = ({ data }) => {
      clearTimeout(this.#alone);
      this.#hasTwin = true;
      if (data !== ASK) this.#hear?.(own(get(data, "session")));
      else if (!this.#asking) channel.postMessage({ session: this.#session() });
    };
    if (isCopied) channel.postMessage(ASK);
  }

  /**
   * Asks for a session with another token.
   *
   * @param {string} token
   * @returns {Promise<Session | undefined> | undefined} nothing, where nobody can be asked
   */
  ask(token) {
    this.#over.add(token);
    if (!this.#hasTwin) return undefined;
    this.#asking ??= new Promise((/** @type {(session?: Session) => void} */ resolve) => {
      setTimeout(resolve, PATIENCE_MS);
      this.#hear = (session) => {
        const newer = session["AgentAPI.Token"];
        if (typeof newer === "string" && !this.#over.has(newer)) resolve(session);
      };
      this.#channel?.postMessage(ASK);
    }).finally(() => (this.#asking = undefined));
    return this.#asking;
  }
}
