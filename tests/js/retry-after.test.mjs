// @ts-check
/** The backoff that a broker asks for, in a header or a sentence. Dates are in doubles.test.mjs. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { retryAfterMs } from "../../src/loader/retry-after.js";

const AUDITOR = "Too many failed login attempts in a row registered. Try again in";

for (const [header, sentence, ms] of /** @type {[string, string, number | undefined][]} */ ([
  ["3", "", 3_000],
  [" 300 ", "Try again in 2 days.", 300_000],
  ["no date", "", undefined],
  ["no date", "Try again in 2 days.", 172_800_000],
  ["-1", "", undefined],
  ["+3", "", undefined],
  ["1.5", "", undefined],
  ["0x1", "", undefined],
  ["\t3\t", "", 3_000],
  ["0", "Try again in 2 days.", 0],
  ["003", "", 3_000],
  ["3, 3", "", 3_000],
  ["3,120 , 7", "", 120_000],
  ["3, soon", "", 3_000],
  ["", "", undefined],
  ["", `${AUDITOR} 1 second. Remote`, 1_000],
  ["", `${AUDITOR} 5 minutes. Remote`, 300_000],
  ["", `${AUDITOR} 2 hours.`, 7_200_000],
  ["", `${AUDITOR} 1 day.`, 86_400_000],
  ["", `${AUDITOR} a while.`, undefined],
  ["", `${AUDITOR} 5 fortnights.`, undefined],
  ["", `${AUDITOR} 5`, undefined],
])) {
  test(`Retry-After: ${JSON.stringify(header)} and "${sentence}" are ${ms}`, () => {
    assert.equal(retryAfterMs(header, "", sentence), ms);
  });
}
