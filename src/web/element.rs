//! XML elements as the broker shows them in JSON, and addresses.

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

/// The text of an element.
#[wasm_bindgen(js_namespace = ["AgentAPI", "IO"], js_name = "Text", unchecked_return_type = "string | undefined")]
pub fn text(
    #[wasm_bindgen(
        unchecked_param_type = "[From: Maybe<XmlElement | readonly XmlElement[]>, LocalName: string]"
    )]
    arguments: Array,
) -> Result<JsValue, JsValue> {
    in_host("text", &arguments)
}

/// The bare JID of an address.
#[wasm_bindgen(js_namespace = ["AgentAPI", "IO"], js_name = "BareJid", unchecked_return_type = "string")]
pub fn bare_jid(
    #[wasm_bindgen(unchecked_param_type = "[Jid: string]")] arguments: Array,
) -> Result<JsValue, JsValue> {
    in_host("bare", &arguments)
}
