// @ts-check
/** Reads the body of a response, up to a limit. */

/**
 * @param {Response} response or an object that behaves like one
 * @param {number} maxBytes
 * @param {boolean} [asBytes]
 * @returns {Promise<string | Uint8Array | undefined>} `undefined` if there is more
 */
export async function readBody(response, maxBytes, asBytes) {
  // Found by its method: the stream may be of another frame or a test, and so of another class.
  const reader = globalThis.TextDecoder && response.body?.getReader?.();
  if (!reader) {
    if (asBytes) {
      const bytes = new Uint8Array(await response.arrayBuffer());
      return bytes.length <= maxBytes ? bytes : undefined;
    }
    // A test's double of `fetch` often has no more than the one method that the test needs.
    const text = response.text ? await response.text() : JSON.stringify(await response.json());
    const fits = typeof text === "string" && text.length <= maxBytes;
    return fits ? text.replace(/^\ufeff/, "") : undefined;
  }
  /** @type {Uint8Array[]} */
  const pieces = [];
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      const whole = concatenate(pieces, bytes);
      return asBytes ? whole : (decoder ??= new TextDecoder()).decode(whole);
    }
    bytes += value.byteLength;
    if (bytes > maxBytes) {
      // The rest is not needed, and neither is the outcome of cancelling it.
      Promise.resolve(reader.cancel()).catch(() => {});
      return undefined;
    }
    pieces.push(value);
  }
}

/**
 * @param {{ status?: number, ok?: boolean }} response
 * @returns {number | undefined}
 */
export const statusOf = ({ status, ok }) => status ?? (ok ? 200 : undefined);

/**
 * @param {{ headers?: any }} response whose headers may be a `Map` or an object
 * @param {string} name
 * @returns {unknown}
 */
export function headerOf({ headers = {} }, name) {
  const found = headers.get?.(name);
  if (found) return found;
  const entries = headers[Symbol.iterator] ? [...headers] : Object.entries(headers);
  return entries.find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
}

/** Made once, because that takes longer than decoding a response. @type {TextDecoder | undefined} */
let decoder;

/**
 * @param {Uint8Array[]} pieces
 * @param {number} bytes
 */
function concatenate(pieces, bytes) {
  if (pieces.length === 1) return pieces[0];
  const whole = new Uint8Array(bytes);
  let end = 0;
  for (const piece of pieces) {
    whole.set(piece, end);
    end += piece.byteLength;
  }
  return whole;
}
