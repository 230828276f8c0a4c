// The hand-written types promise what Rust exports: the same groups, methods, parameters and results.

import type { AgentAPI } from "neuron-agent-api";
import type { AgentAPI as Generated } from "../../pkg/generated.js";

type Signatures<Groups> = {
  -readonly [Group in keyof Groups]: {
    -readonly [Method in keyof Groups[Group]]: Groups[Group][Method] extends (
      ...parameters: infer Parameters
    ) => infer Result
      ? [parameters: Parameters, result: Result]
      : never;
  };
};

type Same<One, Other> =
  (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? true : false;

export const same: Same<Signatures<typeof AgentAPI>, Signatures<typeof Generated>> = true;
