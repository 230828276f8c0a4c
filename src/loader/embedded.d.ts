/** A WebAssembly module as text. */
export interface EmbeddedModule {
  /** The module that unpacks it (`unpack/src/lib.rs`), in hexadecimal digits. */
  unpacker: string;
  /**
   * ASCII without quotes, backslashes, backticks, `$`, `<` or line breaks, so that no bundler, character set or
   * surrounding page can change it.
   */
  text: string;
  /** How many bytes the characters of the text are. */
  packedLength: number;
  /** How many bytes the module has. */
  length: number;
}

/** The library's module; `embedded.js` is made by `cargo xtask build`. */
export const embedded: EmbeddedModule;
