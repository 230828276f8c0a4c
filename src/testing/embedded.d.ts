import type { EmbeddedModule } from "../loader/embedded.js";

/** The test broker's module; `embedded.js` is made by `cargo xtask build`. */
export const embedded: EmbeddedModule;
