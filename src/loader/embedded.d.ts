import type { EncodedModule } from "./decode.js";

/** The WebAssembly module as text; `embedded.js` is made by `cargo xtask build`. */
export const embedded: EncodedModule;
