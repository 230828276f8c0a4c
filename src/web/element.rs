//! XML elements as the broker shows them in JSON.

use super::arguments;
use super::error::to_js;
use js_sys::{Array, Reflect};
use wasm_bindgen::prelude::*;

/// The child elements of a name, as an array: JSON shows one as an object and several as an array.
#[wasm_bindgen(js_namespace = ["AgentAPI", "IO"], js_name = "Children", unchecked_return_type = "XmlElement[]")]
pub fn children(
    #[wasm_bindgen(unchecked_param_type = "[Element: Maybe<XmlElement>, LocalName: string]")]
    arguments: Array,
) -> Result<Array, JsValue> {
    let element = arguments.get(0);
    let local_name = arguments.get(1);
    let name = arguments::text("LocalName", &local_name);
    let name = name.map_err(|error| to_js("IO.Children", error.into()))?;
    let found = Reflect::get(&element, &name.into()).unwrap_or_default();
    let elements = if Array::is_array(&found) { found.into() } else { Array::of1(&found) };
    // An attribute of that name is a string.
    Ok(elements.filter(&mut |element, _, _| element.is_object()))
}
