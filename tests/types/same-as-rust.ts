// The types that are written by hand promise what Rust exports: the same methods, parameters and results.
// Rust takes the parameters of a method as one array. Those of the resources are made from their
// declarations, and have none in what wasm-bindgen generates.

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

/** The signatures that Rust names; those of the resources are as they are promised. */
type Exported<Groups, Declared> = {
  -readonly [Group in keyof Groups]: {
    -readonly [Method in keyof Groups[Group]]: Groups[Group][Method] extends () => infer Result
      ? Signature<[], Result>
      : Groups[Group][Method] extends (parameters: infer Parameters) => infer Result
        ? unknown[] extends Parameters
          ? Group extends keyof Declared
            ? Method extends keyof Declared[Group]
              ? Declared[Group][Method]
              : never
            : never
          : Signature<Parameters, Result>
        : never;
  };
};

type Same<One, Other> =
  (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? true : false;

type Types = Promised<typeof AgentAPI>;

export const same: Same<Types, Exported<typeof Generated, Types>> = true;
