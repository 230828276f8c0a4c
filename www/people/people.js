// @ts-check
/** The view of two people: one beside the other, and the subscription between them. */

import { byId, element } from "../dom.js";
import { DEMO_ACCOUNTS, isDemoBroker } from "../session.js";
import { createDiagram } from "./diagram.js";
import { createPerson } from "./person.js";

let isShown = false;

/** @type {ReturnType<typeof createPerson>[] | undefined} */
let people;

export function show() {
  isShown = true;
  people ??= create();
  for (const person of people) person.showBroker();
  listen();
}

/** The messages of those who can't be seen wait in their queues. */
export function hide() {
  isShown = false;
  listen();
}

function listen() {
  for (const person of people ?? []) person.setListening(isShown && !document.hidden);
}

function create() {
  const diagram = createDiagram();
  document.addEventListener("visibilitychange", listen);
  /** @type {ReturnType<typeof createPerson>[]} */
  const created = [];
  const update = () => {
    const [one, other] = created;
    one.setOther(other.jid());
    other.setOther(one.jid());
    diagram.show([one.side(other.jid()), other.side(one.jid())]);
  };
  // Nowhere else do these accounts exist.
  const isDemo = isDemoBroker();
  for (const [name, password] of Object.entries(DEMO_ACCOUNTS)) {
    created.push(createPerson({ name, password: isDemo ? password : "", onChange: update }));
  }
  byId("people").append(
    element("div", { class: "people" }, diagram.root, ...created.map(({ root }) => root)),
  );
  update();
  return created;
}
