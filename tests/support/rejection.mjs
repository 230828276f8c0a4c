import assert from "node:assert/strict";
import { AgentApiError } from "neuron-agent-api";

/** The error of a promise that must reject with an `AgentApiError`. */
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
