//! Values across the border of the module.

use crate::wire::Value;
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    // Those of js-sys take the name as a value, which has to be made of it first.
    #[wasm_bindgen(catch, js_namespace = Reflect, js_name = "get")]
    fn reflect_get(object: &JsValue, name: &str) -> Result<JsValue, JsValue>;
    /// Sets a property of an object that nobody else has changed, which does not fail.
    #[wasm_bindgen(js_namespace = Reflect)]
    pub(super) fn set(object: &JsValue, name: &str, value: &JsValue);
    #[wasm_bindgen(catch, js_namespace = JSON, js_name = "parse")]
    pub(super) fn parse_json(text: &str) -> Result<JsValue, JsValue>;
}

/// A property; `undefined` where there is none, or a getter throws.
pub(super) fn get(object: &JsValue, name: &str) -> JsValue {
    reflect_get(object, name).unwrap_or_default()
}

/// A value as plain JavaScript.
pub(super) fn to_js(value: &Value) -> JsValue {
    // Values have string keys and numbers, which always find a form.
    value.serialize(&Serializer::json_compatible()).unwrap_or_default()
}
