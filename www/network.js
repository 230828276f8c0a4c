// @ts-check
/** The one place from which the clients of this page get their `fetch`: a network, with its faults, recorded. */

import { withFaults } from "./faults.js";
import { recorded } from "./wire/recorder.js";

const browserFetch = globalThis.fetch;

/** What requests go to: the browser's network. @type {typeof fetch} */
const network = (input, init) => browserFetch(input, init);

/**
 * The `fetch` of a client.
 *
 * @param {string} client which the record names
 */
export const fetchOf = (client) => recorded(client, withFaults(network));
