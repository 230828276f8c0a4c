// @ts-check
/** The part of Playwright's `Locator` that the tests use, for engines that Playwright can't drive. */

import { findAll, isSeen, pressingPoint } from "./in-page.mjs";

/** @typedef {import("./in-page.mjs").Step} Step */

/** Between two looks at a page, so that looking does not keep it from working. */
const LOOK_EVERY_MS = 20;

/** What comes into a field by pasting alone: control characters have no key, and long texts no patience. */
const NOT_TYPED = /[^\P{Cc}\n]|.{200}/u;

/** An editing command, whose events are those of pasting. @param {string} text */
const insert = (text) => document.execCommand("insertText", false, text);

/**
 * @param {string | RegExp} text
 * @param {boolean} [exact]
 * @returns {import("./in-page.mjs").TextMatch}
 */
function match(text, exact = false) {
  return typeof text === "string" ? { text, exact } : { pattern: text.source, flags: text.flags };
}

export class Locator {
  #page;
  #steps;

  /**
   * @param {import("./page.mjs").Page} page
   * @param {Step[]} [steps]
   */
  constructor(page, steps = []) {
    this.#page = page;
    this.#steps = steps;
  }

  /** @param {Step} step */
  #then(step) {
    return new Locator(this.#page, [...this.#steps, step]);
  }

  /**
   * @param {string} selector
   * @param {{ hasText?: string | RegExp }} [options]
   */
  locator(selector, options = {}) {
    return this.#then({ by: "css", selector }).filter(options);
  }

  /**
   * @param {string} role
   * @param {{ name?: string | RegExp, exact?: boolean }} [options]
   */
  getByRole(role, { name, exact } = {}) {
    return this.#then({ by: "role", role, name: name === undefined ? undefined : match(name, exact) });
  }

  /**
   * @param {string} text
   * @param {{ exact?: boolean }} [options]
   */
  getByLabel(text, { exact } = {}) {
    return this.#then({ by: "label", match: match(text, exact) });
  }

  /**
   * @param {string} text
   * @param {{ exact?: boolean }} [options]
   */
  getByText(text, { exact } = {}) {
    return this.#then({ by: "text", match: match(text, exact) });
  }

  /** @param {{ hasText?: string | RegExp }} options */
  filter({ hasText }) {
    return hasText === undefined ? this : this.#then({ by: "hasText", match: match(hasText) });
  }

  /** @param {Locator} other */
  and(other) {
    return this.#then({ by: "and", steps: other.#steps });
  }

  /** @param {number} index */
  nth(index) {
    return this.#then({ by: "nth", index });
  }

  first() {
    return this.nth(0);
  }

  async all() {
    return Array.from({ length: await this.count() }, (_, index) => this.nth(index));
  }

  count() {
    return this.evaluateAll((elements) => elements.length);
  }

  /**
   * @template T, A
   * @param {(elements: any[], arg: A) => T} look
   * @param {A} [arg]
   * @returns {Promise<Awaited<T>>}
   */
  evaluateAll(look, arg) {
    return this.#page.look(
      `async ({ steps, arg }) => (${look})((${findAll})(steps), arg)`,
      { steps: this.#steps, arg },
    );
  }

  /**
   * Waits for the one element.
   *
   * @template T, A
   * @param {(element: any, arg: A) => T} look
   * @param {A} [arg]
   * @returns {Promise<Awaited<T>>}
   */
  evaluate(look, arg) {
    return this.#once("there", () => true, look, arg);
  }

  allTextContents() {
    return this.evaluateAll((elements) => elements.map(({ textContent }) => textContent));
  }

  textContent() {
    return this.evaluate((element) => element.textContent);
  }

  /** @param {string} name */
  getAttribute(name) {
    return this.evaluate((element, name) => element.getAttribute(name), name);
  }

  inputValue() {
    return this.evaluate((element) => element.value);
  }

  isChecked() {
    return this.evaluate((element) => element.checked);
  }

  async isVisible() {
    const seen = await this.#page.look(
      `({ steps }) => (${findAll})(steps).map(${isSeen})`,
      { steps: this.#steps },
    );
    return seen.length === 1 && seen[0];
  }

  waitFor() {
    return this.#once("seen", isSeen, () => {});
  }

  /** @param {{ force?: boolean }} [options] */
  async click({ force = false } = {}) {
    await this.waitFor();
    await this.#page.until(`pressed: ${JSON.stringify(this.#steps)}`, LOOK_EVERY_MS, async () => {
      const point = await this.evaluate(pressingPoint, force);
      if (typeof point === "string") throw new Error(point);
      await this.#page.driver.click(point);
      // A page that still scrolls moves away from under the pointer.
      if (!(await this.#page.evaluate(() => Reflect.get(globalThis, "wasPressed")))) {
        throw new Error("something else was pressed");
      }
    });
  }

  async uncheck() {
    if (await this.isChecked()) await this.click();
  }

  /** @param {string} text takes the place of what is there */
  async fill(text) {
    await this.waitFor();
    await this.evaluate((element) => {
      element.focus();
      element.select();
    });
    if (!text) await this.#page.driver.press("Delete");
    else if (NOT_TYPED.test(text)) await this.#page.evaluate(insert, text);
    else await this.#page.driver.type(text);
  }

  /** @param {string} key */
  async press(key) {
    await this.waitFor();
    await this.evaluate((element) => element.focus());
    await this.#page.driver.press(key);
  }

  /**
   * Waits until there is one element and it is as it should be, and looks at it in the same moment.
   *
   * @param {string} state
   * @param {(element: any) => boolean} isReady
   * @param {Function} look
   * @param {unknown} [arg]
   */
  async #once(state, isReady, look, arg) {
    const source = `async ({ steps, arg }) => {
      const elements = (${findAll})(steps);
      if (elements.length !== 1 || !(${isReady})(elements[0])) return { count: elements.length };
      return { isReady: true, value: await (${look})(elements[0], arg) };
    }`;
    return this.#page.until(`${state}: ${JSON.stringify(this.#steps)}`, LOOK_EVERY_MS, async () => {
      const { isReady, value, count } = await this.#page.look(source, { steps: this.#steps, arg });
      if (!isReady) throw new Error(`of them there are ${count}`);
      return value;
    });
  }
}
