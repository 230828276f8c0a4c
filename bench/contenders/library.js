// @ts-check
/** The library, from whichever of its files, with a session that a page before this one began. */

/**
 * @param {typeof import("neuron-agent-api")} library
 * @param {string} broker
 * @param {string} token
 * @returns {Promise<import("./contender.d.ts").Contender>}
 */
export async function startLibrary({ createAgentAPI }, broker, token) {
  const { host } = new URL(broker);
  /** @type {Record<string, string>} */
  const kept = {
    "AgentAPI.Token": token,
    "AgentAPI.UserName": "alice",
    "AgentAPI.Seconds": "3600",
    "AgentAPI.RefreshTimerExpires": String(Math.floor(Date.now() / 1000) + 3600),
    "AgentAPI.Broker": broker,
  };
  const store = {
    getItem: (/** @type {string} */ key) => kept[key.replace(`@${host}`, "")] ?? null,
    setItem: () => {},
    removeItem: () => {},
  };
  const { Xmpp } = createAgentAPI({ host, secure: false, store, maxInFlight: 50 });
  return {
    roster: (offset, maxCount) => Xmpp.GetRoster(offset, maxCount),
    subscribe: (to, customXml) => Xmpp.SendPresenceSubscription(to, customXml),
  };
}
