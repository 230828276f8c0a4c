//! Values across the border of the module.

use crate::wire::Value;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// A number as JavaScript prints it.
    #[wasm_bindgen(js_name = "String")]
    pub(super) fn number_text(number: f64) -> String;
}

#[wasm_bindgen(raw_module = "./value.js")]
extern "C" {
    /// What JSON says, or nothing. No import that gives a value may throw often: the bindings forget
    /// the place that they had made for the value.
    #[wasm_bindgen(js_name = "parseJson")]
    fn parse_json(text: &str) -> JsValue;
}

/// Reads a number or a text in the syntax of JSON.
pub(super) fn read_scalar(text: &str) -> Option<Value> {
    let scalar = parse_json(text);
    let text = scalar.as_string().map(Value::String);
    text.or_else(|| scalar.as_f64().map(Value::Number))
}
