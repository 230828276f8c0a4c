// @ts-check
/**
 * A session that several tabs have: a browser copies `sessionStorage` into a tab that is duplicated. When
 * one tab has refreshed the token, that of another is no longer valid, and the other tab asks for the newer
 * one. They use a channel whose name is a secret that is copied with the session, so that only a script
 * that could read the token in the storage receives it.
 */

import { open } from "./channel.js";
import { unref } from "./page.js";
import { get, withoutPrototype } from "./value.js";

/** How long to wait for an answer. A tab that is frozen gives none. */
const ANSWER_TIMEOUT_MS = 1000;

/** The question, without a token. */
const ASK = "newer?";

/** @typedef {Record<string, string | undefined>} Session the stored texts, by their keys */

export class SharedSession {
  #session;
  /** @type {string | undefined} */
  #name;
  /** @type {BroadcastChannel | undefined} */
  #channel;
  /** Whether there is, or may be, another tab with this session; else no answer is waited for. */
  #hasOtherTab = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #aloneTimer;
  /** Tokens that are no longer valid: one of them as an answer would be asked about for ever. */
  #invalidTokens = new Set();
  /** @type {Promise<Session | undefined> | undefined} */
  #asking;
  /** @type {((session: Session) => void) | undefined} */
  #onAnswer;

  /** @param {() => Session} session that of this tab */
  constructor(session) {
    this.#session = session;
  }

  /** @returns {string} a new secret name of a channel */
  static newName() {
    return crypto.getRandomValues(new Uint32Array(4)).join("-");
  }

  /**
   * @param {string | undefined} name of the channel; `undefined` if there is no session
   * @param {boolean} [isCopied] whether the session was stored before: the tab was reloaded or duplicated
   */
  answerOn(name, isCopied = false) {
    if (name === this.#name) return;
    clearTimeout(this.#aloneTimer);
    this.#channel?.close();
    this.#name = name;
    this.#hasOtherTab = isCopied;
    const channel = (this.#channel = name === undefined ? undefined : open(name));
    if (!channel) return;
    this.#aloneTimer = setTimeout(() => (this.#hasOtherTab = false), ANSWER_TIMEOUT_MS);
    unref(this.#aloneTimer);
    channel.onmessage = ({ data }) => {
      clearTimeout(this.#aloneTimer);
      this.#hasOtherTab = true;
      if (data !== ASK) this.#onAnswer?.(withoutPrototype(get(data, "session")));
      else if (!this.#asking) channel.postMessage({ session: this.#session() });
    };
    if (isCopied) channel.postMessage(ASK);
  }

  /**
   * Asks for a session with another token.
   *
   * @param {string} token
   * @returns {Promise<Session | undefined> | undefined} `undefined` if there is no other tab
   */
  ask(token) {
    this.#invalidTokens.add(token);
    if (!this.#hasOtherTab) return undefined;
    this.#asking ??= new Promise((/** @type {(session?: Session) => void} */ resolve) => {
      setTimeout(resolve, ANSWER_TIMEOUT_MS);
      this.#onAnswer = (session) => {
        const newer = session["AgentAPI.Token"];
        if (typeof newer === "string" && !this.#invalidTokens.has(newer)) resolve(session);
      };
      this.#channel?.postMessage(ASK);
    }).finally(() => (this.#asking = undefined));
    return this.#asking;
  }
}
