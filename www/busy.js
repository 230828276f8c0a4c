// @ts-check
/** One submission at a time. */

/**
 * Does `work` when the form is submitted, and marks its button as busy meanwhile. The button is not
 * disabled, because a disabled one would lose the keyboard's focus.
 *
 * @param {HTMLFormElement} form
 * @param {() => Promise<void>} work
 */
export function onSubmit(form, work) {
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("button"));
  let busy = false;

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (busy) return;
    show(true);
    try {
      await work();
    } finally {
      show(false);
    }
  });

  /** @param {boolean} isBusy */
  function show(isBusy) {
    busy = isBusy;
    button.setAttribute("aria-busy", String(isBusy));
    button.setAttribute("aria-disabled", String(isBusy));
  }
}
