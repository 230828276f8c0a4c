// @ts-check
/** How calls fail, and values that no caller should pass. */

import assert from "node:assert/strict";
import { AgentApiError } from "neuron-agent-api";

/**
 * The error of a promise that must reject with an `AgentApiError`.
 *
 * @param {Promise<unknown>} promise
 */
export async function rejection(promise) {
  assert.ok(promise instanceof Promise, "a failure is a rejected promise, never a thrown error");
  const error = await promise.then(
    (value) => assert.fail(`resolved with ${JSON.stringify(value)}`),
    (reason) => reason,
  );
  assert.ok(AgentApiError.is(error), `not an AgentApiError: ${error}`);
  assert.ok(error instanceof Error);
  return error;
}

/**
 * The error of a function that must throw an `AgentApiError`.
 *
 * @param {() => unknown} action
 */
export function thrown(action) {
  try {
    action();
  } catch (error) {
    assert.ok(AgentApiError.is(error), `not an AgentApiError: ${error}`);
    return error;
  }
  return assert.fail("nothing was thrown");
}

/**
 * A value that breaks the types on purpose.
 *
 * @param {unknown} value
 * @returns {any}
 */
export const wrong = (value) => value;
