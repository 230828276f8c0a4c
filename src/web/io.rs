//! `AgentAPI.IO`: which broker, and on what terms.

use super::{arguments, client, error};
use crate::client::Origin;
use crate::error::Error;
use crate::text;
use crate::wire::Value;
use wasm_bindgen::prelude::*;

/// Chooses the broker.
#[wasm_bindgen(js_namespace = ["AgentAPI", "IO"], js_name = "SetHost")]
pub fn set_host(
    #[wasm_bindgen(js_name = "Host", unchecked_optional_param_type = "string | null")]
    host: JsValue,
    #[wasm_bindgen(js_name = "Secure", unchecked_optional_param_type = "boolean | null")]
    secure: JsValue,
) -> Result<(), JsValue> {
    let set = || {
        let secure = boolean("Secure", &secure, true)?;
        let origin = match arguments::value("Host", &host)? {
            Value::Null => None,
            Value::String(host) if host.is_empty() => None,
            Value::String(host) => Some(Origin::new(&host, secure)?),
            other => {
                let rule = text::concat(&["must be a string, not ", other.type_name(), "."]);
                return Err(Error::invalid("Host", rule));
            }
        };
        client().set_origin(origin.as_ref());
        Ok(())
    };
    set().map_err(|failure| error::to_js("IO.SetHost", failure))
}

/// The broker's host name, with its port where that is not the protocol's own.
#[wasm_bindgen(js_namespace = ["AgentAPI", "IO"], js_name = "GetHost")]
pub fn get_host() -> Result<String, JsValue> {
    let origin = client().origin();
    origin.map(|origin| origin.host().into()).map_err(|failure| error::to_js("IO.GetHost", failure))
}

/// Protocol and host, as `https://neuron.example.org`.
#[wasm_bindgen(js_namespace = ["AgentAPI", "IO"], js_name = "GetBaseURL")]
pub fn get_base_url() -> Result<String, JsValue> {
    let origin = client().origin();
    origin.map(|origin| origin.base_url()).map_err(|failure| error::to_js("IO.GetBaseURL", failure))
}

/// Allows plain `http` beyond this machine.
#[wasm_bindgen(js_namespace = ["AgentAPI", "IO"], js_name = "AllowInsecure")]
pub fn allow_insecure(
    #[wasm_bindgen(js_name = "Allowed", unchecked_param_type = "boolean")] allowed: JsValue,
) -> Result<(), JsValue> {
    let allow = || {
        if allowed.is_undefined() || allowed.is_null() {
            return Err(Error::invalid("Allowed", "is missing. Write true or false."));
        }
        client().allow_insecure(boolean("Allowed", &allowed, false)?);
        Ok(())
    };
    allow().map_err(|failure| error::to_js("IO.AllowInsecure", failure))
}

fn boolean(parameter: &str, argument: &JsValue, default: bool) -> Result<bool, Error> {
    match arguments::value(parameter, argument)? {
        Value::Null => Ok(default),
        Value::Boolean(value) => Ok(value),
        other => {
            let rule = text::concat(&["must be true or false, not ", other.type_name(), "."]);
            Err(Error::invalid(parameter, rule))
        }
    }
}
