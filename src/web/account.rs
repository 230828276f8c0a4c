//! `AgentAPI.Account`

use super::{arguments, call, client, promise};
use crate::wire::account::{DOMAIN_INFO, LOGIN, LOGOUT, REFRESH};
use js_sys::Promise;
use wasm_bindgen::prelude::*;

/// Reads what the broker says of its domain.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Account"], js_name = "DomainInfo", unchecked_return_type = "Promise<DomainInfo>")]
pub fn domain_info(
    #[wasm_bindgen(js_name = "Options", unchecked_optional_param_type = "CallOptions | null")]
    options: JsValue,
) -> Promise {
    call(&DOMAIN_INFO, [], options)
}

/// Opens a session.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Account"], js_name = "Login", unchecked_return_type = "Promise<Token>")]
pub fn login(
    #[wasm_bindgen(js_name = "UserName", unchecked_param_type = "string")] user_name: JsValue,
    #[wasm_bindgen(js_name = "Password", unchecked_param_type = "string")] password: JsValue,
    #[wasm_bindgen(js_name = "Seconds", unchecked_param_type = "number")] seconds: JsValue,
    #[wasm_bindgen(js_name = "Options", unchecked_optional_param_type = "CallOptions | null")]
    options: JsValue,
) -> Promise {
    promise(&LOGIN, async move {
        let values = arguments::values(&LOGIN, &[user_name, password, seconds])?;
        client().login(values, arguments::options(&options)?).await
    })
}

/// Prolongs the session.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Account"], js_name = "Refresh", unchecked_return_type = "Promise<Token>")]
pub fn refresh(
    #[wasm_bindgen(js_name = "Seconds", unchecked_param_type = "number")] seconds: JsValue,
    #[wasm_bindgen(js_name = "Options", unchecked_optional_param_type = "CallOptions | null")]
    options: JsValue,
) -> Promise {
    promise(&REFRESH, async move {
        let values = arguments::values(&REFRESH, &[seconds])?;
        client().refresh(values, arguments::options(&options)?).await
    })
}

/// Ends the session.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Account"], js_name = "Logout", unchecked_return_type = "Promise<Record<string, never>>")]
pub fn logout(
    #[wasm_bindgen(js_name = "Options", unchecked_optional_param_type = "CallOptions | null")]
    options: JsValue,
) -> Promise {
    promise(&LOGOUT, async move { client().logout(arguments::options(&options)?).await })
}
