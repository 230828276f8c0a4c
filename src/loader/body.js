// @ts-check
/** Reads the body of a response, as far as it is wanted. */

/**
 * @param {Response} response or something that does as one
 * @param {number} most bytes
 * @returns {Promise<string | undefined>} nothing, where there is more
 */
export async function readBody(response, most) {
  // By its name, for it may be another frame's or a test's.
  const reader = response.body?.getReader?.();
  if (!reader) {
    // Doubles of `fetch` give what their tests ask for, often no more.
    const text = response.text ? await response.text() : JSON.stringify(await response.json());
    const fits = typeof text === "string" && text.length <= most;
    return fits ? text.replace(/^\ufeff/, "") : undefined;
  }
  /** @type {Uint8Array[]} */
  const pieces = [];
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return (decoder ??= new TextDecoder()).decode(joined(pieces, bytes));
    bytes += value.byteLength;
    if (bytes > most) {
      // What comes yet is nobody's business; whether it could be stopped is not, either.
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

/** Made once: that takes longer than to decode an answer. @type {TextDecoder | undefined} */
let decoder;

/**
 * @param {Uint8Array[]} pieces
 * @param {number} bytes
 */
function joined(pieces, bytes) {
  if (pieces.length === 1) return pieces[0];
  const whole = new Uint8Array(bytes);
  let end = 0;
  for (const piece of pieces) {
    whole.set(piece, end);
    end += piece.byteLength;
  }
  return whole;
}
