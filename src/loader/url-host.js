// @ts-check
/** Normalizes a host, for requests, signatures, comparisons and stores alike. */

import { tryOrUndefined } from "./value.js";

/** Characters that a URL drops or decodes, or that begin another part of it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: a URL leaves some of them out.
const OTHER = /[\x00-\x20/\\?#@%]/;

/** A host and its port. A URL would also accept names that DNS does not allow, and port 0. */
const HOST = /^(?!.{260})((?:[\w-]{1,63}\.)*[\w-]{1,63}\.?|\[.+\])(:[1-9]\d*)?$/;

/**
 * A host and its port as a URL writes them: in lower case and ASCII, an IPv6 address at its shortest
 * (RFC 5952), without the protocol's own port.
 *
 * @param {string} host
 * @param {boolean} secure whether the protocol is `https`
 * @returns {string | undefined} `undefined` if it is not a host
 */
export function urlHost(host, secure) {
  // A bare engine has no `URL`; there a host has to be in that form already.
  const written = tryOrUndefined(() =>
    typeof URL === "function" ? new URL(`http${secure ? "s" : ""}://${host}`).host : host,
  );
  return !OTHER.test(host) && HOST.test(written) ? written : undefined;
}
