import type { EncodedModule } from "../loader/decode.js";

/** The test broker's module as text; `embedded.js` is made by `cargo xtask build`. */
export const embedded: EncodedModule;
