//! A way to break the module on purpose, for tests of what follows. Not in the package.

use super::task;
use js_sys::Array;
use wasm_bindgen::prelude::*;

/// Traps: at once, or in a task of its own.
#[wasm_bindgen(js_namespace = ["AgentAPI", "IO"], js_name = "Trap", unchecked_return_type = "(void)")]
pub fn trap(
    #[wasm_bindgen(unchecked_param_type = "[Later: boolean]")] arguments: Array,
) -> Result<JsValue, JsValue> {
    if !arguments.get(0).is_truthy() {
        core::arch::wasm32::unreachable();
    }
    task::spawn(Box::pin(async { core::arch::wasm32::unreachable() }));
    Ok(JsValue::UNDEFINED)
}
