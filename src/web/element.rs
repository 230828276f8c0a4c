//! XML elements as the broker shows them in JSON.

use super::io::answer;
use super::{arguments, value};
use js_sys::Array;
use wasm_bindgen::prelude::*;

/// The child elements of a name, as an array: JSON shows one as an object and several as an array.
#[wasm_bindgen(js_namespace = ["AgentAPI", "IO"], js_name = "Children", unchecked_return_type = "XmlElement[]")]
pub fn children(
    #[wasm_bindgen(unchecked_param_type = "[Element: Maybe<XmlElement>, LocalName: string]")]
    arguments: Array,
) -> Result<JsValue, JsValue> {
    answer("IO.Children", &|_| {
        let name = arguments::text("LocalName", &arguments.get(1))?;
        Ok(value::children(&arguments.get(0), &name))
    })
}
