// @ts-check
/** Copies the text of an element. */

/**
 * @param {HTMLElement} source
 * @returns {Promise<boolean>} `false` if the browser forbids it; then the text is selected, ready for the
 *   user to copy it
 */
export async function copyTextOf(source) {
  try {
    await navigator.clipboard.writeText(source.textContent ?? "");
    return true;
  } catch {
    // A page of another computer without TLS has no clipboard, and the user may deny access.
    getSelection()?.selectAllChildren(source);
    return document.execCommand("copy");
  }
}
