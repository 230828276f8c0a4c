// The types that are written by hand promise what Rust exports: the same methods, parameters and results.
// Rust takes the parameters of a method as one array. Those of the resources are made from their
// declarations, and have none in what wasm-bindgen generates: `tests/package/types.test.mjs` counts them.

import type { AgentAPI } from "neuron-agent-api";
import type { AgentAPI as Generated } from "../../pkg/generated.js";

type Signature<Parameters, Result> = [parameters: Parameters, result: Result];

/** The methods of each group whose parameters Rust names, with their signatures. */
type Exported<Groups> = {
  -readonly [Group in keyof Groups]: {
    -readonly [Method in keyof Groups[Group] as Groups[Group][Method] extends () => unknown
      ? Method
      : Groups[Group][Method] extends (parameters: infer Parameters) => unknown
        ? unknown[] extends Parameters
          ? never
          : Method
        : never]: Groups[Group][Method] extends () => infer Result
      ? Signature<[], Result>
      : Groups[Group][Method] extends (parameters: infer Parameters) => infer Result
        ? Signature<Parameters, Result>
        : never;
  };
};

/** The same methods, as they are promised. */
type Promised<Groups, Named> = {
  -readonly [Group in keyof Groups]: {
    -readonly [Method in keyof Groups[Group] as Group extends keyof Named
      ? Extract<Method, keyof Named[Group]>
      : never]: Groups[Group][Method] extends (...parameters: infer Parameters) => infer Result
      ? Signature<Parameters, Result>
      : never;
  };
};

/** The names of all methods. */
type Names<Groups> = { -readonly [Group in keyof Groups]: keyof Groups[Group] };

type Same<One, Other> =
  (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? true : false;

type Rust = Exported<typeof Generated>;

export const sameNames: Same<Names<typeof AgentAPI>, Names<typeof Generated>> = true;
export const sameSignatures: Same<Promised<typeof AgentAPI, Rust>, Rust> = true;
