//! The module that unpacks others. It has no bindings.

use std::path::Path;

use walrus::{ExportItem, Module};

use crate::{Outcome, panics};

/// Writes it without the messages of panics, and without the addresses that the linker exports.
pub fn write(compiled: &Path, file: &Path) -> Outcome<()> {
    let mut module = Module::from_file(compiled).map_err(|error| format!("{error:#}"))?;
    panics::silence(&mut module);
    let exports = module.exports.iter();
    let addresses: Vec<_> = exports
        .filter(|export| matches!(export.item, ExportItem::Global(_)))
        .map(walrus::Export::id)
        .collect();
    for address in addresses {
        module.exports.delete(address);
    }
    module.emit_wasm_file(file).map_err(|error| format!("{error:#}").into())
}
