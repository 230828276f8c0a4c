// @ts-check
/** The subscription between two people: a line for each direction, and on it a dot that moves with a request. */

import { element } from "../dom.js";
import { people as texts } from "../texts.js";
import { nameOf } from "./subscription-state.js";

/** @typedef {import("./subscription-state.js").SubscriptionState} SubscriptionState */

const SVG = "http://www.w3.org/2000/svg";

/** @typedef {{ name: string, state: SubscriptionState | null }} Side `null` if nobody is logged in */

export function createDiagram() {
  const nodes = [node(), node()];
  const lanes = [lane("forward"), lane("back")];
  const news = element("p", { class: "hidden", role: "status" });
  const root = element(
    "section",
    { class: "diagram", "aria-labelledby": "diagram-heading" },
    element("h2", { id: "diagram-heading" }, texts.subscription),
    nodes[0].root,
    element("div", { class: "lanes" }, ...lanes.map(({ root }) => root)),
    nodes[1].root,
    news,
  );

  /** @param {[Side, Side]} sides */
  function show([one, other]) {
    nodes[0].show(one);
    nodes[1].show(other);
    lanes[0].show(one, other);
    lanes[1].show(other, one);
    const sentence = [one, other].map(sentenceOf).filter(Boolean).join(" ");
    if (news.textContent !== sentence) news.textContent = sentence;
  }
  return { root, show };
}

/** @param {Side} side */
const sentenceOf = ({ name, state }) => (state ? texts.stateSentence(name, nameOf(state)) : "");

function node() {
  const name = element("strong", {});
  const state = element("span", { class: "state" });
  return {
    root: element("div", { class: "node" }, name, state),
    /** @param {Side} side */
    show(side) {
      name.textContent = side.name;
      state.textContent = side.state ? nameOf(side.state) : texts.absent;
    },
  };
}

/** @param {"forward" | "back"} direction */
function lane(direction) {
  const label = element("span", {});
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(SVG, "line");
  for (const [name, value] of Object.entries({ x1: "0", x2: "100%", y1: "50%", y2: "50%" })) {
    line.setAttribute(name, value);
  }
  const dot = document.createElementNS(SVG, "circle");
  dot.setAttribute("cy", "50%");
  dot.setAttribute("r", "6");
  svg.append(line, dot);
  const root = element("div", { class: `lane ${direction}`, "data-stage": "none" }, label, svg);
  return {
    root,
    /**
     * @param {Side} asker
     * @param {Side} contact
     */
    show(asker, contact) {
      const stage = asker.state?.out ?? contact.state?.in ?? "none";
      root.dataset.stage = stage;
      label.textContent = texts.stages[stage](asker.name, contact.name);
    },
  };
}
