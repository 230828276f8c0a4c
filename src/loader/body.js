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
    const text = await response.text();
    return text.length > most ? undefined : text;
  }
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.byteLength;
    if (bytes > most) {
      // What comes yet is nobody's business; whether it could be stopped is not, either.
      reader.cancel().catch(() => {});
      return undefined;
    }
    text += decoder.decode(value, { stream: true });
  }
}
