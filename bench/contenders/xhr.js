// @ts-check
/** What a page did before `fetch`: `XMLHttpRequest`, and nothing checked. */

/** @type {import("./contender.d.ts").Start} */
export async function start(broker, token) {
  /** @type {(resource: string, request: object) => Promise<any>} */
  const call = (resource, request) =>
    new Promise((resolve, reject) => {
      const http = new XMLHttpRequest();
      http.open("POST", `${broker}/Agent/${resource}`);
      http.setRequestHeader("Accept", "application/json");
      http.setRequestHeader("Authorization", `Bearer ${token}`);
      http.setRequestHeader("Content-Type", "application/json");
      http.onload = () =>
        http.status === 200 ? resolve(JSON.parse(http.responseText)) : reject(new Error(`${http.status}`));
      http.onerror = () => reject(new Error("network"));
      http.send(JSON.stringify(request));
    });
  return {
    roster: (offset, maxCount) => call("Xmpp/GetRoster", { offset, maxCount }),
    subscribe: (to, customXml) => call("Xmpp/SendPresenceSubscription", { to, customXml }),
  };
}
