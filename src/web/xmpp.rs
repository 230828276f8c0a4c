//! `AgentAPI.Xmpp`

use super::call;
use crate::wire::xmpp::{GET_ROSTER, SEND_PRESENCE_SUBSCRIPTION};
use js_sys::Promise;
use wasm_bindgen::prelude::*;

/// Asks a contact for permission to see its presence.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Xmpp"], js_name = "SendPresenceSubscription", unchecked_return_type = "Promise<PresenceSubscriptionResult>")]
pub fn send_presence_subscription(
    #[wasm_bindgen(js_name = "To", unchecked_param_type = "string")] to: JsValue,
    #[wasm_bindgen(js_name = "CustomXml", unchecked_optional_param_type = "string | null")]
    custom_xml: JsValue,
    #[wasm_bindgen(js_name = "Language", unchecked_optional_param_type = "string | null")]
    language: JsValue,
    #[wasm_bindgen(js_name = "Id", unchecked_optional_param_type = "string | null")] id: JsValue,
    #[wasm_bindgen(js_name = "Options", unchecked_optional_param_type = "CallOptions | null")]
    options: JsValue,
) -> Promise {
    call(&SEND_PRESENCE_SUBSCRIPTION, [to, custom_xml, language, id], options)
}

/// Reads the account's contacts.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Xmpp"], js_name = "GetRoster", unchecked_return_type = "Promise<Roster>")]
pub fn get_roster(
    #[wasm_bindgen(js_name = "Offset", unchecked_optional_param_type = "number | null")]
    offset: JsValue,
    #[wasm_bindgen(js_name = "MaxCount", unchecked_optional_param_type = "number | null")]
    max_count: JsValue,
    #[wasm_bindgen(js_name = "Options", unchecked_optional_param_type = "CallOptions | null")]
    options: JsValue,
) -> Promise {
    call(&GET_ROSTER, [offset, max_count], options)
}
