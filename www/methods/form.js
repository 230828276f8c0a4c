// @ts-check
/** The form of one method, what the method returned, and the call as code. */

import { AgentAPI } from "../../pkg/index.js";
import { onSubmit } from "../busy.js";
import { copyTextOf } from "../clipboard.js";
import { showCodePanel } from "../code-panel.js";
import { element } from "../dom.js";
import { showFailure } from "../failure.js";
import { clearFieldErrors, clearFieldErrorsOnInput } from "../fields.js";
import { currentSession } from "../session.js";
import { copied, methods as texts, wire } from "../texts.js";
import { valueNodes } from "../value-view.js";
import { plainText } from "./declarations.js";
import { argumentOf, fieldOf } from "./fields.js";
import { linkOf } from "./link.js";

/** @typedef {import("./declarations.js").Method} Method */

/** @param {HTMLElement} place */
export function createForm(place) {
  const heading = element("h2", { id: "method-heading", tabindex: "-1" });
  const summary = element("p", { class: "hint" });
  const fields = element("div", { class: "fields" });
  const outcome = element("p", { id: "method-outcome", role: "status" });
  const failure = element("div", { id: "method-failure", class: "failure", role: "alert" });
  const value = element("pre", {
    id: "method-value",
    class: "code wrapped",
    tabindex: "0",
    role: "group",
    "aria-label": texts.value,
  });
  const form = /** @type {HTMLFormElement} */ (
    element("form", { id: "method-form", novalidate: "" }, fields, element("button", {}, texts.call))
  );
  const kind = /** @type {HTMLSelectElement} */ (
    element(
      "select",
      { id: "method-code-form" },
      ...Object.entries(texts.forms).map(([value, label]) => element("option", { value }, label)),
    )
  );
  const code = element("pre", { class: "code", tabindex: "0", role: "group", "aria-label": texts.code });
  const news = element("p", { class: "hint", role: "status" });
  const copyCode = element("button", { class: "quiet", type: "button" }, texts.copyCode);
  const copyLink = element("button", { class: "quiet", type: "button" }, texts.copyLink);
  /** What is copied when the link is, as the clipboard may only take what is selected. */
  const link = element("p", { class: "hint link" });

  const panel = element(
    "section",
    { "aria-labelledby": "method-code-heading" },
    element(
      "div",
      { class: "heading" },
      element("h2", { id: "method-code-heading" }, texts.sameCall),
      element("label", { class: "hidden", for: "method-code-form" }, texts.kind),
      kind,
      copyCode,
      copyLink,
    ),
    code,
    link,
    news,
  );
  place.append(
    element(
      "section",
      { "aria-labelledby": "method-heading" },
      heading,
      summary,
      form,
      outcome,
      failure,
      value,
    ),
    panel,
  );

  /** @type {Method} */
  let method;

  clearFieldErrorsOnInput(form);
  onSubmit(form, () => call(method));
  form.addEventListener("input", () => {
    history.replaceState(null, "", linkOf(method, form));
    showLink();
  });
  copyLink.addEventListener("click", async () => {
    news.textContent = (await copyTextOf(link)) ? copied.yes : copied.no;
  });

  /** @returns {import("../code.js").Call} */
  function currentCall() {
    const values = method.parameters.map((parameter) => argumentOf(form, parameter) ?? defaultOf(parameter));
    const { userName = texts.somebody } = currentSession() ?? {};
    return { method, values, userName, broker: AgentAPI.IO.GetBaseURL() };
  }

  /** Shown with the first method. */
  let showCode = () => {};

  function showLink() {
    link.textContent = new URL(linkOf(method, form), location.href).href;
  }

  /** @param {Method} called */
  async function call(called) {
    forgetOutcome();
    const start = performance.now();
    const elapsed = () => wire.milliseconds(performance.now() - start);
    try {
      const { group, name, parameters } = called;
      const send = Reflect.get(Reflect.get(AgentAPI, group), name);
      const response = await send(...parameters.map((parameter) => argumentOf(form, parameter)));
      if (method !== called) return;
      outcome.textContent = texts.answered(elapsed());
      value.replaceChildren(...valueNodes(plain(response)));
    } catch (error) {
      if (method !== called) return;
      outcome.textContent = texts.failed(elapsed());
      showFailure(error, form, failure);
    }
  }

  function forgetOutcome() {
    clearFieldErrors(form);
    outcome.textContent = "";
    failure.replaceChildren();
    value.replaceChildren();
  }

  return {
    /**
     * @param {Method} shown
     * @param {Map<string, string>} values by parameter, instead of the examples
     */
    show(shown, values) {
      const isFirst = method === undefined;
      const isAnother = !isFirst && method !== shown;
      method = shown;
      heading.textContent = `${shown.group}.${shown.name}`;
      summary.textContent = plainText(shown.text.join(" "));
      fields.replaceChildren(
        ...shown.parameters.map((parameter) => fieldOf(parameter, values.get(parameter.parameter))),
      );
      forgetOutcome();
      showLink();
      if (isFirst) {
        showCode = showCodePanel(panel, form, currentCall);
        AgentAPI.Account.OnSessionChange(showCode);
      }
      showCode();
      // The keyboard goes on from the form of the method that was chosen.
      if (isAnother) heading.focus();
    },
  };
}

/**
 * A secret or a file that is required, and not given yet, is in the code nevertheless: as what is read where the
 * code runs.
 *
 * @param {import("./declarations.js").Parameter} parameter
 */
const defaultOf = ({ required, isSecret, kind }) =>
  required && (isSecret || kind.is === "content") ? "" : null;

/**
 * A response that can be shown: bytes as how many they are.
 *
 * @param {Record<string, unknown>} response
 */
function plain(response) {
  const properties = Object.entries(response).map(([name, value]) => {
    return [name, value instanceof Uint8Array ? texts.bytes(value.length) : value];
  });
  return Object.fromEntries(properties);
}
