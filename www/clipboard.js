// @ts-check
/** Copies the text of an element. */

/**
 * @param {HTMLElement} source
 * @returns {Promise<boolean>} false if the browser forbids it; the text is selected then, so that the
 *   keyboard can copy it
 */
export async function copyTextOf(source) {
  try {
    await navigator.clipboard.writeText(source.textContent ?? "");
    return true;
  } catch {
    // A page of another computer without TLS has no clipboard, and the user may refuse it.
    getSelection()?.selectAllChildren(source);
    return document.execCommand("copy");
  }
}
