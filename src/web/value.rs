//! Values across the border of the module.

use crate::wire::Value;
use js_sys::{Array, Object};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::{JsCast, JsValue};

/// Deeper than any answer of the broker, and far from the end of the stack.
const DEEPEST: usize = 200;

/// A value as plain JavaScript.
pub(super) fn to_js(value: &Value) -> JsValue {
    // Values have string keys and finite numbers, which always find a form.
    value.serialize(&Serializer::json_compatible()).unwrap_or_default()
}

/// What `JSON.parse` gave, unless it is nested too deeply.
///
/// By hand, because deserialising through serde would bring in the formatting of floating-point
/// numbers for messages that nobody reads (`docs/decisions.md`).
pub(super) fn from_json(parsed: &JsValue) -> Option<Value> {
    read(parsed, DEEPEST)
}

fn read(parsed: &JsValue, depth_left: usize) -> Option<Value> {
    if let Some(value) = parsed.as_bool() {
        return Some(Value::Boolean(value));
    }
    if let Some(number) = parsed.as_f64() {
        return Some(Value::Number(number));
    }
    if let Some(text) = parsed.as_string() {
        return Some(Value::String(text));
    }
    if !parsed.is_object() {
        return Some(Value::Null);
    }
    let depth_left = depth_left.checked_sub(1)?;
    if Array::is_array(parsed) {
        let items = parsed.unchecked_ref::<Array>().iter();
        return items.map(|item| read(&item, depth_left)).collect::<Option<_>>().map(Value::Array);
    }
    let entries = Object::entries(parsed.unchecked_ref());
    let properties = entries.iter().map(|entry| {
        let entry: Array = entry.unchecked_into();
        Some((entry.get(0).as_string()?, read(&entry.get(1), depth_left)?))
    });
    // Written back, that property would be an object's prototype.
    let harmless = |property: &Option<(String, Value)>| {
        property.as_ref().is_none_or(|(name, _)| name != "__proto__")
    };
    properties.filter(harmless).collect::<Option<_>>().map(Value::Object)
}
