// @ts-check
/** Copies the text of an element. */

/**
 * @param {HTMLElement} source
 * @returns {Promise<boolean>} false when the browser forbids it; then the text is selected, so that
 *   the keys for copying will do it
 */
export async function copyTextOf(source) {
  try {
    await navigator.clipboard.writeText(source.textContent ?? "");
    return true;
  } catch {
    // A page of another computer without TLS has no clipboard, and a person may refuse it.
    getSelection()?.selectAllChildren(source);
    return document.execCommand("copy");
  }
}
