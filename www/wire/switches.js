// @ts-check
/** Switches for all clients: the encoding, the time-outs, and faults of the network. */

import { setForAll } from "../clients.js";
import { element } from "../dom.js";
import { FAULTS, faults } from "../faults.js";
import { switches as texts } from "../texts.js";

/** The library's own (docs/retries.md). */
const DEFAULTS = { attemptMs: 10_000, totalMs: 30_000 };

/** Which requests meet the fault. */
const SHARES = { next: /** @type {const} */ ("next"), some: 0.3, all: 1 };

/** @param {HTMLElement} place */
export function show(place) {
  const news = element("p", { class: "hint", role: "status" });
  const encoding = choice("encoding", texts.encoding, { json: "JSON", xml: "XML" });
  const attemptMs = number("attempt-ms", texts.attemptMs, DEFAULTS.attemptMs);
  const totalMs = number("total-ms", texts.totalMs, DEFAULTS.totalMs);
  const fault = choice("fault", texts.fault, texts.faults);
  const share = choice("share", texts.share, texts.shares);
  const latency = number("latency", texts.latency, 0);

  encoding.control.addEventListener("change", () => {
    const value = /** @type {"json" | "xml"} */ (encoding.control.value);
    setForAll(({ IO }) => IO.SetEncoding(value));
    news.textContent = texts.encodingSet(value);
  });
  for (const [name, { control }] of Object.entries({ attemptMs, totalMs })) {
    control.addEventListener("change", () => {
      const milliseconds = Number(control.value);
      try {
        setForAll(({ IO }) => IO.SetTimeout({ [name]: milliseconds }));
        control.removeAttribute("aria-invalid");
        news.textContent = texts.timeoutSet(milliseconds);
      } catch (error) {
        control.setAttribute("aria-invalid", "true");
        news.textContent = /** @type {Error} */ (error).message;
      }
    });
  }
  const setFaults = () => {
    faults.kind = FAULTS.find((kind) => kind === fault.control.value) ?? "none";
    faults.share = SHARES[/** @type {keyof typeof SHARES} */ (share.control.value)];
    faults.latencyMs = Math.max(0, Number(latency.control.value) || 0);
    news.textContent = texts.faultSet(texts.faults[faults.kind]);
  };
  for (const { control } of [fault, share, latency]) control.addEventListener("change", setFaults);
  faults.onSpent = () => {
    fault.control.value = "none";
    news.textContent = texts.faultSpent;
  };

  place.append(
    element(
      "div",
      { class: "switches" },
      ...[encoding, attemptMs, totalMs, fault, share, latency].map(({ field }) => field),
    ),
    element("p", { class: "hint" }, texts.hint),
    news,
  );
}

/**
 * @param {string} id
 * @param {string} label
 * @param {Record<string, string>} options
 */
function choice(id, label, options) {
  const control = element(
    "select",
    { id },
    ...Object.entries(options).map(([value, text]) => element("option", { value }, text)),
  );
  return labelled(id, label, control);
}

/**
 * @param {string} id
 * @param {string} label
 * @param {number} value
 */
const number = (id, label, value) =>
  labelled(
    id,
    label,
    element("input", { id, value: String(value), inputmode: "numeric", autocomplete: "off" }),
  );

/**
 * @param {string} id
 * @param {string} label
 * @param {HTMLElement} control
 */
function labelled(id, label, control) {
  return {
    control: /** @type {HTMLInputElement} */ (control),
    field: element("div", { class: "field" }, element("label", { for: id }, label), control),
  };
}
