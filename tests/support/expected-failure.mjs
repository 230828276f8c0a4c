// @ts-check
/**
 * Tests of known defects. Such a test passes while its body fails, and fails when its body passes,
 * so that a fix is noticed: then it becomes an ordinary test.
 */

import assert from "node:assert/strict";
import { test } from "node:test";

/** A body that hangs is a body that fails. */
const DEADLINE_MS = 10_000;

/**
 * @param {string} right what the body will show once it is right
 * @param {(context: import("node:test").TestContext) => Promise<void>} body fails by an assertion or by
 *   hanging; by any other error it is broken, and the test fails
 * @param {{ deadlineMs?: number }} [options]
 */
export function expectedFailure(right, body, { deadlineMs = DEADLINE_MS } = {}) {
  test(`not yet: ${right}`, async (context) => {
    const failure = await failureOf(() => body(context), deadlineMs);
    assert.ok(failure, `it begins to pass, make it an ordinary test: ${right}`);
    if (!(failure instanceof assert.AssertionError)) throw failure;
    context.diagnostic(failure.message.split("\n")[0]);
  });
}

/**
 * @param {() => Promise<void>} body
 * @param {number} deadlineMs
 * @returns {Promise<Error | undefined>} nothing, if it passes
 */
export async function failureOf(body, deadlineMs) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const late = new Promise((resolve) => {
    const message = `it did not end within ${deadlineMs} ms`;
    timer = setTimeout(() => resolve(new assert.AssertionError({ message })), deadlineMs);
  });
  const outcome = body().then(
    () => undefined,
    (error) => error,
  );
  return Promise.race([outcome, late]).finally(() => clearTimeout(timer));
}
