// @ts-check
/** The faults that requests meet, in the words of the broker's `--fault`. */

/** @typedef {import("./index.d.ts").Fault} Fault */
/** @typedef {import("./index.d.ts").FaultRule} FaultRule */
/** @typedef {import("./index.d.ts").FaultFunction} FaultFunction */
/** @typedef {import("./index.d.ts").FaultName} FaultName */
/** @typedef {import("./index.d.ts").ReceivedRequest} ReceivedRequest */

/** @type {readonly string[]} */
const NAMES = ["reset", "lost", "hang", "truncate", "html", "empty", "wrong", "big", "slow"];

const OF_FAULT = ["fault", "status", "retryAfter", "delayMs"];
const OF_RULE = [...OF_FAULT, "resource", "times"];

/** Rules that are looked at in their order. */
export class Faults {
  /** @type {{ rule: FaultRule | FaultFunction, left: number }[]} */
  #rules = [];

  /** @param {(FaultName | FaultRule | FaultFunction)[]} rules */
  add(...rules) {
    const checked = rules.map((rule) => {
      if (typeof rule === "function") return { rule, left: Infinity };
      const whole = typeof rule === "string" ? { fault: rule } : rule;
      check(whole, OF_RULE, "faults.add");
      return { rule: { ...whole }, left: whole.times ?? 1 };
    });
    this.#rules.push(...checked);
  }

  clear() {
    this.#rules = [];
  }

  /** How many rules have not been used up; functions never are. */
  get pending() {
    return this.#rules.length;
  }

  /**
   * The fault that a request meets.
   *
   * @param {ReceivedRequest} request
   * @returns {Fault | undefined}
   */
  take(request) {
    for (const entry of this.#rules) {
      const fault = faultOf(entry.rule, request);
      if (!fault) continue;
      entry.left -= 1;
      if (entry.left <= 0) this.#rules = this.#rules.filter((other) => other !== entry);
      return fault;
    }
    return undefined;
  }
}

/**
 * @param {FaultRule | FaultFunction} rule
 * @param {ReceivedRequest} request
 * @returns {Fault | undefined | null}
 */
function faultOf(rule, request) {
  if (typeof rule !== "function") return isFor(rule.resource, request.resource) ? rule : undefined;
  const given = rule(request);
  const fault = typeof given === "string" ? { fault: given } : given;
  if (fault) check(fault, OF_FAULT, "the fault that the function returned");
  return fault;
}

/**
 * @param {string | undefined} wanted
 * @param {string | undefined} resource
 */
const isFor = (wanted, resource) => !wanted || resource === wanted || resource?.startsWith(`${wanted}/`);

/**
 * @param {any} fault
 * @param {string[]} known
 * @param {string} where
 */
function check(fault, known, where) {
  const fail = (/** @type {string} */ sentence) => {
    throw new TypeError(`${where}: ${sentence}`);
  };
  if (typeof fault !== "object" || fault === null)
    fail(`a fault is one of ${NAMES.join(", ")}, or an object.`);
  const { fault: name, status, retryAfter, delayMs, resource, times } = fault;
  const unknown = Object.keys(fault).find((key) => !known.includes(key));
  if (unknown) fail(`unknown property ${unknown}; expected ${known.join(", ")}.`);
  if (name === undefined && status === undefined && delayMs === undefined) {
    fail("a fault has a name (fault), a status or a delay (delayMs).");
  }
  if (name !== undefined && !NAMES.includes(name)) {
    fail(`unknown fault ${JSON.stringify(name)}; expected ${NAMES.join(", ")}.`);
  }
  if (name !== undefined && status !== undefined) fail("a fault has a name or a status, not both.");
  if (status !== undefined && !isWhole(status, 400, 599))
    fail("status must be a whole number from 400 to 599.");
  if (retryAfter !== undefined && status === undefined) fail("retryAfter needs a status.");
  if (retryAfter !== undefined && typeof retryAfter !== "string" && !isWhole(retryAfter, 0, Infinity)) {
    fail("retryAfter must be a number of seconds, or a text.");
  }
  if (delayMs !== undefined && !(typeof delayMs === "number" && delayMs >= 0)) {
    fail("delayMs must be a number of milliseconds.");
  }
  if (resource !== undefined && !(typeof resource === "string" && /^\w+\/\w/.test(resource))) {
    fail('resource must be a path below "/Agent/", such as "Xmpp/GetRoster".');
  }
  if (times !== undefined && times !== Infinity && !isWhole(times, 1, Infinity)) {
    fail("times must be a whole number from 1.");
  }
}

/**
 * @param {unknown} number
 * @param {number} least
 * @param {number} most
 */
const isWhole = (number, least, most) =>
  Number.isInteger(number) && Number(number) >= least && Number(number) <= most;
