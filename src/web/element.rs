//! XML elements as the broker shows them in JSON.

use super::io::in_host;
use js_sys::Array;
use wasm_bindgen::prelude::*;

/// The child elements of a name, as an array: JSON shows one as an object and several as an array.
#[wasm_bindgen(js_namespace = ["AgentAPI", "IO"], js_name = "Children", unchecked_return_type = "XmlElement[]")]
pub fn children(
    #[wasm_bindgen(unchecked_param_type = "[Element: Maybe<XmlElement>, LocalName: string]")]
    arguments: Array,
) -> Result<JsValue, JsValue> {
    in_host("children", &arguments)
}
