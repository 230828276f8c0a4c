/** What workerd gives for an imported `.wasm` file: the module, already compiled. */
declare const module: WebAssembly.Module;
export default module;
