//! `AgentAPI.Account`

use super::{arguments, call, client, settle};
use crate::wire::account::DOMAIN_INFO;
use wasm_bindgen::prelude::*;

/// Reads what the broker says of its domain.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Account"], js_name = "DomainInfo", unchecked_return_type = "DomainInfo")]
pub async fn domain_info(
    #[wasm_bindgen(js_name = "Options", unchecked_optional_param_type = "CallOptions | null")]
    options: JsValue,
) -> Result<JsValue, JsValue> {
    call(&DOMAIN_INFO, [], options).await
}

/// Opens a session.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Account"], js_name = "Login", unchecked_return_type = "Token")]
pub async fn login(
    #[wasm_bindgen(js_name = "UserName", unchecked_param_type = "string")] user_name: JsValue,
    #[wasm_bindgen(js_name = "Password", unchecked_param_type = "string")] password: JsValue,
    #[wasm_bindgen(js_name = "Seconds", unchecked_param_type = "number")] seconds: JsValue,
    #[wasm_bindgen(js_name = "Options", unchecked_optional_param_type = "CallOptions | null")]
    options: JsValue,
) -> Result<JsValue, JsValue> {
    let outcome = async {
        let user_name = arguments::value("UserName", &user_name)?;
        let password = arguments::value("Password", &password)?;
        let seconds = arguments::value("Seconds", &seconds)?;
        client().login(user_name, password, seconds, arguments::options(&options)?).await
    };
    settle("Account.Login", outcome.await)
}

/// Prolongs the session.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Account"], js_name = "Refresh", unchecked_return_type = "Token")]
pub async fn refresh(
    #[wasm_bindgen(js_name = "Seconds", unchecked_param_type = "number")] seconds: JsValue,
    #[wasm_bindgen(js_name = "Options", unchecked_optional_param_type = "CallOptions | null")]
    options: JsValue,
) -> Result<JsValue, JsValue> {
    let outcome = async {
        let seconds = arguments::value("Seconds", &seconds)?;
        client().refresh(seconds, arguments::options(&options)?).await
    };
    settle("Account.Refresh", outcome.await)
}

/// Ends the session.
#[wasm_bindgen(js_namespace = ["AgentAPI", "Account"], js_name = "Logout", unchecked_return_type = "Record<string, never>")]
pub async fn logout(
    #[wasm_bindgen(js_name = "Options", unchecked_optional_param_type = "CallOptions | null")]
    options: JsValue,
) -> Result<JsValue, JsValue> {
    let outcome = async { client().logout(arguments::options(&options)?).await };
    settle("Account.Logout", outcome.await)
}
