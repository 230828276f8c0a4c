// @ts-check
/** The messages of an account as they come: subscriptions included, each whole, with its sender. */

/** @typedef {import("../../pkg/index.js").Message} Message */

/**
 * Calls a function with each message, one at a time in their order. They are taken from the account's queue, one
 * by one, so that none is lost if the page is closed meanwhile.
 *
 * @param {Pick<import("../../pkg/index.js").AgentAPI, "Xmpp">} client
 * @param {(message: Message) => unknown} listener
 * @param {object} options
 * @param {number} options.everyMs how long to wait before the queue is looked at again, once it is empty
 * @param {() => boolean} [options.isPaused]
 * @param {(error: unknown) => void} [options.onFailure] called when a look at the queue fails, which is repeated
 * @returns {() => void} stops it
 */
export function onMessage({ Xmpp }, listener, { everyMs, isPaused = () => false, onFailure = reportError }) {
  let isStopped = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  async function look() {
    try {
      while (!isStopped && !isPaused()) {
        const { Messages } = await Xmpp.PopMessages(1);
        if (Messages.length === 0) break;
        for (const message of Messages) await heard(message);
      }
    } catch (error) {
      if (!isStopped) onFailure(error);
    }
    if (!isStopped) timer = setTimeout(look, everyMs);
  }

  /** A listener that throws must not stop those that follow. @param {Message} message */
  async function heard(message) {
    try {
      await listener(message);
    } catch (error) {
      reportError(error);
    }
  }

  look();
  return () => {
    isStopped = true;
    clearTimeout(timer);
  };
}
