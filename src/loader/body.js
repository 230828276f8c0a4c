// @ts-check
/** Reads the body of a response, as far as it is wanted. */

/**
 * @param {Response} response or something that does as one
 * @param {number} most bytes
 * @returns {Promise<string | undefined>} nothing, where there is more
 */
export async function readBody(response, most) {
  // By its name, for it may be another frame's or a test's.
  const reader = globalThis.TextDecoder && response.body?.getReader?.();
  if (!reader) {
    const text = await response.text();
    return text.length > most ? undefined : text;
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
