//! The JavaScript that wasm-bindgen generates, laid beside the loader's hand-written files.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use wasm_bindgen_cli_support::{Bindgen, Output};

use crate::workspace::Workspace;
use crate::{Outcome, panics, progress};

/// Fills a fresh directory with the bindings (`agentapi.js`, `agentapi_bg.wasm`, `agentapi.d.ts`)
/// and the loader, which both import the error class as `./error.js`: it has to be one file.
pub fn generate(workspace: &Workspace, module: &Path) -> Outcome<PathBuf> {
    progress("generating the bindings");
    let stage = workspace.scratch().join("stage");
    if stage.exists() {
        fs::remove_dir_all(&stage)?;
    }
    let mut output = Bindgen::new()
        .input_path(module)
        .out_name("agentapi")
        .web(true)
        // Bundlers take `new URL("….wasm", import.meta.url)` for a file to ship.
        .map(|bindgen| bindgen.omit_default_module_path(true))
        // The generated types are what the hand-written ones are compared with.
        .map(|bindgen| bindgen.typescript(true))
        // The names of the functions go later: the report on sizes wants them.
        .map(|bindgen| bindgen.remove_producers_section(true))
        .and_then(Bindgen::generate_output)
        .map_err(|error| format!("wasm-bindgen: {error:#}"))?;
    panics::silence(output.wasm_mut());
    let short_names = shorten_names(&mut output)?;
    output.emit(&stage).map_err(|error| format!("wasm-bindgen: {error:#}"))?;
    fs::write(stage.join("short-names.json"), short_names)?;
    for entry in fs::read_dir(workspace.root().join("src/loader"))? {
        let entry = entry?;
        fs::copy(entry.path(), stage.join(entry.file_name()))?;
    }
    Ok(stage)
}

/// Shortens the names by which module and bindings know each other, and gives them as a JSON object
/// for the minifier, which changes the bindings to match. They are long and end in a hash, which
/// does not compress: 1.7 KB of the package, after brotli.
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
