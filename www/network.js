// @ts-check
/** The one place from which the clients of this page get their `fetch`: a network, with its faults, recorded. */

import { withFaults } from "./faults.js";
import { recorded } from "./wire/recorder.js";

/** Whether requests go to a broker in this tab, so that the page needs no server: `?broker=in-this-tab`. */
export const isInThisTab = new URLSearchParams(location.search).get("broker") === "in-this-tab";

/** What clients call the broker in this tab, which answers for every host. No such host is on the network. */
export const TAB_HOST = "neuron.example";

const browserFetch = globalThis.fetch;

/** What requests go to: a broker in this tab, which is loaded with the first, or the browser's network. @type {typeof fetch} */
const network = async (input, init) => {
  if (!isInThisTab) return browserFetch(input, init);
  const { broker } = await import("./tab-broker.js");
  return broker.fetch(input, init);
};

/**
 * The `fetch` of a client.
 *
 * @param {string} client which the record names
 */
export const fetchOf = (client) => recorded(client, withFaults(network));
