//! XML elements as the broker shows them in JSON.

use super::arguments;
use super::error::to_js;
use super::value::get;
use js_sys::Array;
use wasm_bindgen::prelude::*;

/// The child elements of a name, as an array: JSON shows one as an object and several as an array.
#[wasm_bindgen(js_namespace = ["AgentAPI", "IO"], js_name = "Children", unchecked_return_type = "XmlElement[]")]
pub fn children(
    #[wasm_bindgen(unchecked_param_type = "[Element: Maybe<XmlElement>, LocalName: string]")]
    arguments: Array,
) -> Result<JsValue, JsValue> {
    let element = arguments.get(0);
    let local_name = arguments.get(1);
    let name = arguments::text("LocalName", &local_name);
    let name = name.map_err(|error| to_js("IO.Children", error.into()))?;
    let found = get(&element, &name);
    let elements = Array::new();
    let add = |element: &JsValue| {
        // An attribute of that name is a string.
        if element.is_object() {
            elements.push(element);
        }
    };
    match found.dyn_ref::<Array>() {
        Some(found) => found.iter().for_each(|element| add(&element)),
        None => add(&found),
    }
    Ok(elements.into())
}
