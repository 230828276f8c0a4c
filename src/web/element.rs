//! XML elements as the broker shows them in JSON.

use super::arguments;
use super::error::to_js;
use js_sys::{Array, Reflect};
use wasm_bindgen::prelude::*;

/// The child elements of a name, as an array: JSON shows one as an object and several as an array.
#[wasm_bindgen(js_namespace = ["AgentAPI", "IO"], js_name = "Children", unchecked_return_type = "XmlElement[]")]
pub fn children(
    #[wasm_bindgen(js_name = "Element", unchecked_param_type = "XmlElement | null | undefined")]
    element: &JsValue,
    #[wasm_bindgen(js_name = "LocalName", unchecked_param_type = "string")] local_name: JsValue,
) -> Result<Array, JsValue> {
    let name = arguments::text("LocalName", &local_name);
    let name = name.map_err(|failure| to_js("IO.Children", failure))?;
    let found = Reflect::get(element, &name.into()).unwrap_or_default();
    let elements = if Array::is_array(&found) { found.into() } else { Array::of1(&found) };
    // An attribute of that name is a string.
    Ok(elements.filter(&mut |element, _, _| element.is_object()))
}
