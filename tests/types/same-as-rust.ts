// The hand-written types promise what Rust exports: the same groups, methods, parameters and results.
// Rust takes the parameters of a method as one array.

import type { AgentAPI } from "neuron-agent-api";
import type { AgentAPI as Generated } from "../../pkg/generated.js";

type Signature<Parameters, Result> = [parameters: Parameters, result: Result];

type Promised<Groups> = {
  -readonly [Group in keyof Groups]: {
    -readonly [Method in keyof Groups[Group]]: Groups[Group][Method] extends (
      ...parameters: infer Parameters
    ) => infer Result
      ? Signature<Parameters, Result>
      : never;
  };
};

type Exported<Groups> = {
  -readonly [Group in keyof Groups]: {
    -readonly [Method in keyof Groups[Group]]: Groups[Group][Method] extends () => infer Result
      ? Signature<[], Result>
      : Groups[Group][Method] extends (parameters: infer Parameters) => infer Result
        ? Signature<Parameters, Result>
        : never;
  };
};

type Same<One, Other> =
  (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? true : false;

export const same: Same<Promised<typeof AgentAPI>, Exported<typeof Generated>> = true;
