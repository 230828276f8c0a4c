// @ts-check
/** A call as code, in the form that is chosen, to be copied. */

import { copyTextOf } from "./clipboard.js";
import { colouredNodes, programOf } from "./code.js";
import { copied } from "./texts.js";

/**
 * @param {HTMLElement} panel with a `select`, a button, a `pre` and a place for news
 * @param {HTMLFormElement} form whose call it is
 * @param {() => import("./code.js").Call} currentCall
 * @returns {() => void} shows the code anew
 */
export function showCodePanel(panel, form, currentCall) {
  const kind = /** @type {HTMLSelectElement} */ (panel.querySelector("select"));
  const code = /** @type {HTMLElement} */ (panel.querySelector("pre"));
  const news = /** @type {HTMLElement} */ (panel.querySelector("[role=status]"));

  function show() {
    const chosen = /** @type {import("./code.js").Form} */ (kind.value);
    code.replaceChildren(...colouredNodes(programOf(chosen, currentCall())));
    news.textContent = "";
  }

  form.addEventListener("input", show);
  kind.addEventListener("change", show);
  panel.querySelector("button")?.addEventListener("click", async () => {
    news.textContent = (await copyTextOf(code)) ? copied.yes : copied.no;
  });
  show();
  return show;
}
