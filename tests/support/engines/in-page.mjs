// @ts-check
/** What runs in the page: each function is sent there as its text, so it knows nothing of the others. */

/**
 * How an element is found: each step goes on from what the one before has found.
 *
 * @typedef {{ text: string, exact: boolean } | { pattern: string, flags: string }} TextMatch
 * @typedef {{ by: "css", selector: string }
 *   | { by: "role", role: string, name?: TextMatch }
 *   | { by: "label" | "text" | "hasText", match: TextMatch }
 *   | { by: "nth", index: number }
 *   | { by: "and", steps: Step[] }} Step
 */

/**
 * @param {Step[]} steps
 * @returns {Element[]}
 */
export function findAll(steps) {
  const { queryAllByLabelText, queryAllByRole, queryAllByText } =
    /** @type {any} */ (globalThis).TestingLibraryDom;

  /** @param {TextMatch} match */
  const matcher = (match) => (/** @type {string | null} */ content) => {
    if ("pattern" in match) return new RegExp(match.pattern, match.flags).test(content ?? "");
    const [text, wanted] = [content ?? "", match.text].map((one) => one.replace(/\s+/g, " ").trim());
    return match.exact ? text === wanted : text.toLowerCase().includes(wanted.toLowerCase());
  };

  /**
   * @param {Element[]} places
   * @param {any} step
   * @returns {Element[]}
   */
  const take = (places, step) => {
    const within = (/** @type {(place: Element) => Iterable<Element>} */ query) => [
      ...new Set(places.flatMap((place) => [...query(place)])),
    ];
    switch (step.by) {
      case "css":
        return within((place) => place.querySelectorAll(step.selector));
      case "role":
        return within((place) =>
          queryAllByRole(place, step.role, step.name && { name: matcher(step.name) }),
        );
      case "label":
        return within((place) => queryAllByLabelText(place, matcher(step.match)));
      case "text":
        return within((place) => queryAllByText(place, matcher(step.match)));
      case "hasText":
        return places.filter(({ textContent }) => matcher(step.match)(textContent));
      case "nth":
        return places.slice(step.index, step.index + 1);
      default: {
        const others = follow(step.steps);
        return places.filter((place) => others.includes(place));
      }
    }
  };
  const follow = (/** @type {Step[]} */ all) => all.reduce(take, [document.documentElement]);
  return follow(steps);
}

/** @param {Element} element */
export function isSeen(element) {
  const { width, height } = element.getBoundingClientRect();
  return width > 0 && height > 0 && element.checkVisibility({ visibilityProperty: true });
}

/**
 * The point at which a person would press the element, once it can be pressed. Whether it was, is
 * `wasPressed` afterwards.
 *
 * @param {Element} element
 * @param {boolean} force also where the element says that it can't be pressed
 * @returns {{ x: number, y: number } | string} else why it can't
 */
export function pressingPoint(element, force) {
  element.scrollIntoView({ block: "nearest", inline: "nearest", behavior: "instant" });
  const { left, top, width, height } = element.getBoundingClientRect();
  const point = { x: Math.floor(left + width / 2), y: Math.floor(top + height / 2) };
  const listen = { once: true, capture: true };
  Reflect.set(globalThis, "wasPressed", false);
  element.addEventListener("click", () => Reflect.set(globalThis, "wasPressed", true), listen);
  if (force) return point;
  if (element.matches(":disabled, [aria-disabled=true]")) return "it is disabled";
  const hit = document.elementFromPoint(point.x, point.y);
  return element.contains(hit) ? point : `${hit?.outerHTML.slice(0, 80)} is in front of it`;
}
