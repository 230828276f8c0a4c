// @ts-check
/**
 * Tabs with a copy of one session: a browser copies `sessionStorage` into a tab that is duplicated.
 * When one has exchanged the token, that of the other is refused, and the other asks for the newer
 * one. They speak over a channel whose name is a secret that is copied with the session, so nobody
 * hears a token who could not read it in the storage.
 */

import { open } from "./channel.js";
import { get, own } from "./value.js";

/** How long an answer is waited for. A tab that is frozen gives none. */
const PATIENCE_MS = 1000;

/** @typedef {Record<string, string | undefined>} Session what is kept, by its keys */

export class Twins {
  #session;
  /** @type {string | undefined} */
  #name;
  /** @type {BroadcastChannel | undefined} */
  #channel;
  /** Tokens that this tab has given up. One that comes back would be asked about for ever. */
  #over = new Set();
  /** @type {Promise<Session | undefined> | undefined} */
  #asking;

  /** @param {() => Session} session that of this tab */
  constructor(session) {
    this.#session = session;
  }

  /** @returns {string} a name for the channel of a session */
  static newName() {
    return crypto.getRandomValues(new Uint32Array(4)).join("-");
  }

  /** @param {string | undefined} name of the channel; nothing, where there is no session */
  answerOn(name) {
    if (name === this.#name) return;
    this.#channel?.close();
    this.#name = name;
    const channel = (this.#channel = name === undefined ? undefined : open(name));
    if (!channel) return;
    channel.onmessage = ({ data }) => {
      const token = get(data, "refused");
      const session = this.#session();
      const newer = session["AgentAPI.Token"];
      if (typeof token === "string" && newer && newer !== token) channel.postMessage({ session });
    };
  }

  /**
   * Asks for a session with another token.
   *
   * @param {string} token
   * @returns {Promise<Session | undefined> | undefined} nothing, where nobody can be asked
   */
  ask(token) {
    const channel = this.#channel && this.#name && open(this.#name);
    if (!channel) return undefined;
    this.#over.add(token);
    this.#asking ??= new Promise((/** @type {(session?: Session) => void} */ resolve) => {
      setTimeout(resolve, PATIENCE_MS);
      channel.onmessage = ({ data }) => {
        const session = own(get(data, "session"));
        const newer = session["AgentAPI.Token"];
        if (typeof newer === "string" && !this.#over.has(newer)) resolve(session);
      };
      channel.postMessage({ refused: token });
    }).finally(() => {
      this.#asking = undefined;
      channel.close();
    });
    return this.#asking;
  }
}
