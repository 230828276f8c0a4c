// @ts-check
/** The one form of a host for requests, signatures, comparisons and stores. */

/** What a URL leaves out, decodes, or takes for the start of another part. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: a URL leaves some of them out.
const OTHER = /[\x00-\x20/\\?#@%]/;

/** A URL also takes names that no name server knows, and port 0. */
const HOST = /^(?!.{260})((?:[\w-]{1,63}\.)*[\w-]{1,63}\.?|\[.+\])(:[1-9]\d*)?$/;

/**
 * A host and its port as a URL writes them: in lower case and ASCII, an IPv6 address at its shortest
 * (RFC 5952), without the protocol's own port.
 *
 * @param {string} host
 * @param {boolean} secure whether the protocol is `https`
 * @returns {string | undefined} nothing, if it is no host
 */
export function urlHost(host, secure) {
  try {
    // A bare engine has no URL, and what is written as a URL would write it serves there.
    const written =
      typeof URL === "function" ? new URL(`http${secure ? "s" : ""}://${host}`).host : host;
    return !OTHER.test(host) && HOST.test(written) ? written : undefined;
  } catch {
    return undefined;
  }
}
