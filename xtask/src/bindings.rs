//! The JavaScript that wasm-bindgen generates.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use wasm_bindgen_cli_support::{Bindgen, Output};

use crate::{Outcome, panics, progress};

/// Writes the bindings of a module into a directory: `agentapi.js`, its types in `agentapi.d.ts`, the
/// module that they belong to in `agentapi_bg.wasm`, and `short-names.json`.
pub fn generate(module: &Path, directory: &Path) -> Outcome<()> {
    // The names of the functions go later: the report on sizes needs them.
    let mut output = output_for(module, "agentapi")?;
    panics::silence(output.wasm_mut());
    let short_names = shorten_names(&mut output)?;
    output.emit(directory).map_err(|error| format!("wasm-bindgen: {error:#}"))?;
    fs::write(directory.join("short-names.json"), short_names)?;
    Ok(())
}

/// Writes the bindings of the test broker's module into a directory: `testing.js`, and the module in
/// `testing_bg.wasm`. What they weigh is of no matter to a page, so all stays as it is, messages too: unlike
/// the library, the broker formats texts.
pub fn generate_for_tests(module: &Path, directory: &Path) -> Outcome<()> {
    let mut output = output_for(module, "testing")?;
    output.emit(directory).map_err(|error| format!("wasm-bindgen: {error:#}").into())
}

fn output_for(module: &Path, name: &str) -> Outcome<Output> {
    progress("generating the bindings");
    Bindgen::new()
        .input_path(module)
        .out_name(name)
        .web(true)
        // Bundlers take `new URL("….wasm", import.meta.url)` for a file to ship.
        .map(|bindgen| bindgen.omit_default_module_path(true))
        // The hand-written types are compared with the generated ones.
        .map(|bindgen| bindgen.typescript(true))
        .map(|bindgen| bindgen.remove_producers_section(true))
        .and_then(Bindgen::generate_output)
        .map_err(|error| format!("wasm-bindgen: {error:#}").into())
}

/// Shortens the names by which module and bindings know each other, and returns them as a JSON object
/// for `xtask/bindings.mjs`, which changes the bindings to match. They are long and end in a hash,
/// which does not compress: 1.7 KB of the package, after brotli.
fn shorten_names(output: &mut Output) -> Outcome<String> {
    let module = output.wasm_mut();
    let imports = module.imports.iter_mut().map(|import| &mut import.name);
    // The generated code says `memory` elsewhere too.
    let exports = module.exports.iter_mut().map(|export| &mut export.name);
    let names = imports.chain(exports.filter(|name| name.as_str() != "memory"));
    let mut json = String::new();
    for (index, name) in names.enumerate() {
        let separator = if index == 0 { "" } else { "," };
        let short = format!("_{index}");
        write!(json, "{separator}\n  {name:?}: {short:?}")?;
        *name = short;
    }
    Ok(format!("{{{json}\n}}\n"))
}
