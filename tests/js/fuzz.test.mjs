// @ts-check
/**
 * Random answers, read by the module itself: each call ends with a response or an error of the
 * documented kind, and none harms the next call. `FUZZ_CASES` and `FUZZ_SEED` widen or repeat a run.
 */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { AgentAPI, AgentApiError } from "neuron-agent-api";
import { fetchDouble } from "../support/fetch-double.mjs";
import { beginSessionAt } from "../support/stores.mjs";

const CASES = Number(process.env.FUZZ_CASES ?? 30_000);
const SEED = Number(process.env.FUZZ_SEED ?? 20_261_123);

/** Mulberry32. */
let state = SEED;
function random(/** @type {number} */ sides) {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), state | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return ((mixed ^ (mixed >>> 14)) >>> 0) % sides;
}

const NAMES = [
  "jid",
  "type",
  "received",
  "Stanza",
  "__name",
  "__ns",
  "__proto__",
  "constructor",
  "value",
  "toString",
  "0",
  "",
];
const STRINGS = ["", "a", "<a/>", "<a>", "2023-11-14T22:13:20Z", "1700000000", "\ud800", "å😀", "\u0000"];
const SCALARS = [null, true, false, 0, -1, 1.5, 1e300, 2 ** 53, ...STRINGS];

/**
 * @param {number} depth
 * @returns {string}
 */
function value(depth) {
  const kind = random(depth > 0 ? 8 : 6);
  if (kind < 6) return JSON.stringify(SCALARS[random(SCALARS.length)]);
  const items = Array.from({ length: random(4) }, () => value(depth - 1));
  if (kind === 6) return `[${items.join()}]`;
  return `{${items.map((item) => `${JSON.stringify(NAMES[random(NAMES.length)])}:${item}`).join()}}`;
}

function answer() {
  const text = random(3) > 0 ? `{"jid":"a@b","type":"","received":0,"Stanza":${value(6)}}` : value(6);
  // Some are cut, and some are nested deeper than a stack is.
  if (random(10) === 0) return text.slice(0, random(text.length));
  return random(500) === 0 ? "[".repeat(5000) + "]".repeat(5000) : text;
}

const real = globalThis.fetch;
let body = "";
before(() => {
  beginSessionAt("neuron.example");
  const text = async () => body;
  globalThis.fetch = fetchDouble(async () => ({ status: 200, statusText: "", headers: new Headers(), text }));
});
after(() => {
  globalThis.fetch = real;
});

test(`${CASES} answers from seed ${SEED}`, async () => {
  const seen = { responses: 0, errors: 0 };
  for (let count = 0; count < CASES; count += 1) {
    body = answer();
    try {
      const response = await AgentAPI.Xmpp.PresenceProbe("bob@example.org");
      assert.equal(Object.getPrototypeOf(response.Stanza), Object.prototype, body);
      assert.match(response.received, /Z$/, body);
      seen.responses += 1;
    } catch (error) {
      assert.ok(AgentApiError.is(error) && error.code === "bad-response", `${error}\n${body}`);
      seen.errors += 1;
    }
  }
  assert.ok(seen.responses > CASES / 20 && seen.errors > CASES / 20, JSON.stringify(seen));
});
