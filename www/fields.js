// @ts-check
/** The errors beside the fields. Each field has the name of the parameter that it fills. */

/**
 * Shows the sentence beside the field of that parameter, and moves the focus there.
 *
 * @param {HTMLFormElement} form
 * @param {string} parameter
 * @param {string} sentence
 * @returns {boolean} whether the form has such a field
 */
export function showFieldError(form, parameter, sentence) {
  const field = form.elements.namedItem(parameter);
  if (!(field instanceof HTMLElement)) return false;
  field.setAttribute("aria-invalid", "true");
  errorOf(field).textContent = sentence;
  // A field within closed details can't take the focus.
  field.closest("details")?.setAttribute("open", "");
  field.focus();
  return true;
}

/** @param {HTMLFormElement} form */
export function clearFieldErrors(form) {
  form.querySelectorAll("[aria-invalid]").forEach(clearFieldError);
}

/**
 * Removes the error of a field when the user changes it: the error may no longer be true.
 *
 * @param {HTMLFormElement} form
 */
export function clearFieldErrorsOnInput(form) {
  form.addEventListener("input", ({ target }) => {
    if (target instanceof Element && target.hasAttribute("aria-invalid")) clearFieldError(target);
  });
}

/** @param {Element} field */
function clearFieldError(field) {
  field.removeAttribute("aria-invalid");
  errorOf(field).textContent = "";
}

/** @param {Element} field */
function errorOf(field) {
  return /** @type {HTMLElement} */ (document.getElementById(`${field.id}-error`));
}
