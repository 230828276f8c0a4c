//! The functions of `AgentAPI.Account` that are no resources.

use super::{arguments, io, promise};
use crate::client::ResponseBytesSlot;
use js_sys::{Array, Promise};
use wasm_bindgen::prelude::*;

/// Goes on with the session that is kept here.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Account"], js_name = "RestartActiveSession", unchecked_return_type = "Promise<boolean>")]
pub fn restart_active_session(
    #[wasm_bindgen(unchecked_param_type = "[Options?: Maybe<CallOptions>]")] arguments: Array,
) -> Promise {
    promise(&ResponseBytesSlot::default(), &|client, task| {
        Ok(client.restart_session(arguments::options(task, &arguments, 0)?))
    })
}

/// Has a function called when a session begins, goes on or ends.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Account"], js_name = "OnSessionChange", unchecked_return_type = "() => void")]
pub fn on_session_change(
    #[wasm_bindgen(unchecked_param_type = "[Listener: (event: SessionEvent) => void]")]
    arguments: Array,
) -> Result<JsValue, JsValue> {
    io::in_host("session", &arguments)
}

/// A text for use in XML.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Account"], js_name = "XmlEncode", unchecked_return_type = "string")]
pub fn xml_encode(
    #[wasm_bindgen(unchecked_param_type = "[Text: string]")] arguments: Array,
) -> Result<JsValue, JsValue> {
    io::xml_encode(arguments)
}
