// @ts-check
/** What a page does without a library: `fetch` and `JSON`, and nothing checked. */

/** @type {import("./contender.d.ts").Start} */
export async function start(broker, token) {
  /** @type {(resource: string, request: object) => Promise<any>} */
  async function call(resource, request) {
    const response = await fetch(`${broker}/Agent/${resource}`, {
      method: "POST",
      headers: {
        Accept: "application/json",
        Authorization: `Bearer ${token}`,
        "Content-Type": "application/json",
      },
      body: JSON.stringify(request),
    });
    if (!response.ok) throw new Error(`${response.status}`);
    return response.json();
  }
  return {
    roster: (offset, maxCount) => call("Xmpp/GetRoster", { offset, maxCount }),
    subscribe: (to, customXml) => call("Xmpp/SendPresenceSubscription", { to, customXml }),
  };
}
