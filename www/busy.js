// @ts-check
/** Prevents a form from being submitted twice at a time. */

/**
 * Calls `work` when the form is submitted, and shows on its button that it is busy. The button is not
 * disabled meanwhile, because a disabled one would lose the keyboard focus.
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

  /** @param {boolean} underWay */
  function show(underWay) {
    busy = underWay;
    button.setAttribute("aria-busy", String(underWay));
    button.setAttribute("aria-disabled", String(underWay));
  }
}
