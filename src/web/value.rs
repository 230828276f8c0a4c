//! Values across the border of the module.

use crate::wire::Value;
use js_sys::{Array, Object};
use wasm_bindgen::prelude::*;

/// Deeper than any answer of the broker, and far from the end of the stack.
const DEEPEST: usize = 200;

#[wasm_bindgen]
extern "C" {
    // Those of js-sys take the name as a value, which has to be made of it first.
    #[wasm_bindgen(catch, js_namespace = Reflect, js_name = "get")]
    fn reflect_get(object: &JsValue, name: &str) -> Result<JsValue, JsValue>;
    /// Sets a property of an object that nobody else has changed, which does not fail.
    #[wasm_bindgen(js_namespace = Reflect)]
    pub(super) fn set(object: &JsValue, name: &str, value: &JsValue);
}

/// A property; `undefined` where there is none, or a getter throws.
pub(super) fn get(object: &JsValue, name: &str) -> JsValue {
    reflect_get(object, name).unwrap_or_default()
}

/// A value as plain JavaScript.
pub(super) fn to_js(value: &Value) -> JsValue {
    match value {
        Value::Null => JsValue::NULL,
        Value::Boolean(value) => (*value).into(),
        Value::Number(number) => (*number).into(),
        Value::String(text) => text.into(),
        Value::Array(items) => {
            let array = Array::new();
            for item in items {
                array.push(&to_js(item));
            }
            array.into()
        }
        Value::Object(properties) => {
            let object = Object::new();
            for (name, value) in properties {
                set(&object, name, &to_js(value));
            }
            object.into()
        }
    }
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
        let mut items = Vec::new();
        for item in parsed.unchecked_ref::<Array>().iter() {
            items.push(read(&item, depth_left)?);
        }
        return Some(Value::Array(items));
    }
    let entries = Object::entries(parsed.unchecked_ref());
    let mut properties = Vec::new();
    for entry in entries.iter() {
        let entry: Array = entry.unchecked_into();
        let (name, value) = (entry.get(0).as_string()?, read(&entry.get(1), depth_left)?);
        // Written back, that property would be an object's prototype.
        if name != "__proto__" {
            properties.push((name, value));
        }
    }
    Some(Value::Object(properties))
}
